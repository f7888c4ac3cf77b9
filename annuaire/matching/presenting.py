"""Suggestions as pages show them."""

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote

from sqlalchemy.orm import Session

from annuaire.matching import queries
from annuaire.matching.service import Answer
from annuaire.matching.winners import BY_SIREN, BY_SIRET
from annuaire.structures.kinds import kind_label


def wins_of(session: Session, structure_id: int) -> list[dict[str, Any]]:
    """The lots that a structure won, for its page: the newest first."""
    return [*_wins(session.execute(queries.won_by(structure_id)))]


def _wins(rows: Iterable[Any]) -> Iterator[dict[str, Any]]:
    for row in rows:
        # A contract's reference holds no « # »; a lot's number, as published, may.
        reference, _, number = row.lot_reference.partition("#")
        yield {
            "title": row.title,
            "url": f"/marches/{reference}/lots/{quote(number, safe='')}",
            "date": row.won_on,
            "amount": row.amount_eur,
            "lot": number,
            "buyer": row.buyer_name,
            "departement": row.departement,
            "tied_by": _tied_by(row.evidence),
        }


def _tied_by(evidence: str) -> str:
    if evidence.startswith(BY_SIRET):
        return "son SIRET"
    return "le SIREN de son entreprise" if evidence.startswith(BY_SIREN) else "son nom"


def answer_context(answer: Answer) -> dict[str, Any]:
    """What the suggestions template needs."""
    return {
        "route": answer.route,
        "assumptions": answer.assumptions,
        "suggestions": [
            {
                "rank": rank,
                "key": found.key,
                "url": f"/structures/{found.key}",
                "name": found.name,
                "statuses": [kind_label(kind) for kind in found.kinds],
                "city": found.city,
                "distance_km": found.distance_km,
                "score": found.score,
                "score_label": found.score_label,
                "reasons": [
                    {"sentence": sentence, "weight_text": weight}
                    for sentence, weight in found.reasons
                ],
                "cautions": found.cautions,
            }
            for rank, found in enumerate(answer.suggestions, 1)
        ],
    }
