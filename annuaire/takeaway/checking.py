"""« Ce fournisseur est-il inclusif ? » for one number or thousands, from the database alone."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from annuaire.runs import last_done
from annuaire.structures.kinds import ESS as ESS_FAMILY
from annuaire.structures.kinds import FAMILIES, KINDS, kind_label
from annuaire.structures.queries import of_companies, statuses_of
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
    has it, and the company's other establishments that are inclusive today."""

    asked: Asked
    verdict: str
    establishment: Establishment | None = None
    siblings: tuple[Establishment, ...] = ()
    esus: bool = False  # held by the company, whatever its establishment
    until: date | None = None  # the last day of what it was

    @property
    def held(self) -> list[StatusSeen]:
        found = self.establishment.statuses if self.establishment else ()
        return [status for status in found if status.held]

    @property
    def past(self) -> list[StatusSeen]:
        found = self.establishment.statuses if self.establishment else ()
        return [status for status in found if not status.held]


def check(session: Session, asked: Sequence[Asked], today: date) -> list[Checked]:
    """The answers, in the order asked: two queries for a thousand companies."""
    sirens = list(dict.fromkeys(a.number.siren for a in asked if a.number.siren))
    companies: dict[str, list[Establishment]] = defaultdict(list)
    read = {name: run.ended_at for name, run in last_done(session).items()}
    read_on = {name: m.astimezone(PARIS).date() for name, m in read.items() if m}
    for start in range(0, len(sirens), CHUNK):
        for siren, found in _companies(session, sirens[start : start + CHUNK], today, read_on):
            companies[siren].append(found)
    return [_answer(a, companies.get(a.number.siren, [])) for a in asked]


def _companies(
    session: Session, sirens: Sequence[str], today: date, read_on: Mapping[str, date]
) -> Iterable[tuple[str, Establishment]]:
    rows = session.execute(of_companies(sirens)).all()
    seen: dict[int, list[StatusSeen]] = defaultdict(list)
    for status in session.execute(statuses_of([row.id for row in rows])):
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
    for row in rows:
        siren = row.siret[:9] if row.siret else row.key.removeprefix("siren:")
        statuses = tuple(seen[row.id])
        name = row.brand or row.name
        yield siren, Establishment(row.key, row.siret, name, row.city, row.ended_on, statuses)


def _answer(asked: Asked, company: Sequence[Establishment]) -> Checked:
    number = asked.number
    if number.wrong:
        if not any(e.key == number.doubtful for e in company):
            return Checked(asked, INVALID)
        number = number.as_written()
        asked = Asked(asked.line, number)
    own = next((e for e in company if e.key == number.digits), None) if number.is_siret else None
    if own is None and not number.is_siret:
        own = next((e for e in company if e.key == f"siren:{number.digits}"), None)
    siblings = tuple(e for e in company if e.inclusive and e is not own)
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
