"""The texts of notices with the evidence of their clauses marked, piece by piece."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from annuaire.contracts.models import Contract, Notice
from annuaire.contracts.presenting import anchor, field_label


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text; `anchors` name the clauses whose evidence begins here, `marked` says
    that the piece is evidence."""

    text: str
    marked: bool = False
    anchors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MarkedText:
    """A text of a notice under its name, whole, in pieces."""

    label: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class NoticeTexts:
    """The texts of one notice."""

    published: date
    nature: str
    texts: tuple[MarkedText, ...]


Span = tuple[int, int, str]  # start, end, anchor


def marked_notices(contract: Contract, natures: dict[str, str]) -> list[NoticeTexts]:
    """The notices that have texts, the newest first; `natures` gives the words of each. A text that
    several repeat is shown once, in the newest, and again where a clause stands in it."""
    found: list[NoticeTexts] = []
    shown: set[MarkedText] = set()
    for notice in reversed(contract.notices):
        texts = list(_texts(contract, notice))
        fresh = tuple(text for text in texts if text not in shown or _is_proof(text))
        shown.update(texts)
        if fresh:
            nature = natures.get(notice.nature, notice.nature)
            found.append(NoticeTexts(notice.published_on, nature, fresh))
    return found


def _is_proof(text: MarkedText) -> bool:
    return any(piece.marked for piece in text.pieces)


def _texts(contract: Contract, notice: Notice) -> Iterable[MarkedText]:
    spans: dict[int, list[Span]] = {}
    for rank, finding in enumerate(contract.findings, 1):
        if finding.notice_id != notice.id or finding.text_index is None:
            continue
        if finding.start is not None and finding.end is not None:
            span = (finding.start, finding.end, anchor(rank))
            spans.setdefault(finding.text_index, []).append(span)
    for index, (name, text, lot) in enumerate(notice.texts):
        label = field_label(name)
        label = f"{label[:1].upper()}{label[1:]}"
        shown = f"{label} (lot {lot})" if lot else label
        yield MarkedText(shown, tuple(pieces(text, spans.get(index, ()))))


def pieces(text: str, spans: Sequence[Span]) -> list[Piece]:
    """`text` cut where evidence begins and ends; together the pieces are the text. Spans may
    overlap: where one begins within another, a piece of its own begins, so that each is reached.
    """
    inside = [(max(0, s), min(e, len(text)), name) for s, e, name in sorted(spans)]
    inside = [span for span in inside if span[0] < span[1]]
    cuts = sorted({0, len(text), *(cut for s, e, _ in inside for cut in (s, e))})
    found: list[Piece] = []
    for start, end in pairwise(cuts):
        marked = any(s <= start and end <= e for s, e, _ in inside)
        names = tuple(name for s, _, name in inside if s == start)
        if found and found[-1].marked == marked and not names:
            found[-1] = Piece(found[-1].text + text[start:end], marked, found[-1].anchors)
        else:
            found.append(Piece(text[start:end], marked, names))
    return found
