"""What one notice says, as it is kept beside it: from these facts alone its contract is made."""

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import date, datetime
from typing import Any, Final

#: The source of what platforms push: believed where nothing official is published, and only there.
PUSHED: Final = "depot"

#: The source of the essential data, whose awards may be matched with notices (`adopting`).
ESSENTIAL: Final = "decp"

AWARDING: Final = ("award", "modification")
AMOUNT_KINDS: Final = ("awarded", "estimated", "maximum", "minimum")  # in € HT

_NUMBER = re.compile(
    r"(?:lots?|par|tpa)?[\s_:.-]*(?:n\s?[°ºo.]\s*)?0*(\d{1,6})\s?([a-z]?)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Keys:
    """How a notice is known: `own` are its names, `cites` those of the notices that it follows,
    `folders` European identifiers of its procedure, `references` its buyer's references, `titles`
    its buyer with its title, for one that tells none of these."""

    own: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()

    def all(self) -> frozenset[str]:
        """Every key, whatever it is for."""
        return frozenset((*self.own, *self.cites, *self.folders, *self.references, *self.titles))


@dataclass(frozen=True, slots=True)
class LotFacts:
    """What a notice says of a lot: fields as in `models.Lot`; `numbered` is False when the reader
    had to give it a number; `amounts` are in € HT by kind, as published."""

    number: str
    title: str
    numbered: bool = True
    origin: str = "field"
    description: str | None = None
    cpv: str | None = None
    cpvs: tuple[str, ...] = ()
    nuts: str | None = None
    departement: str | None = None
    code_insee: str | None = None
    city: str | None = None
    place: str | None = None
    deadline: datetime | None = None
    amounts: Mapping[str, float] = field(default_factory=dict)
    outcome: str | None = None
    activities: tuple[Any, ...] = ()
    awards: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class MatchFacts:
    """The notice that an award of the essential data was matched with, and its lot."""

    official: str
    lot: str


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """What a notice says; fields as in `records.NoticeRecord`. `buyer` is the buyer's key,
    `findings` are rows of `models.Finding` without what ties them to a contract,
    `contradictions` sentences: where its codes and its texts disagree. `removed` are the lots that
    it takes away, each with why: "removed", or as an outcome.

    `matched` and `beside` are no words of the notice, and not kept with them (`adopting`)."""

    source: str
    source_key: str
    nature: str
    title: str
    published_on: date
    buyer: str
    keys: Keys = Keys()
    expires_on: date | None = None
    deadline: datetime | None = None
    procedure: str | None = None
    types: tuple[str, ...] = ()
    cpv: str | None = None
    departements: tuple[str, ...] = ()
    outcome: str | None = None
    url: str | None = None
    lots: tuple[LotFacts, ...] = ()
    findings: tuple[Mapping[str, Any], ...] = ()
    contradictions: tuple[str, ...] = ()
    removed: Mapping[str, str] = field(default_factory=dict)
    complete: bool = False
    matched: MatchFacts | None = None
    beside: bool = False

    @property
    def reference(self) -> str:
        """The notice's own reference, by which its contract is found: « boamp-21-12345 »."""
        return f"{self.source}-{self.source_key}"

    @property
    def official(self) -> bool:
        """Whether it is an official publication, and no consultation that a platform pushed."""
        return self.source != PUSHED

    @property
    def tells_results(self) -> bool:
        """Whether it says who won, or why nobody did: an award, or the correction of one."""
        return self.nature in AWARDING or any(lot.awards for lot in self.lots)

    @property
    def named_lots(self) -> tuple[LotFacts, ...]:
        """The lots that the notice names: none when it is one whole."""
        return tuple(lot for lot in self.lots if lot.origin != "notice")


def plain_number(text: str) -> str:
    """The normal form of a lot's number: « LOT-0001 », « Lot n° 1 », « 01 » → « 1 », « 3 a » →
    « 3A »; anything else as it is written."""
    match = _NUMBER.fullmatch(text.strip())
    return match[1] + match[2].upper() if match else " ".join(text.split())[:20]


def kept(facts: NoticeFacts) -> dict[str, Any]:
    """Facts as they are kept, in JSON: what a notice does not say is left out."""
    said = _said(facts)
    said["lots"] = [_said(lot) for lot in facts.lots]
    said["keys"] = _said(facts.keys)
    return said


def facts_from(data: Mapping[str, Any], match: Mapping[str, Any] | None = None) -> NoticeFacts:
    """Facts as they were kept, read back from JSON, with what the notice was matched with."""
    keys = {name: tuple(values) for name, values in data["keys"].items()}
    return NoticeFacts(
        **_read(data)
        | {
            "keys": Keys(**keys),
            "published_on": date.fromisoformat(data["published_on"]),
            "lots": tuple(LotFacts(**_read(lot)) for lot in data["lots"]),
            "matched": MatchFacts(match["with"], match["lot"]) if match else None,
        }
    )


def _said(part: NoticeFacts | LotFacts | Keys) -> dict[str, Any]:
    """The fields that say something else than their default."""
    return {
        name: value
        for name, default in _DEFAULTS[type(part)]
        if (value := getattr(part, name)) != default
    }


_DEFAULTS: Final[Mapping[type, tuple[tuple[str, Any], ...]]] = {
    kind: tuple(
        (f.name, f.default if f.default_factory is MISSING else f.default_factory())
        for f in fields(kind)
    )
    for kind in (NoticeFacts, LotFacts, Keys)
}


def _read(data: Mapping[str, Any]) -> dict[str, Any]:
    """Fields as JSON holds them, with their dates, and lists that do not change."""
    return {
        name: _READ[name](value) if name in _READ else _frozen(value)
        for name, value in data.items()
    }


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


_READ: Final[Mapping[str, Callable[[str], Any]]] = {
    "expires_on": date.fromisoformat,
    "deadline": datetime.fromisoformat,
}
