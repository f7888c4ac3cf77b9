"""What awaits moderators, in each of their queues."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from annuaire.accounts.models import Seat, Territory
from annuaire.db import writing
from annuaire.runs import HeldRemoval, close_run, open_run
from annuaire.structures.decision_models import StructureReport
from annuaire.structures.duplicates.models import DuplicatePair
from annuaire.structures.models import SourceRecord
from tests.factories.accounts import make_user
from tests.factories.claims import NOW, structure_id


def one_in_each_queue(session: Session) -> dict[str, int]:
    """One item in each queue that decides, but for claims, edits and readings; returns their
    numbers."""
    user = make_user(session, "acheteuse@exemple.fr", buyer=True)
    facilitator = make_user(session, "facilitateur@exemple.fr", facilitator=True)
    with writing(session):
        report = StructureReport(
            structure_id=structure_id(session), kind="error", text="Faux", created_at=NOW,
            email="visiteur@exemple.fr", state="new",
        )  # fmt: skip
        pair = DuplicatePair(
            first_id=structure_id(session, 2), second_id=structure_id(session, 5),
            score=80, fingerprint="x", state="open", listed=True, found_at=NOW,
        )  # fmt: skip
        session.add_all([report, pair])
        seat = session.scalars(select(Seat).where(Seat.user_id == user)).one()
        territory = session.scalars(select(Territory).where(Territory.user_id == facilitator)).one()
        territory.granted_at = None
        session.flush()
        return {
            "signalements": report.id, "doublons": pair.id, "organisations": seat.id,
            "facilitateurs": territory.id,
        }  # fmt: skip


def held_reading(session: Session) -> int:
    """A reading that did not find one structure; returns its number."""
    with writing(session):
        run_id = open_run(session, "siae", "liste.csv")
        close_run(session, run_id, "held", {}, "1 fiche absente du fichier est conservée.")
        record_id = session.scalars(select(SourceRecord.id).order_by(SourceRecord.id)).first()
        session.add(HeldRemoval(run_id=run_id, record_id=record_id))
        return run_id
