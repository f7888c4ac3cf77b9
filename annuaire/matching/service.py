"""From a need to an answer: candidates of the search engine, pure scoring, what the law allows."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from time import perf_counter
from typing import Any, Final

from sqlalchemy.orm import Session

from annuaire.activities.taxonomy import taxonomy
from annuaire.contracts.models import Contract
from annuaire.law.routes import Route, advise
from annuaire.matching import queries
from annuaire.matching.contesting import Contest
from annuaire.matching.fitness import reservation_sentence
from annuaire.matching.gathering import gather
from annuaire.matching.grouping import grouping_of
from annuaire.matching.groups import NOBODY, Grouping
from annuaire.matching.groups import as_json as groups_as_json
from annuaire.matching.linking import Linked, link_awards
from annuaire.matching.narrowing import EVERYTHING, NONE, Counts, Narrowing, counts_among, narrowed
from annuaire.matching.need import Need
from annuaire.matching.noting import Noted
from annuaire.matching.scoring import Suggestion, in_words, rank
from search.engine import Engine

__all__ = [
    "Answer",
    "Linked",
    "as_json",
    "link_awards",
    "suggest",
    "winner_urls",
]


DIRECT: Final = "direct"  # the route without publicity nor competition (R2122-8)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a buyer gets: the need as understood, the routes open at its date, the suggestions.
    `counts` are of all candidates, whatever the suggestions were narrowed to."""

    need: Need
    route: tuple[Route, ...]
    suggestions: tuple[Suggestion, ...]
    assumptions: tuple[str, ...]
    took_ms: float
    grouping: Grouping = NOBODY
    counts: Counts = NONE


def suggest(
    session: Session,
    engine: Engine,
    need: Need,
    today: date,
    limit: int = 20,
    contests: Iterable[Contest] = (),
    noted: Iterable[Noted] = (),
    narrowing: Narrowing = EVERYTHING,
) -> Answer:
    """The structures that could really do it, best first. Raises EngineUnavailable.

    `today` turns equals; the need's own day decides the law and which former awards count.
    `contests` is what this visitor said against structures, `noted` what they noted to have bought;
    `narrowing` keeps some suggestions, and changes neither their rank nor the groups.
    """
    started = perf_counter()
    route = tuple(advise(need.amount_eur, need.nature, need.on, concession=need.concession))
    own = need.reference is None  # no published contract
    need = replace(need, without_competition=own and any(r.code == DIRECT for r in route))
    reserved = reservation_sentence(need.reserved)
    candidates = gather(session, engine, need, today)
    ordered = rank(need, candidates, today, contests=contests, noted=noted)
    kept = narrowed(ordered, need, narrowing, today) if narrowing else ordered
    found = in_words(need, kept[:limit])
    grouping = grouping_of(session, engine, need, today, ordered)
    return Answer(
        need=need,
        route=route,
        suggestions=tuple(found),
        assumptions=(*need.assumptions, *([reserved] if reserved else [])),
        took_ms=round((perf_counter() - started) * 1000, 2),
        grouping=grouping,
        counts=counts_among(ordered, today),
    )


def winner_urls(session: Session, *contracts: Contract) -> dict[tuple[str, str], tuple[str, str]]:
    """By lot reference and published winner of some contracts, the address and name of the
    structure that it is."""
    numbered = {
        (f"{contract.reference}#{lot.number}", award["winner_siret"]): award["winner"]
        for contract in contracts
        for lot in contract.lots
        for award in lot.awards
        if award.get("winner_siret")
    }
    references = [f"{each.reference}#{lot.number}" for each in contracts for lot in each.lots]
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for row in session.execute(queries.winners_of(references)):
        # By a number, the evidence ends with it; by a name, it is the name.
        winner = numbered.get((row.lot_reference, row.evidence[-14:]), row.evidence)
        found[row.lot_reference, winner] = (f"/structures/{row.key}", row.brand or row.name)
    return found


def as_json(answer: Answer) -> dict[str, Any]:
    """The keys of `annuaire match --json` (docs/matching.md)."""
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
            "trades": [trade.words for trade in need.trades],
            "months": need.months,
            "quantity": need.quantity,
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
        "groups": groups_as_json(answer.grouping),
        "gaps": list(answer.grouping.gaps),
        "took_ms": answer.took_ms,
    }
