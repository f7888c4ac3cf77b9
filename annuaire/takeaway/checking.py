"""« Ce fournisseur est-il inclusif ? » for one number or thousands, from the database alone."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Row
from sqlalchemy.orm import Session

from annuaire.runs import last_done
from annuaire.structures.kinds import ESS as ESS_FAMILY
from annuaire.structures.kinds import FAMILIES, KINDS, kind_label
from annuaire.structures.queries import formerly_of_companies, of_companies, statuses_of
from annuaire.takeaway.lists import Asked
from annuaire.takeaway.verdicts import COMPANY, ENDED, ESUS, INCLUSIVE, INVALID, UNKNOWN
from annuaire.wording import PARIS

CHUNK: Final = 1_000  # companies asked for in one query
SHOWN: Final = 5  # other establishments named for one number


@dataclass(frozen=True, slots=True)
class StatusSeen:
    """A status as one source gives it; `until` is its last day once it is no longer held."""

    kind: str
    family: str
    valid_from: date | None
    valid_to: date | None
    held: bool
    until: date | None
    source: str
    read_on: date | None

    @property
    def label(self) -> str:
        return kind_label(self.kind)


@dataclass(frozen=True, slots=True)
class Establishment:
    """A structure of the register with its statuses."""

    key: str
    siret: str | None
    name: str
    city: str | None
    ended_on: date | None
    statuses: tuple[StatusSeen, ...]

    @property
    def inclusive(self) -> bool:
        """Whether a status of insertion or handicap is held."""
        return any(s.held and s.family != ESS_FAMILY for s in self.statuses)

    @property
    def esus(self) -> bool:
        return any(s.held and s.family == ESS_FAMILY for s in self.statuses)


@dataclass(frozen=True, slots=True)
class Checked:
    """The answer for one number: its verdict (`verdicts`), the establishment when the register
    has it, under that number or its present one, and the company's other establishments that are
    inclusive today."""

    asked: Asked
    verdict: str
    establishment: Establishment | None = None
    siblings: tuple[Establishment, ...] = ()
    esus: bool = False  # held by the company, whatever its establishment
    until: date | None = None  # the last day of what it was

    @property
    def moved_to(self) -> str | None:
        """The present key of an establishment that was asked for under a former SIRET."""
        own, number = self.establishment, self.asked.number
        return own.key if own and number.is_siret and own.key != number.digits else None

    @property
    def held(self) -> list[StatusSeen]:
        found = self.establishment.statuses if self.establishment else ()
        return [status for status in found if status.held]

    @property
    def past(self) -> list[StatusSeen]:
        found = self.establishment.statuses if self.establishment else ()
        return [status for status in found if not status.held]


def check(session: Session, asked: Sequence[Asked], today: date) -> list[Checked]:
    """The answers, in the order asked: three queries for a thousand companies."""
    sirens = list(dict.fromkeys(a.number.siren for a in asked if a.number.siren))
    companies: dict[str, list[Establishment]] = defaultdict(list)
    moved: dict[str, Establishment] = {}
    read = {name: run.ended_at for name, run in last_done(session).items()}
    read_on = {name: m.astimezone(PARIS).date() for name, m in read.items() if m}
    for start in range(0, len(sirens), CHUNK):
        chunk = sirens[start : start + CHUNK]
        own = session.execute(of_companies(chunk)).all()
        former = session.execute(formerly_of_companies(chunk)).all()
        ids = list(dict.fromkeys(row.id for row in (*own, *former)))
        seen = _statuses(session, ids, today, read_on)
        for row in own:
            siren = row.siret[:9] if row.siret else row.key.removeprefix("siren:")
            companies[siren].append(_establishment(row, seen))
        moved |= {row.former: _establishment(row, seen) for row in former}
    return [_answer(a, companies.get(a.number.siren, []), moved) for a in asked]


def _establishment(
    row: Row[*tuple[Any, ...]], seen: Mapping[int, list[StatusSeen]]
) -> Establishment:
    name, statuses = row.brand or row.name, tuple(seen.get(row.id, ()))
    return Establishment(row.key, row.siret, name, row.city, row.ended_on, statuses)


def _statuses(
    session: Session, ids: Sequence[int], today: date, read_on: Mapping[str, date]
) -> dict[int, list[StatusSeen]]:
    seen: dict[int, list[StatusSeen]] = defaultdict(list)
    for status in session.execute(statuses_of(ids)):
        until = min(filter(None, (status.valid_to, status.ended_on)), default=None)
        held = status.ended_on is None and (status.valid_to is None or today <= status.valid_to)
        kind = KINDS.get(status.kind)
        seen[status.structure_id].append(
            StatusSeen(
                kind=status.kind,
                family=kind.family if kind else "",
                valid_from=status.valid_from,
                valid_to=status.valid_to,
                held=held,
                until=None if held else until,
                source=status.source,
                read_on=read_on.get(status.source),
            )
        )
    return seen


def _answer(
    asked: Asked, company: Sequence[Establishment], moved: Mapping[str, Establishment]
) -> Checked:
    """`company`: its establishments under their present numbers; `moved`: by former SIRET."""
    number = asked.number
    if number.wrong:
        if number.doubtful not in moved and not any(e.key == number.doubtful for e in company):
            return Checked(asked, INVALID)
        number = number.as_written()
        asked = Asked(asked.line, number)
    key = number.digits if number.is_siret else f"siren:{number.digits}"
    own = next((e for e in company if e.key == key), None) or moved.get(key)
    siblings = tuple(e for e in company if e.inclusive and (own is None or e.key != own.key))
    esus = any(e.esus for e in company)
    past = [s.until for s in own.statuses if s.until] if own else []
    if own is None and not number.is_siret:
        past = [s.until for e in company for s in e.statuses if s.until]
    if own and own.inclusive:
        verdict = INCLUSIVE
    elif siblings:
        verdict = COMPANY
    elif esus:
        verdict = ESUS
    elif past or own:
        verdict = ENDED
    else:
        verdict = UNKNOWN
    until = None if verdict == INCLUSIVE else max(past, default=None)
    return Checked(asked, verdict, own, siblings, esus, until)


def counts(found: Iterable[Checked]) -> dict[str, int]:
    """How many of each verdict."""
    total: dict[str, int] = {}
    for checked in found:
        total[checked.verdict] = total.get(checked.verdict, 0) + 1
    return total


def family_words(statuses: Iterable[StatusSeen]) -> list[str]:
    """The families of some statuses, each once."""
    return list(dict.fromkeys(FAMILIES[s.family] for s in statuses if s.family in FAMILIES))
