"""What signed-in buyers said against structures, kept by account or by the body they buy for."""

from collections.abc import Iterable

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from annuaire.matching.contesting import REASONS, Contest
from annuaire.matching.models import BuyerContest


def contests_of(session: Session, owner: str) -> list[Contest]:
    """What an owner said, the oldest first."""
    rows = session.scalars(
        select(BuyerContest).where(BuyerContest.owner == owner).order_by(BuyerContest.id)
    )
    return [
        Contest(row.key, row.reason, row.activity, row.departement, row.on)
        for row in rows
        if row.reason in REASONS
    ]


def keep_contests(session: Session, owner: str, contests: Iterable[Contest]) -> None:
    """Keep these alone for an owner, in the caller's transaction."""
    session.execute(delete(BuyerContest).where(BuyerContest.owner == owner))
    rows = [
        {
            "owner": owner,
            "key": each.key,
            "reason": each.reason,
            "activity": each.activity,
            "departement": each.departement,
            "on": each.on,
        }
        for each in contests
    ]
    if rows:
        session.execute(insert(BuyerContest), rows)
