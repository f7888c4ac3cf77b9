"""What is read for clauses and what is found in it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from annuaire.clauses.lot_numbers import sort_key

SOCIAL_TYPES = (
    "execution_insertion",
    "execution_social_other",
    "reserved_siae",
    "reserved_handicap",
    "reserved_unspecified",
    "reserved_ess",
    "award_criterion",
    "insertion_object",
)
ENVIRONMENT = "environment"
EXECUTION_TYPES = ("execution_insertion", "execution_social_other")
COUNTED_TYPES = (*EXECUTION_TYPES, "insertion_object")  # those that may say hours of work


class Text(Protocol):
    """A free text of a notice; `lot_number` is the lot that it speaks of, if only one."""

    @property
    def field(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def lot_number(self) -> str | None: ...


class Code(Protocol):
    """A coded value of a notice, under the source's own field name."""

    @property
    def field(self) -> str: ...
    @property
    def value(self) -> str: ...
    @property
    def lot_number(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class PlainText:
    """The simplest `Text`, for a text that comes from no notice."""

    field: str
    text: str
    lot_number: str | None = None


@dataclass(frozen=True, slots=True)
class PlainCode:
    """The simplest `Code`."""

    field: str
    value: str
    lot_number: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One clause found in one text or code.

    `evidence` is the sentence itself: `text[start:end] == evidence`, and the decisive words are
    `text[mark_start:mark_end]`, within it. For a code, evidence is the value and offsets are 0.
    `lots` are numbers without leading zeros, empty for all lots or when none is named.
    `hours` of work, `share` of the hours (0 to 1) and `weight` of a criterion (as written:
    points or %) are None when unsaid. `article` is today's, `article_cited` what the text says.
    `optional` marks a clause that invites without binding; `confidence` is in [0, 1]; `rule`
    is the identifier in the data files of this room.
    """

    type: str
    source: Literal["text", "code"]
    field: str
    evidence: str
    start: int
    end: int
    mark_start: int
    mark_end: int
    lots: tuple[str, ...] = ()
    hours: float | None = None
    share: float | None = None
    weight: float | None = None
    article: str | None = None
    article_cited: str | None = None
    confidence: float = 1.0
    rule: str = ""
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Negation:
    """A text that says there is no such clause: what was denied, and the words that deny it."""

    type: str
    field: str
    evidence: str
    start: int
    end: int
    mark_start: int
    mark_end: int
    rule: str


def is_social(findings: Iterable[Finding]) -> bool:
    """Whether any finding is a social clause, criterion, reservation or object."""
    return any(finding.type in SOCIAL_TYPES for finding in findings)


def is_environmental(findings: Iterable[Finding]) -> bool:
    """Whether any finding is an environmental condition."""
    return any(finding.type == ENVIRONMENT for finding in findings)


class SaysHours(Protocol):
    """What a total of hours reads of a finding, kept or not."""

    @property
    def type(self) -> str: ...
    @property
    def hours(self) -> float | None: ...
    @property
    def lots(self) -> Sequence[str]: ...


def total_hours(findings: Iterable[SaysHours]) -> float | None:
    """Hours over all lots and tranches, or None when none is stated.

    What two texts of a notice say of the same lots counts once; a figure for the whole
    contract is not added to those of its lots.
    """
    by_lots: dict[tuple[str, ...], float] = {}
    for finding in findings:
        if finding.hours is not None and finding.type in COUNTED_TYPES:
            lots = tuple(finding.lots)
            by_lots[lots] = max(finding.hours, by_lots.get(lots, 0.0))
    if not by_lots:
        return None
    whole = by_lots.pop((), 0.0)
    return max(whole, sum(by_lots.values()))


def all_lots(findings: Iterable[Finding]) -> tuple[str, ...]:
    """Every lot that a social finding names, in order."""
    named = {lot for f in findings if f.type in SOCIAL_TYPES for lot in f.lots}
    return tuple(sorted(named, key=sort_key))
