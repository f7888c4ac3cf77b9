"""A text document that leaves the site: headings, paragraphs, lists and tables, for a page, a Word
file and an OpenDocument file alike."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

NO_ADVICE: Final = (
    "Ce document n'est pas un conseil juridique : le juriste de l'acheteur décide, textes en "
    "vigueur à l'appui."
)


@dataclass(frozen=True, slots=True)
class Heading:
    """`level` is 1 for a part, 2 for what is under it."""

    text: str
    level: Literal[1, 2] = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`caution` is what the reader must check or adapt."""

    text: str
    caution: bool = False


@dataclass(frozen=True, slots=True)
class Bullets:
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: `title` names it for those who do not see it; each row has a cell a column."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Block = Heading | Paragraph | Bullets | Grid


@dataclass(frozen=True, slots=True)
class Paper:
    """A document: `stem` begins the names of its files."""

    title: str
    stem: str
    made_at: datetime
    blocks: tuple[Block, ...]
