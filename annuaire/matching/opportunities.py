"""« Marchés pour nous »: the open lots that suit a structure, by the same scoring, reversed."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Final

from sqlalchemy.orm import Session

from annuaire.contracts.models import Contract, Lot
from annuaire.contracts.reading import closing_day
from annuaire.contracts.service import to_match_by_ids
from annuaire.geo.areas import marks_of
from annuaire.geo.gazetteer import gazetteer
from annuaire.matching.candidates import Candidate, Held
from annuaire.matching.features import trade_known
from annuaire.matching.fitness import reservation_sentence
from annuaire.matching.former import Former, wins_before
from annuaire.matching.inferring import won_activities
from annuaire.matching.meeting import Asked, ask, meet, near_leaves
from annuaire.matching.need import need_from_lot
from annuaire.matching.scoring import STEP, Ranked, distances, points, worded
from annuaire.matching.told import Told
from annuaire.structures.knowing import known_without_wins
from annuaire.structures.models import Structure
from search.engine import Circle, Engine, Filter, Query, Range, Terms
from search.schema import date_number

LEAST_POINTS: Final = 35.0  # of 100, under which a lot is not shown
NEAR_ACTIVITY: Final = 0.5  # proximity from which a lot of another trade is looked at
AROUND, IN_DEPARTEMENT, IN_AREA = 40, 20, 20  # contracts taken by each question to the engine
MOST_LOTS: Final = 45  # scored
FORMER_LOTS: Final = 200
DEFAULT_KM: Final = 100.0


@dataclass(frozen=True, slots=True)
class Opportunity:
    """An open lot that suits a structure: points of 100, why, km from the structure to the lot's
    place; `last_day` is the last on which one may answer, `social` whether a social clause was
    found, `reserved` the sentence of a reservation that admits the structure."""

    reference: str
    number: str
    title: str
    contract_title: str
    buyer: str
    place: str | None
    published_on: date
    deadline: datetime | None
    last_day: date | None
    distance_km: float | None
    score: int
    score_label: str
    reasons: tuple[tuple[str, str], ...]
    cautions: tuple[str, ...]
    social: bool
    reserved: str | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a structure asks of its opportunities: how far in km, lots with a social clause only,
    and the fewest points."""

    within_km: float = DEFAULT_KM
    clauses_only: bool = False
    least: float = LEAST_POINTS


def opportunities(
    session: Session,
    engine: Engine,
    structure: Structure,
    today: date,
    wanted: Wanted | None = None,
    limit: int = 40,
    told: Told | None = None,
) -> list[Opportunity]:
    """The open lots that suit a structure, the best first; among equals the soonest to close.
    `told` is what its profile says: a lot in the area that it declares is never too far.

    The same features and points as suggestions. Lots whose trade is not known to be its own, that
    the law keeps it from, or that are awarded are left out. Raises EngineUnavailable.
    """
    asked = wanted or Wanted()
    candidate = replace(candidate_of(session, structure, today), told=told)
    codes = codes_near(candidate)
    if not codes:
        return []
    found = _contracts(session, engine, candidate, codes, today, asked)
    lots = [lot for contract in found for lot in open_lots(contract) if lot.codes & set(codes)]
    return suiting(candidate, lots[:MOST_LOTS], asked)[:limit]


def suiting(candidate: Candidate, lots: Iterable["OpenLot"], wanted: Wanted) -> list[Opportunity]:
    """Those of some open lots that suit, the best first; among equals the soonest to close. Pure,
    so that an alert says of a new lot what the page says of it."""
    kept = [found for lot in lots if (found := _met(candidate, lot, wanted))]
    kept.sort(key=lambda o: (-round(o.score / STEP), o.last_day or date.max, o.reference, o.number))
    return kept


def candidate_of(session: Session, structure: Structure, today: date) -> Candidate:
    """A structure of the database as matching sees it."""
    rows = wins_before(session, [structure.id], today, FORMER_LOTS)
    return candidate_with(structure, rows, today)


def candidate_with(structure: Structure, rows: Iterable[Former], today: date) -> Candidate:
    """The same with the lots that it won before the day (`wins_before`): what these prove
    is worked out anew for each need, so it is replaced by what else is known (as in the index)."""
    here = gazetteer().departement(structure.departement) if structure.departement else None
    return Candidate(
        key=structure.key,
        name=structure.name,
        kinds=tuple(structure.kinds_held(today)),
        activities=tuple(Held(*known) for known in known_without_wins(structure)),
        siret=structure.siret,
        brand=structure.brand,
        city=structure.city,
        code_insee=structure.code_insee,
        departement=structure.departement,
        region=here.region if here else None,
        naf=structure.naf,
        employees_range=structure.employees_range,
        lat=structure.lat,
        lon=structure.lon,
        wins=tuple(row.won for row in rows),
    )


def codes_near(candidate: Candidate) -> tuple[str, ...]:
    """The activities that the structure has, and those near them."""
    held = (*candidate.activities, *won_activities(candidate.wins))
    near = {
        code
        for each in held
        for code, close in near_leaves(each.code).items()
        if close >= NEAR_ACTIVITY
    }
    return tuple(sorted(near))


def _contracts(
    session: Session,
    engine: Engine,
    candidate: Candidate,
    codes: tuple[str, ...],
    today: date,
    wanted: Wanted,
) -> list[Contract]:
    """The open contracts that `questions` find."""
    asked = questions(candidate, codes, today, wanted)
    ids = dict.fromkeys(
        int(hit.id) for query in asked for hit in engine.search("contracts", query).hits
    )
    found = to_match_by_ids(session, list(ids))
    return [found[id_] for id_ in ids if id_ in found]


def questions(
    candidate: Candidate, codes: tuple[str, ...], today: date, wanted: Wanted
) -> list[Query]:
    """What the engine is asked: the open contracts of these activities around the structure, in
    its département, and in those where it says to work."""
    filters: list[Filter] = [
        Terms("activities", codes),
        Range("deadline", minimum=date_number(today.isoformat())),
    ]
    if wanted.clauses_only:
        filters.append(Terms("social", ("oui",)))
    asked: list[Query] = []
    if candidate.lat is not None and candidate.lon is not None:
        circle = Circle(candidate.lat, candidate.lon, wanted.within_km)
        asked.append(Query(filters=tuple(filters), circle=circle, sort="distance", limit=AROUND))
    if candidate.departement:
        here = Terms("departements", (candidate.departement,))
        asked.append(Query(filters=(*filters, here), sort="deadline", limit=IN_DEPARTEMENT))
    if candidate.told and candidate.told.area:
        served = marks_of(candidate.told.area, candidate.point).departements
        there = Terms("departements", served)
        asked.append(Query(filters=(*filters, there), sort="deadline", limit=IN_AREA))
    return asked


@dataclass(frozen=True)
class OpenLot:
    """A lot that nobody has won; `asked` is its need, worked out when it is first met and once for
    all candidates."""

    contract: Contract
    lot: Lot

    @property
    def codes(self) -> set[str]:
        """The activities that it is sought by."""
        return {code for code, *_ in self.lot.activities[:2]}

    @cached_property
    def asked(self) -> Asked:
        return ask(need_from_lot(self.contract, self.lot))


def open_lots(contract: Contract) -> list[OpenLot]:
    """The lots of a contract that one may still win, but for the day."""
    if contract.state != "published":
        return []
    return [OpenLot(contract, lot) for lot in contract.standing_lots if not lot.awards]


def _met(candidate: Candidate, open_lot: OpenLot, wanted: Wanted) -> Opportunity | None:
    contract, lot, asked = open_lot.contract, open_lot.lot, open_lot.asked
    need = asked.need
    (far,) = distances(need, [candidate])
    met = meet(asked, candidate, far)
    if met.fit.barred or not trade_known(asked, met):
        return None
    if far is not None and far > wanted.within_km and not met.reached:
        return None
    given = points(asked, met)
    if given < wanted.least:
        return None
    told = worded(asked, Ranked(met, given))
    return Opportunity(
        reference=contract.reference,
        number=lot.number,
        title=lot.title,
        contract_title=contract.title,
        buyer=contract.buyer.name,
        place=need.place_label,
        published_on=contract.published_on,
        deadline=contract.deadline,
        last_day=closing_day(contract.deadline, contract.expires_on),
        distance_km=told.distance_km,
        score=told.score,
        score_label=told.score_label,
        reasons=told.reasons,
        cautions=met.fit.cautions,
        social=contract.social,
        reserved=reservation_sentence(need.reserved),
    )
