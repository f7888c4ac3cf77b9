"""Which rows somebody accepted, for the queues whose items only wait to be seen."""

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from annuaire.moderation.models import ModerationDecision


def accepted(
    queue: str, item_id: InstrumentedAttribute[int], *more: ColumnElement[bool]
) -> ColumnElement[bool]:
    """Whether somebody accepted an item of a queue, and nobody took that back; `more` is asked of
    the decision too."""
    undone = aliased(ModerationDecision)
    return (
        select(ModerationDecision.id)
        .where(
            ModerationDecision.queue == queue,
            ModerationDecision.item_id == item_id,
            ModerationDecision.verdict == "accept",
            ~select(undone.id).where(undone.undoes == ModerationDecision.id).exists(),
            *more,
        )
        .exists()
    )
