"""What a reader may say of a row: take it, skip it, refuse it; and what it noticed on the way."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from annuaire.errors import AnnuaireError
from annuaire.structures.records import StructureRecord

RawT = TypeVar("RawT")
RecordT = TypeVar("RecordT")
RecordT_co = TypeVar("RecordT_co", covariant=True)


class SkipRow(Exception):  # noqa: N818 - said of a row that is right, and not ours
    """The row is fine and is none of ours (another category, a cancelled notice)."""


class InvalidRow(AnnuaireError):  # noqa: N818
    """The row cannot be used: `field` names the column, `code` the kind of defect."""

    def __init__(self, field: str, code: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.code = code


class UnreadableFile(AnnuaireError):  # noqa: N818
    """The file is not what it claims to be; nothing of it is used from there on."""


@dataclass(frozen=True, slots=True)
class Warned:
    """Something odd in a row that is kept all the same."""

    field: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Row(Generic[RecordT_co]):
    """One row read: a record with its warnings, or the refusal, or neither when it was skipped.

    `number` is the row's line in the file (header included, from 1), as a spreadsheet shows it.
    """

    number: int
    record: RecordT_co | None = None
    warnings: tuple[Warned, ...] = ()
    refusal: InvalidRow | None = None


def transformed(
    rows: Iterable[Row[RawT]], transform: Callable[[RawT, list[Warned]], RecordT]
) -> Iterator[Row[RecordT]]:
    """Rows as records of ours, one for one: `transform` adds what it notices to the warnings, and
    raises InvalidRow for what it refuses; what was refused before it stays so."""
    for row in rows:
        if row.record is None:
            yield Row(row.number, warnings=row.warnings, refusal=row.refusal)
            continue
        warnings = list(row.warnings)
        try:
            record = transform(row.record, warnings)
        except InvalidRow as refusal:
            yield Row(row.number, warnings=tuple(warnings), refusal=refusal)
        else:
            yield Row(row.number, record, tuple(warnings))


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service says of a structure that it was asked about by `number`; no record when it
    does not know it."""

    number: str
    record: StructureRecord | None


@dataclass(frozen=True, slots=True)
class Source:
    """The description of a source, shown on its page and checked by its runs.

    A file of fewer than `minimum_rows`, or that lacks more than the share `may_lose` of what the
    source lists, is held: nothing ends by it until a person accepts it.
    """

    name: str
    title: str
    publisher: str
    licence: str
    address: str
    frequency: str
    formats: tuple[str, ...]
    minimum_rows: int
    may_lose: float = 0.2
