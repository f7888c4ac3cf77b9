"""Suggestions as pages show them."""

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote

from sqlalchemy.orm import Session

from annuaire.matching import queries
from annuaire.matching.contesting import REASONS
from annuaire.matching.grouping_words import CAUTIONS, PARTS_UNSURE
from annuaire.matching.groups import NOBODY, Grouping
from annuaire.matching.narrowing import DISTANCES, Narrowing
from annuaire.matching.scoring import step_of
from annuaire.matching.service import Answer
from annuaire.matching.winners import BY_SIREN, BY_SIRET
from annuaire.paging import Arguments, address
from annuaire.structures.kinds import FAMILIES, KINDS, kind_label


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


def grouping_context(grouping: Grouping) -> dict[str, Any] | None:
    """What the page says of groups; None when there is nothing to say."""
    if grouping == NOBODY:
        return None
    shared = any(m.share for group in grouping.groups for m in group.members)
    return {
        "alone": grouping.alone,
        "gaps": grouping.gaps,
        "cautions": (*CAUTIONS, PARTS_UNSURE) if shared else CAUTIONS,
        "groups": [
            {
                "sentence": group.sentence,
                "missing": group.missing,
                "keys": ",".join(m.key for m in group.members),
                "members": [
                    {
                        "url": f"/structures/{m.key}",
                        "name": m.name,
                        "statuses": [kind_label(kind) for kind in m.kinds],
                        "city": m.city,
                        "distance_km": m.distance_km,
                        "takes": m.takes,
                        "share": None if m.share is None else round(m.share * 100),
                        "lead": m.lead,
                    }
                    for m in group.members
                ],
            }
            for group in grouping.groups
        ],
    }


def narrow_context(
    answer: Answer, asked: Narrowing, path: str, kept: Arguments
) -> dict[str, Any] | None:
    """The filters of the suggestions at `path`, whose address keeps the pairs `kept`; None where
    there is nothing to narrow."""
    counts = answer.counts
    if not counts.families and not asked:
        return None
    return {
        "action": path,
        "kept": kept,
        "all_url": f"{address(path, kept)}#suggestions",
        "active": bool(asked),
        "within_km": asked.within_km,
        "declared": asked.declared,
        "distances": DISTANCES,
        "families": [
            {"code": code, "label": FAMILIES[code], "count": n, "chosen": code in asked.families}
            for code, n in counts.families.items()
        ],
        "kinds": [
            {
                "code": code,
                "label": kind_label(code),
                "count": counts.kinds.get(code, 0),
                "chosen": code in asked.kinds,
            }
            for code in KINDS
            if code in counts.kinds or code in asked.kinds
        ],
        "available": {"chosen": asked.available, "count": counts.available},
        "cocontract": {"chosen": asked.cocontract, "count": counts.cocontract},
    }


def answer_context(answer: Answer) -> dict[str, Any]:
    """What the suggestions template needs."""
    return {
        "route": answer.route,
        "assumptions": answer.assumptions,
        "equals_within": step_of(answer.need),
        "turns": answer.need.without_competition,
        "known_trades": sum(found.trade_known for found in answer.suggestions),
        "grouping": grouping_context(answer.grouping),
        "contest_reasons": [(code, reason.words) for code, reason in REASONS.items()],
        "contest_about": {
            "activity": answer.need.activities[0][0] if answer.need.activities else "",
            "departement": next(iter(answer.need.departements), ""),
        },
        "suggestions": [
            {
                "rank": rank,
                "key": found.key,
                "url": f"/structures/{found.key}",
                "name": found.name,
                "statuses": [kind_label(kind) for kind in found.kinds],
                "city": found.city,
                "distance_km": found.distance_km,
                "lat": found.lat,
                "lon": found.lon,
                "score": found.score,
                "score_label": found.score_label,
                "reasons": [
                    {"sentence": sentence, "weight_text": weight}
                    for sentence, weight in found.reasons
                ],
                "cautions": found.cautions,
                "contested": found.contested is not None,
            }
            for rank, found in enumerate(answer.suggestions, 1)
        ],
    }
