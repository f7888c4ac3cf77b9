"""What is found for one line of a plan: activity, how many structures, the best ones, the route."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy.orm import Session

from annuaire.activities.taxonomy import taxonomy
from annuaire.advising.allotting import SMALL
from annuaire.advising.offering import Offer, offer
from annuaire.matching.need import Need, need_from_form
from annuaire.matching.service import Answer, suggest
from annuaire.plans.reading import PlanLine
from search.engine import Engine

BEST: Final = 3
REASONS: Final = 4  # told of each structure
CAUTIONS: Final = 2
DEPTH_KM: Final = 50  # one of the distances that the offer is counted at


@dataclass(frozen=True, slots=True)
class Setting:
    """What a whole plan has in common: the place of lines that name none, the buyer as
    `annuaire.matching.buyers` keys it, the day on which one asks."""

    today: date
    place: str | None = None
    buyer_key: str | None = None


def answer_line(
    session: Session, engine: Engine, line: PlanLine, setting: Setting
) -> dict[str, Any]:
    """The answer as JSON values. Raises EngineUnavailable."""
    need = need_of_line(line, setting)
    answer = suggest(session, engine, need, setting.today, limit=BEST)
    return _told(answer, offer(session, engine, need, setting.today))


def need_of_line(line: PlanLine, setting: Setting) -> Need:
    """The need of a line; its place is read by the gazetteer alone: a plan has a thousand."""
    return need_from_form(
        line.what,
        on=line.on or setting.today,
        place=line.place or setting.place,
        amount_eur=line.amount_eur,
        nature=line.nature,
        cpv=line.cpv,
        months=line.months,
        clause_types=(line.reserved,) if line.reserved else (),
        buyer_key=setting.buyer_key,
    )


def _told(answer: Answer, found: Offer) -> dict[str, Any]:
    need = answer.need
    code = need.activities[0][0] if need.activities else None
    # A line is one purchase: a route open to small lots of it alone is none for the whole.
    route = next((r for r in answer.route if r.code not in SMALL), None)
    counted = [found.note] if found.verdict and found.note else []
    return {
        "activity": taxonomy().label(code) if code else None,
        "place": need.place_label,
        "depth": found.within(DEPTH_KM),
        "verdict": found.verdict.label if found.verdict else None,
        "best": [
            {
                "key": one.key,
                "siret": one.siret,
                "name": one.name,
                "city": one.city,
                "distance_km": one.distance_km,
                "score": one.score,
                "score_label": one.score_label,
                "reasons": [sentence for sentence, _ in one.reasons[:REASONS]],
                "cautions": list(one.cautions[:CAUTIONS]),
            }
            for one in answer.suggestions
        ],
        "route": route.title if route else None,
        "articles": list(route.articles) if route else [],
        "groups": [group.sentence for group in answer.grouping.groups[:1]],
        "gaps": list(answer.grouping.gaps),
        "assumptions": [*answer.assumptions, *counted],
    }


def as_values(line: PlanLine) -> dict[str, Any]:
    """A line as JSON values."""
    return asdict(line) | {"on": line.on.isoformat() if line.on else None}
