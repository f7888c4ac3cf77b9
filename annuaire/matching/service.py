"""From a need to an answer: candidates of the search engine, pure scoring, what the law allows."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from time import perf_counter
from typing import Any, Final

from sqlalchemy.orm import Session

from annuaire.activities.taxonomy import taxonomy
from annuaire.contracts.models import Contract
from annuaire.geo.names import name_key
from annuaire.law.routes import Route, advise
from annuaire.matching import lexicon, queries
from annuaire.matching.candidates import Candidate, Won, from_stored
from annuaire.matching.fitness import admitted, fit, reservation_sentence
from annuaire.matching.linking import Linked, link_awards
from annuaire.matching.meeting import ask, near_leaves
from annuaire.matching.need import Need
from annuaire.matching.scoring import Suggestion, suggestions
from search.engine import Circle, Engine, Filter, Hits, Query, Terms

__all__ = [
    "Answer",
    "Linked",
    "as_json",
    "link_awards",
    "suggest",
    "winner_urls",
]

AREA_KM: Final = 150.0
NEAR_KM: Final = 20.0
LEAST_KM: Final = 10.0
TRADE_SHARE: Final = 15  # structures of the trade whose circle holds enough of all trades
NEAR_ACTIVITY: Final = 0.3  # proximity in the taxonomy from which an activity is a candidate's
BY_ACTIVITY, BY_WORDS, NEAREST = 70, 30, 50  # candidates taken by each query
FORMER_LOTS, FORMER_WINNERS = 200, 20
LEAST_LETTERS: Final = 3
SURE: Final = 0.6  # score of an activity from which words find no other candidates
WORDS_ASKED: Final = 6  # words of the need sent to the engine


@dataclass(frozen=True, slots=True)
class Answer:
    """What a buyer gets: the need as understood, the routes open at its date, the suggestions."""

    need: Need
    route: tuple[Route, ...]
    suggestions: tuple[Suggestion, ...]
    assumptions: tuple[str, ...]
    took_ms: float


def suggest(session: Session, engine: Engine, need: Need, today: date, limit: int = 20) -> Answer:
    """The structures that could really do it, best first. Raises EngineUnavailable.

    `today` turns equals; the need's own day decides the law and which former awards count.
    """
    started = perf_counter()
    reserved = reservation_sentence(need.reserved)
    found = suggestions(need, _candidates(session, engine, need, today), today, limit)
    return Answer(
        need=need,
        route=tuple(advise(need.amount_eur, need.nature, need.on)),
        suggestions=tuple(found),
        assumptions=(*need.assumptions, *([reserved] if reserved else [])),
        took_ms=round((perf_counter() - started) * 1000, 2),
    )


def winner_urls(session: Session, contract: Contract) -> dict[tuple[str, str], tuple[str, str]]:
    """By lot reference and published winner, the address and name of the structure that it is."""
    numbered = {
        (f"{contract.reference}#{lot.number}", award["winner_siret"]): award["winner"]
        for lot in contract.lots
        for award in lot.awards
        if award.get("winner_siret")
    }
    references = [f"{contract.reference}#{lot.number}" for lot in contract.lots]
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for row in session.execute(queries.winners_of(references)):
        # By a number, the evidence ends with it; by a name, it is the name.
        winner = numbered.get((row.lot_reference, row.evidence[-14:]), row.evidence)
        found[row.lot_reference, winner] = (f"/structures/{row.key}", row.brand or row.name)
    return found


def as_json(answer: Answer) -> dict[str, Any]:
    """The keys of `annuaire match --json` (docs/matching.md); groups are still to come."""
    need = answer.need
    return {
        "need": {
            "text": need.text,
            "activities": [
                {"code": code, "label": taxonomy().label(code), "score": round(score, 3)}
                for code, score, _ in need.activities
            ],
            "place": need.place_label,
            "departements": list(need.departements),
            "amount_eur": need.amount_eur,
            "nature": need.nature,
            "on": need.on.isoformat(),
            "reserved": list(need.reserved),
            "assumptions": list(answer.assumptions),
        },
        "route": [
            {
                "code": route.code,
                "title": route.title,
                "explanation": route.explanation,
                "articles": list(route.articles),
                "caution": route.caution,
                "to_check": route.to_check,
                "entries": [
                    {"where": e.where, "field": e.field, "value": e.value, "status": e.status}
                    for e in route.entries
                ],
            }
            for route in answer.route
        ],
        "suggestions": [
            {
                "siret": s.siret,
                "name": s.name,
                "score": s.score,
                "reasons": [sentence for sentence, _ in s.reasons],
                "cautions": list(s.cautions),
                "distance_km": s.distance_km,
            }
            for s in answer.suggestions
        ],
        "groups": [],
        "took_ms": answer.took_ms,
    }


def _candidates(session: Session, engine: Engine, need: Need, today: date) -> list[Candidate]:
    found: dict[str, Candidate] = {}
    near = [_take_around(engine, query, NEAR_KM, found) for query in _queries(need, today)]
    _take_nearest(engine, need, today, near[0] if near else None, found)
    wins, sirets = _wins(session, need, found)
    missing = [sirets[id_] for id_ in wins if id_ in sirets and id_ not in found]
    if missing := missing[:FORMER_WINNERS]:
        _take(engine, Query(filters=(Terms("siret", tuple(missing)),), limit=len(missing)), found)
    return [
        replace(c, wins=tuple(wins[id_])) if id_ in wins else c
        for id_, c in found.items()
        if not fit(c.kinds, need.reserved, lent=need.lent).barred
    ]


def _take(engine: Engine, query: Query, found: dict[str, Candidate]) -> Hits:
    hits = engine.search("structures", query)
    for hit in hits.hits:
        if hit.id not in found:
            found[hit.id] = from_stored(hit.document)
    return hits


def _take_around(
    engine: Engine, query: Query, first_km: float, found: dict[str, Candidate]
) -> Hits:
    """Take what a query finds in a small circle; in the whole of its own when that is too few.

    Around a large city the whole area holds thousands, which are then not all measured.
    """
    if query.circle and first_km < query.circle.radius_km:
        near = replace(query, circle=replace(query.circle, radius_km=first_km))
        hits = _take(engine, near, found)
        if hits.total >= query.limit:
            return hits
    return _take(engine, query, found)


def _take_nearest(
    engine: Engine, need: Need, today: date, alike: Hits | None, found: dict[str, Candidate]
) -> None:
    """The nearest whatever they do. The circle that holds some of the need's own trade holds many
    of all trades."""
    circle, area = _area(need)
    if circle is None and not area:
        return
    far = [hit.distance_km or 0.0 for hit in alike.hits] if alike else []
    first = max(LEAST_KM, far[TRADE_SHARE - 1]) if len(far) >= TRADE_SHARE else AREA_KM
    sort = "distance" if circle else "relevance"
    query = Query(filters=area, circle=circle, sort=sort, limit=NEAREST, day=today.isoformat())
    _take_around(engine, query, first, found)


def _wins(
    session: Session, need: Need, ids: Iterable[str]
) -> tuple[dict[str, list[Won]], dict[str, str]]:
    """What these candidates won, and who else won from this buyer, or lots of this kind in these
    départements, by structure; then the SIRET of each."""
    won: dict[str, list[Won]] = {}
    sirets: dict[str, str] = {}
    known, codes = set(ids), frozenset(_codes(need))
    numbers = [int(id_) for id_ in known if id_.isdigit()]
    query = queries.wins_before(numbers, need.departements, need.buyer_key, need.on, FORMER_LOTS)
    for siret, number, on, activities, *rest in session.execute(query):
        lot = Won(on, tuple(activities), *rest)
        id_ = str(number)
        if id_ in known or lot.buyer_key == need.buyer_key or not codes.isdisjoint(activities):
            won.setdefault(id_, []).append(lot)
            if siret:
                sirets[id_] = siret
    return won, sirets


def _queries(need: Need, today: date) -> Iterator[Query]:
    """Activities near the need's in the area, and its words when these are in doubt."""
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
    sure = max((score for _, score, _ in need.activities), default=0.0) >= SURE
    if (text := _telling(need)) and not sure:
        yield Query(
            text=text,
            filters=area,
            circle=circle,
            any_word=True,
            highlight=False,
            limit=BY_WORDS,
            day=day,
        )


def _area(need: Need) -> tuple[Circle | None, tuple[Filter, ...]]:
    """Around the need's place; within its régions when it has départements and no coordinates;
    and, for a reserved lot, among the families that it admits."""
    families = admitted(need.reserved)
    filters: tuple[Filter, ...] = ()
    if families is not None:
        filters = (Terms("families", tuple(sorted(families))),)
    if need.lat is not None and need.lon is not None:
        return Circle(need.lat, need.lon, AREA_KM), filters
    if regions := tuple(sorted(ask(need).regions)):
        filters = (Terms("region", regions), *filters)
    return None, filters


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
