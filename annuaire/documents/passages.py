"""The text of a document with its evidence marked: whole, or by extracts when it is long."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from annuaire.documents.marking import Span, marked
from annuaire.documents.text import DocumentText

WHOLE: Final = 30_000  # characters up to which the whole text is shown
AROUND: Final = 400  # characters shown before and after a sentence of a longer one
NEAR: Final = 200  # extracts closer than that are one
MOST: Final = 200  # extracts on a page


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of the text: where it stands, escaped text with `<mark>`, whether it is cut."""

    start: int
    end: int
    where: str
    html: str
    cut_before: bool
    cut_after: bool


def is_whole(document: DocumentText) -> bool:
    """Whether the text is short enough to be shown whole."""
    return len(document.text) <= WHOLE


def passages(document: DocumentText, evidence: Iterable[Span]) -> list[Passage]:
    """The parts to show, in order: all pages of a short document, else extracts."""
    spans = sorted(evidence)
    parts = _units(document) if is_whole(document) else _extracts(document.text, spans)[:MOST]
    return [_passage(document, part, spans) for part in parts]


def passage_of(found: Sequence[Passage], offset: int) -> int | None:
    """The rank, from 1, of the passage that shows an offset; None when none does."""
    rank = bisect_right([passage.start for passage in found], offset)
    return rank if rank and offset < found[rank - 1].end else None


def _passage(document: DocumentText, part: Span, spans: Sequence[Span]) -> Passage:
    start, end = part
    own = [(max(a, start) - start, min(b, end) - start) for a, b in spans if a < end and b > start]
    return Passage(
        start=start,
        end=end,
        where=document.where(start),
        html=marked(document.text[start:end], own),
        cut_before=start > 0 and document.text[start - 1] != "\n",
        cut_after=end < len(document.text) and document.text[end] != "\n",
    )


def _units(document: DocumentText) -> list[Span]:
    """The pages that hold text; what has no pages is one part."""
    starts = document.starts if document.unit == "page" else (0,)
    ends = (*starts[1:], len(document.text))
    pairs = list(zip(starts, ends, strict=True))
    return [(a, b) for a, b in pairs if document.text[a:b].strip()]


def _extracts(text: str, spans: Sequence[Span]) -> list[Span]:
    joined: list[Span] = []
    for start, end in spans:
        around = _at_spaces(text, max(0, start - AROUND), min(len(text), end + AROUND), start, end)
        if joined and around[0] <= joined[-1][1] + NEAR:
            joined[-1] = (joined[-1][0], max(joined[-1][1], around[1]))
        else:
            joined.append(around)
    return joined


def _at_spaces(text: str, start: int, end: int, first: int, last: int) -> Span:
    """The extract without the words that its ends would cut."""
    if start > 0:
        space = text.find(" ", start, first)
        start = space + 1 if space >= 0 else first
    if end < len(text):
        space = text.rfind(" ", last, end)
        end = space if space >= 0 else last
    return start, end
