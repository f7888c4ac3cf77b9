"""The candidates for a need: what the search engine and the former awards give, before scoring."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from math import sqrt
from typing import Final

from sqlalchemy.orm import Session

from annuaire.geo.areas import commune_marks
from annuaire.geo.names import name_key
from annuaire.matching import lexicon
from annuaire.matching.candidates import Candidate, Won, from_stored
from annuaire.matching.fitness import admitted, fit
from annuaire.matching.former import wins_before
from annuaire.matching.meeting import near_leaves, regions_of
from annuaire.matching.need import Need
from search.engine import Circle, Document, Engine, Filter, Hit, Hits, Query, Terms

AREA_KM: Final = 150.0
NEAR_KM: Final = 20.0
TRADE_KM: Final = 40.0  # the same for a trade: one question more costs more than some hits too many
LEAST_KM: Final = 10.0
TRADE_SHARE: Final = 15  # structures of the trade whose circle holds enough of all trades
NEAR_ACTIVITY: Final = 0.3  # proximity in the taxonomy from which an activity is a candidate's
BY_ACTIVITY, BY_WORDS, BY_AREA, NEAREST = 60, 30, 20, 40  # candidates taken by each query
ALIKE: Final = 40  # structures of the trade of one part of a need, for groups
FORMER_LOTS, FORMER_WINNERS = 200, 20
AMPLE: Final = 1.5  # how many times what is wanted the next circle should hold
LEAST_GROWTH: Final = 1.3
LEAST_LETTERS: Final = 3
SPOTS_ASKED: Final = 5  # places of a need that a declared area is asked to hold one of
SURE: Final = 0.6  # score of an activity from which words find no other candidates
WORDS_ASKED: Final = 6  # words of the need sent to the engine

Found = dict[str, Document]  # what the engine stores of the structures taken, in their order


def gather(session: Session, engine: Engine, need: Need, today: date) -> list[Candidate]:
    """The structures worth scoring for a need, with what they won. Raises EngineUnavailable."""
    found: Found = {}
    near = [_take_around(engine, query, TRADE_KM, found) for query in _by_trade(need, today)]
    around = _take_nearest(engine, need, today, near[0] if near else (), found)
    if words := _by_words(need, today):
        # Too few of all trades in the small circle are too few of those that hold a word.
        crowded = sum((hit.distance_km or 0.0) <= NEAR_KM for hit in around) >= BY_WORDS
        _take_around(engine, words, NEAR_KM if crowded else AREA_KM, found)
    wins, sirets = _wins(session, need, found)
    missing = [sirets[id_] for id_ in wins if id_ in sirets and id_ not in found]
    if missing := missing[:FORMER_WINNERS]:
        _take(engine, Query(filters=(Terms("siret", tuple(missing)),), limit=len(missing)), found)
    candidates = _candidates(found, wins)
    return [c for c in candidates if not fit(c.kinds, need.reserved, lent=need.lent).barred]


def gather_alike(
    session: Session, engine: Engine, needs: Sequence[Need], today: date, first_km: float = TRADE_KM
) -> list[list[Candidate]]:
    """For each of several needs, the structures of its trade around its place, with what they won:
    one question to the engine a need, one to the database for all; `first_km` is how far enough of
    them should stand, and changes nothing to the answer. Raises EngineUnavailable."""
    found: list[Found] = []
    for need in needs:
        taken: Found = {}
        if _codes(need):
            query = replace(next(_by_trade(need, today)), limit=ALIKE)
            _take_around(engine, query, first_km, taken)
        found.append(taken)
    wins: dict[str, list[Won]] = {}
    if ids := {id_ for taken in found for id_ in taken}:
        wins, _ = _wins(session, needs[0], ids, only_theirs=True)
    return [_candidates(taken, wins) for taken in found]


def _candidates(found: Found, wins: Mapping[str, Sequence[Won]]) -> list[Candidate]:
    return [from_stored(document, wins.get(id_, ())) for id_, document in found.items()]


def _take(engine: Engine, query: Query, found: Found) -> Hits:
    hits = engine.search("structures", replace(query, highlight=False))
    for hit in hits.hits:
        if hit.id not in found:
            found[hit.id] = hit.document
    return hits


def _take_around(engine: Engine, query: Query, first_km: float, found: Found) -> list[Hit]:
    """Take what a query finds in a small circle; in the whole of its own when that is too few.

    Around a large city the whole area holds thousands, which are then not all measured.
    """
    if query.circle is None or first_km >= query.circle.radius_km:
        return list(_take(engine, query, found).hits)
    if query.sort == "distance":
        return _take_nearer(engine, query, query.circle, first_km, found)
    near = replace(query, circle=replace(query.circle, radius_km=first_km))
    hits = _take(engine, near, found)
    return list((hits if hits.total >= query.limit else _take(engine, query, found)).hits)


def _take_nearer(
    engine: Engine, query: Query, circle: Circle, first_km: float, found: Found
) -> list[Hit]:
    """The nearest of a query, by circles that grow until one holds enough: each begins where the
    one before it ended, so that nothing is read twice."""
    taken: list[Hit] = []
    radius = first_km
    while True:
        around = replace(circle, radius_km=min(radius, circle.radius_km))
        left = replace(query, circle=around, offset=len(taken), limit=query.limit - len(taken))
        hits = _take(engine, left, found)
        taken += hits.hits
        if hits.total >= query.limit or radius >= circle.radius_km:
            return taken
        radius *= max(LEAST_GROWTH, sqrt(AMPLE * query.limit / max(1, hits.total)))
        if radius > circle.radius_km / LEAST_GROWTH:
            radius = circle.radius_km


def _take_nearest(
    engine: Engine, need: Need, today: date, alike: Sequence[Hit], found: Found
) -> list[Hit]:
    """The nearest whatever they do. The circle that holds some of the need's own trade holds many
    of all trades."""
    circle, area = _area(need)
    if circle is None and not area:
        return []
    far = [hit.distance_km or 0.0 for hit in alike[:TRADE_SHARE]]
    first = max(LEAST_KM, far[-1]) if len(far) == TRADE_SHARE else NEAR_KM
    sort = "distance" if circle else "relevance"
    query = Query(filters=area, circle=circle, sort=sort, limit=NEAREST, day=today.isoformat())
    return _take_around(engine, query, first, found)


def _wins(
    session: Session, need: Need, ids: Iterable[str], *, only_theirs: bool = False
) -> tuple[dict[str, list[Won]], dict[str, str]]:
    """What these candidates won, and who else won from this buyer, or lots of this kind in these
    départements, by structure (not with `only_theirs`); then the SIRET of each."""
    won: dict[str, list[Won]] = {}
    sirets: dict[str, str] = {}
    known, codes = set(ids), frozenset(_codes(need))
    numbers = [int(id_) for id_ in known if id_.isdigit()]
    rows = wins_before(session, numbers, need.on, FORMER_LOTS,
                       departements=need.departements, buyer_key=need.buyer_key,
                       only_theirs=only_theirs)  # fmt: skip
    for number, siret, lot in rows:
        id_ = str(number)
        if id_ in known or lot.buyer_key == need.buyer_key or not codes.isdisjoint(lot.activities):
            won.setdefault(id_, []).append(lot)
            if siret:
                sirets[id_] = siret
    return won, sirets


def _by_trade(need: Need, today: date) -> Iterator[Query]:
    """Activities near the need's in the area, and of those who declare to work there."""
    circle, area = _area(need)
    sort = "distance" if circle else "relevance"
    day = today.isoformat()
    if codes := _codes(need):
        yield Query(
            filters=(Terms("activities", codes), *area),
            circle=circle,
            sort=sort,
            limit=BY_ACTIVITY,
            day=day,
        )
    if codes and (serving := _serving(need)):
        yield Query(filters=(serving, Terms("activities", codes), *_admitted(need)),
                    limit=BY_AREA, day=day)  # fmt: skip


def _by_words(need: Need, today: date) -> Query | None:
    """The need's words in the area, when its trade is in doubt."""
    sure = max((score for _, score, _ in need.activities), default=0.0) >= SURE
    if sure or not (text := _telling(need)):
        return None
    circle, area = _area(need)
    return Query(
        text=text,
        filters=area,
        circle=circle,
        any_word=True,
        limit=BY_WORDS,
        day=today.isoformat(),
    )


def _area(need: Need) -> tuple[Circle | None, tuple[Filter, ...]]:
    """Around the need's place; within its régions when it has départements and no coordinates;
    and, for a reserved lot, among the families that it admits."""
    filters = _admitted(need)
    if need.lat is not None and need.lon is not None:
        return Circle(need.lat, need.lon, AREA_KM), filters
    if regions := tuple(sorted(regions_of(need))):
        filters = (Terms("region", regions), *filters)
    return None, filters


def _admitted(need: Need) -> tuple[Filter, ...]:
    families = admitted(need.reserved)
    return () if families is None else (Terms("families", tuple(sorted(families))),)


def _serving(need: Need) -> Filter | None:
    """What declared an area that holds the need's place, however far it stands."""
    if marks := {mark for spot in need.spots[:SPOTS_ASKED] for mark in commune_marks(spot.code)}:
        return Terms("serves", tuple(sorted(marks)))
    return Terms("served", need.departements) if need.departements else None


def _telling(need: Need) -> str:
    """The first words of the need that may stand in a structure's name."""
    words = (w for w in name_key(need.text).split() if len(w) > LEAST_LETTERS and w.isalpha())
    kept = [w for w in dict.fromkeys(words) if w not in lexicon.words("empty_in_needs")]
    return " ".join(kept[:WORDS_ASKED])


def _codes(need: Need) -> tuple[str, ...]:
    """The need's activities and those near them in the taxonomy."""
    wanted = [code for code, _, _ in need.activities[:2]]
    near = {
        leaf
        for code in wanted
        for leaf, close in near_leaves(code).items()
        if close >= NEAR_ACTIVITY
    }
    return tuple(sorted(near))
