"""The offer for a need, counted with the search engine: how many could answer, how far, and which
part of the need could become a lot of its own."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from annuaire.activities.taxonomy import taxonomy
from annuaire.advising.depth import (
    RESERVABLE,
    RESERVED_ESS,
    Neighbour,
    Verdict,
    judge,
    measure,
    strength,
)
from annuaire.advising.rules import RESERVE, RESERVE_LOT, Rules, rules
from annuaire.advising.sites import places_of
from annuaire.matching import queries
from annuaire.matching.candidates import from_stored
from annuaire.matching.fitness import admitted
from annuaire.matching.meeting import near_leaves, teaches
from annuaire.matching.need import Need
from search.engine import Circle, Engine, Filter, Hit, Query, Terms

MOST: Final = 500  # structures counted for one trade, the nearest first
TRADES: Final = 3  # activities looked at of a need that names no trades apart
ESS_TYPE: Final = "reserved_ess"
LENDERS: Final = ("AI", "ETTI", "EATT", "GEIQ")

NO_PLACE: Final = (
    "Le lieu n'est pas connu : la profondeur de l'offre ne se mesure qu'autour d'un lieu."
)
NO_TRADE: Final = (
    "Aucun métier n'a été reconnu dans le besoin : décrivez-le avec d'autres mots pour compter "
    "l'offre."
)


@dataclass(frozen=True, slots=True)
class Trade:
    """A trade of the need: its code, its name, the words that told it, and what its offer allows.
    `counted` structures were read, of `total` that the engine found."""

    code: str
    label: str
    evidence: str
    verdict: Verdict
    counted: int
    total: int


@dataclass(frozen=True, slots=True)
class Offer:
    """What the offer allows for a need: `verdict` is that of the trade least offered, as whoever
    answers must do them all; None when it cannot be measured, and `note` says why. `apart` are
    the trades that the need's words name apart and that could each be reserved as a lot, `places`
    its several places in words."""

    trades: tuple[Trade, ...] = ()
    verdict: Verdict | None = None
    apart: tuple[Trade, ...] = ()
    lenders: int = 0
    note: str = ""
    places: str = ""

    def within(self, km: int) -> int | None:
        """How many structures surely or perhaps do the trade that decides, within one of the
        distances of the rules; None when it was not counted."""
        bands = self.verdict.depth.bands if self.verdict else ()
        return next((band.sure + band.maybe for band in bands if band.km == km), None)


def offer(session: Session, engine: Engine, need: Need, today: date) -> Offer:
    """Count the offer for a need around its place. Raises EngineUnavailable."""
    stated = rules()
    if need.lat is None or need.lon is None:
        return Offer(note=NO_PLACE)
    asked = trades_of(need)
    if not asked:
        return Offer(note=NO_TRADE)
    around = Query(
        filters=(Terms("families", tuple(sorted(frozenset().union(*_counted(need))))),),
        circle=Circle(need.lat, need.lon, stated.bands_km[-1]),
        sort="distance",
        limit=MOST,
        day=today.isoformat(),
        highlight=False,
    )
    lenders = _lenders(engine, around, stated)
    found = [_trade(session, engine, need, around, one, lenders) for one in asked]
    weakest = max(found, key=lambda trade: _rank(trade, stated))
    named = {trade.code for trade in need.named_trades}
    apart = tuple(
        trade
        for trade in found
        if trade.code in named and trade.verdict.code in (RESERVE, RESERVE_LOT)
    )
    note = ""
    if len(found) > 1:
        names = ", ".join(trade.label for trade in found)
        note = (
            f"Le besoin réunit plusieurs métiers ({names}) : le moins offert, "
            f"« {weakest.label} », décide de l'ensemble."
        )
    return Offer(tuple(found), weakest.verdict, apart, lenders, note, places_of(need))


def _rank(trade: Trade, stated: Rules) -> tuple[int, float]:
    depth = trade.verdict.depth
    return _order(trade, stated), -strength(depth, stated.bands_km[-1], stated)


def _order(trade: Trade, stated: Rules) -> int:
    return [rule.code for rule in stated.verdicts].index(trade.verdict.code)


def trades_of(need: Need) -> list[tuple[str, str]]:
    """The trades that the need's words name apart, each with these words; else its first activity:
    what else is read of one trade (« Étanchéité » is works too) is no trade more."""
    if named := need.named_trades:
        return [(trade.code, trade.words) for trade in named]
    return [(code, evidence) for code, _, evidence in need.activities[:1]]


def likely_trades(need: Need) -> list[str]:
    """The activities of `trades_of`; where its words name none apart, the first and the others
    that are told surely enough."""
    if named := need.named_trades:
        return [trade.code for trade in named]
    least = rules().least_certainty
    others = [a for a in need.activities[1:TRADES] if a[1] >= least and a[2]]
    return [code for code, *_ in (*need.activities[:1], *others)]


def _trade(
    session: Session,
    engine: Engine,
    need: Need,
    around: Query,
    asked: tuple[str, str],
    lenders: int,
) -> Trade:
    """A trade around the need's place, and what its offer allows."""
    code, evidence = asked
    stated = rules()
    close = tuple(
        leaf for leaf, near in sorted(near_leaves(code).items()) if near >= stated.near_trade
    )
    hits = engine.search("structures", _and(around, Terms("activities", close)))
    won = _won(session, hits.hits, code, need)
    read = (_neighbour(hit, code, close, won) for hit in hits.hits)
    neighbours = [each for each in read if each is not None]
    depths = [measure(neighbours, families, stated, lent=need.lent) for families in _counted(need)]
    verdict = judge(depths, lenders, need.amount_eur, stated)
    label = taxonomy().label(code)
    return Trade(code, label, evidence, verdict, len(neighbours), hits.total)


def _counted(need: Need) -> list[frozenset[str]]:
    """The families to measure, alone and together: those that a reservation admits."""
    if ESS_TYPE in need.reserved:
        return [RESERVED_ESS[0]]
    families = admitted(need.reserved)
    return [wanted for wanted, _, _ in RESERVABLE if families is None or wanted <= families]


def _and(query: Query, more: Filter) -> Query:
    return replace(query, filters=(more, *query.filters))


def _neighbour(
    hit: Hit, code: str, close: Collection[str], won: Mapping[str, int]
) -> Neighbour | None:
    """The structure as one of the trade; None when only lots won after the need's day prove it."""
    candidate = from_stored(hit.document)
    lots = won.get(hit.id, 0)
    held = [activity for activity in candidate.activities if activity.code in close]
    if not held and not lots:
        return None
    declared = any(each.code == code and each.origin == "declared" for each in held)
    return Neighbour(hit.id, candidate.kinds, declared or lots > 0, hit.distance_km or 0.0, lots)


def _won(session: Session, hits: Sequence[Hit], code: str, need: Need) -> Counter[str]:
    """By identifier, how many lots of the trade each is known to have won when the need came."""
    ids = [int(hit.id) for hit in hits if hit.id.isdigit()]
    found: Counter[str] = Counter()
    for row in session.execute(queries.wins_of_all(ids)):
        if teaches(need, row.won_on, row.lot_reference) and code in row.activities[:2]:
            found[str(row.structure_id)] += 1
    return found


def _lenders(engine: Engine, around: Query, stated: Rules) -> int:
    """How many structures near lend staff, whatever their trade and what is reserved: a clause is
    the other way to buy."""
    query = replace(around, filters=(Terms("kinds", LENDERS),))
    if query.circle:
        query = replace(query, circle=replace(query.circle, radius_km=stated.lenders_km))
    return engine.search("structures", replace(query, limit=0)).total
