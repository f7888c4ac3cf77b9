"""Suggestions as pages show them."""

from typing import Any

from annuaire.matching.service import Answer
from annuaire.structures.kinds import kind_label


def answer_context(answer: Answer) -> dict[str, Any]:
    """What the suggestions template needs."""
    return {
        "route": answer.route,
        "assumptions": answer.assumptions,
        "suggestions": [
            {
                "rank": rank,
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
