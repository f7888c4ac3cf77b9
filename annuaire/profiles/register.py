"""What a profile tells the register, as a source of its own: « profil » (docs/decisions/0022).

Its record is merged like those of directories, before them all; what no directory has stays in
the profile's own table.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session

from annuaire import outbox, runs
from annuaire.profiles.fields import FIELDS
from annuaire.structures import additions
from annuaire.structures.decided import PROFILE
from annuaire.structures.models import SourceRecord, Structure


def told(content: Mapping[str, Any]) -> dict[str, Any]:
    """The part of a profile that is the register's, by its columns."""
    return {
        field.register: content[field.name]
        for field in FIELDS
        if field.register and content.get(field.name)
    }


def tell(session: Session, structure: Structure, content: Mapping[str, Any], today: date) -> None:
    """Have a structure worked out again with what its profile now says, and found so, in the
    caller's transaction. Nothing is written of the register that is there already."""
    data = told(content)
    news = additions.additions(session, PROFILE, {structure.id: data}) if data else []
    if news:
        run_id = runs.open_run(session, PROFILE, f"fiche de {structure.key}")
        additions.add(session, PROFILE, run_id, news, today)
        runs.close_run(session, run_id, "done", {"read": 1, "accepted": 1, "updated": 1})
    if gone := session.execute(_outdated(structure, empty=not data)).all():
        additions.take_back(session, [(row.id, row.structure_id) for row in gone], today)
    structure.updated_at = datetime.now(UTC)
    session.flush()
    outbox.announce(session, "structures", [structure.id])  # its document holds the rest too


def _outdated(structure: Structure, *, empty: bool) -> Select[int, int]:
    """The living records of the profile that say what it says no more: under a number that the
    structure left, and its own when it is `empty`. That of a structure joined to it stays, for
    the day when the two are parted."""
    joined = select(Structure.id).where(
        Structure.key == SourceRecord.source_key, Structure.id != structure.id
    )
    former = and_(SourceRecord.source_key != structure.key, ~joined.exists())
    own = SourceRecord.source_key == structure.key
    return (
        select(SourceRecord.id, SourceRecord.structure_id)
        .where(
            SourceRecord.source == PROFILE,
            SourceRecord.structure_id == structure.id,
            SourceRecord.ended_on.is_(None),
            or_(former, own) if empty else former,
        )
        .order_by(SourceRecord.id)
    )
