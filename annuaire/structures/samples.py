"""The sample data that ships with the project: invented, kept apart by its source."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from annuaire.structures.models import SourceRecord
from annuaire.structures.service import Changes, end_missing

SAMPLE_SOURCE = "exemple"


def has_samples(session: Session) -> bool:
    """Whether invented structures are shown, so that every page can say it."""
    found = session.scalar(
        select(SourceRecord.id)
        .where(SourceRecord.source == SAMPLE_SOURCE, SourceRecord.ended_on.is_(None))
        .limit(1)
    )
    return found is not None


def end_samples(session: Session, today: date) -> int:
    """End every sample structure, in the caller's transaction; returns how many. What real
    sources say stays."""
    changes = Changes()
    end_missing(session, SAMPLE_SOURCE, set(), today, changes)
    return len(changes.ended)
