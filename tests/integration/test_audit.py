"""The log of acts can only be added to, whoever asks the database."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from annuaire.accounts.audit import KEPT_YEARS, AuditEntry, acts_of, acts_on, record
from annuaire.db import writing


def test_log_is_added_to_and_refuses_changes(session: Session) -> None:
    with writing(session):
        record(session, "essai.acte", "structure", 3, actor_id=7, reason="vu", champ="nom")
        record(session, "essai.autre", "structure", 4, actor_id=7)
    for order in (update(AuditEntry).values(action="x"), delete(AuditEntry)):
        with pytest.raises(DBAPIError, match="only added to"), writing(session):
            session.execute(order)
    kept = session.scalars(acts_of(7)).all()
    assert [entry.action for entry in kept] == ["essai.autre", "essai.acte"]
    (entry,) = session.scalars(acts_on("structure", 3))
    assert (entry.reason, entry.details) == ("vu", {"champ": "nom"})


def test_only_what_is_past_its_time_can_be_deleted(session: Session) -> None:
    for age in (timedelta(days=365 * KEPT_YEARS - 10), timedelta(days=366 * KEPT_YEARS + 10)):
        with writing(session):
            record(session, "essai.vieux", "structure", 1, actor_id=None).at = (
                datetime.now(UTC) - age
            )
    with writing(session):
        limit = datetime.now(UTC) - timedelta(days=366 * KEPT_YEARS)
        session.execute(delete(AuditEntry).where(AuditEntry.at < limit))
    assert session.scalar(select(func.count(AuditEntry.id))) == 1


@pytest.mark.database("postgresql")
def test_log_cannot_be_emptied_whole(session: Session) -> None:
    with pytest.raises(DBAPIError, match="only added to"), writing(session):
        session.execute(text("TRUNCATE audit_log"))
