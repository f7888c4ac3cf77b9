"""What a profile tells the register, as a source of its own: « profil » (docs/decisions/0022).

Its record is merged like those of directories, before them all; what no directory has stays in
the profile's own table.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from annuaire import outbox, runs
from annuaire.profiles.fields import FIELDS
from annuaire.structures import additions
from annuaire.structures.models import SourceRecord, Structure

SOURCE: Final = "profil"


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
    if data:
        if found := additions.additions(session, SOURCE, {structure.id: data}):
            run_id = runs.open_run(session, SOURCE, f"fiche de {structure.key}")
            additions.add(session, SOURCE, run_id, found, today)
            runs.close_run(session, run_id, "done", {"read": 1, "accepted": 1, "updated": 1})
    elif living := session.execute(
        select(SourceRecord.id, SourceRecord.structure_id).where(
            SourceRecord.source == SOURCE,
            SourceRecord.source_key == structure.key,
            SourceRecord.ended_on.is_(None),
        )
    ).all():
        additions.take_back(session, [(row.id, row.structure_id) for row in living], today)
    outbox.announce(session, "structures", [structure.id])  # its document holds the rest too
