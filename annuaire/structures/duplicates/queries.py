"""What the review of likely duplicates asks of the database."""

from collections.abc import Iterable

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import aliased

from annuaire.structures.duplicates.models import DuplicateDecision

_Undoing = aliased(DuplicateDecision)


def active_joins(keys: Iterable[str]) -> Select[int, str, str]:
    """The decisions that join structures of these keys and stand today, the oldest first."""
    found = list(keys)
    undone = select(_Undoing.id).where(_Undoing.undoes_id == DuplicateDecision.id)
    return (
        select(DuplicateDecision.id, DuplicateDecision.other_key, DuplicateDecision.kept_key)
        .where(
            DuplicateDecision.verdict == "accept",
            or_(DuplicateDecision.other_key.in_(found), DuplicateDecision.kept_key.in_(found)),
            ~undone.exists(),
        )
        .order_by(DuplicateDecision.id)
    )
