"""The text of a document as we show it, with the way back to its pages."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["pdf", "docx", "odt", "rtf", "html", "txt"]
Unit = Literal["page", "paragraphe", "ligne"]


@dataclass(frozen=True, slots=True)
class DocumentText:
    """`text` begins its unit n (from 1) at `starts[n - 1]`; offsets of findings refer to it.

    `exact` is False for pages as a word processor last laid them out; `blind` are the pages that
    hold no text, only images.
    """

    kind: Kind
    text: str
    unit: Unit
    starts: tuple[int, ...]
    exact: bool = True
    blind: tuple[int, ...] = ()

    def unit_at(self, offset: int) -> int:
        """The number, from 1, of the page, paragraph or line that holds an offset."""
        return max(1, bisect_right(self.starts, offset))

    def where(self, offset: int) -> str:
        """« page 12 », « vers la page 12 », « paragraphe 40 »."""
        number = self.unit_at(offset)
        return f"{self.unit} {number}" if self.exact else f"vers la {self.unit} {number}"


def of_parts(
    kind: Kind,
    unit: Unit,
    parts: Iterable[str],
    *,
    exact: bool = True,
    blind: Sequence[int] = (),
    between: str = "\n",
) -> DocumentText:
    """The parts put end to end, each a unit."""
    pieces: list[str] = []
    starts: list[int] = []
    length = 0
    for part in parts:
        if pieces:
            pieces.append(between)
            length += len(between)
        starts.append(length)
        pieces.append(part)
        length += len(part)
    return DocumentText(kind, "".join(pieces), unit, tuple(starts) or (0,), exact, tuple(blind))
