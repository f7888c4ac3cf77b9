"""What visitors report of structures. A verdict answers; a correction or a withdrawal is made on
the structure's own page of moderation."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from annuaire.errors import InvalidInputError
from annuaire.moderation.items import By, Decided, Item, Waits
from annuaire.structures import reports
from annuaire.structures.decision_models import StructureReport
from annuaire.structures.report_form import KINDS


class ReportsQueue:
    """Both verdicts keep an answer, and mail it when an address was given."""

    name = "signalements"
    title = "Signalements"
    accept = "Répondre : c’est corrigé"
    refuse = "Répondre : sans suite"
    note = ""
    writes: frozenset[str] = frozenset()

    def waits(self, session: Session) -> Waits:
        wanted = select(func.count(), func.min(StructureReport.created_at)).where(
            StructureReport.state == "new"
        )
        return Waits(*session.execute(wanted).one())

    def page(self, session: Session, offset: int, limit: int) -> Sequence[Item]:
        rows = session.execute(reports.reports("new").offset(offset).limit(limit)).all()
        return [_item(report, key, name) for report, key, name in rows]

    def item(self, session: Session, item_id: int) -> Item:
        report, key, name = reports.report_by_id(session, item_id)
        return _item(report, key, name)

    def decide(self, session: Session, item: Item, verdict: str, by: By) -> dict[str, Any]:
        _held(session, item.id)
        reports.answer(session, item.id, by.reason, by.name)
        return {}

    def undo(self, session: Session, decided: Decided, by: By) -> None:
        report = _held(session, decided.item_id)
        if report.state != "answered":
            raise InvalidInputError("Ce signalement attend déjà une réponse.")
        report.state = "new"
        report.answer = report.answered_by = report.answered_at = None


def _held(session: Session, report_id: int) -> StructureReport:
    wanted = select(StructureReport).where(StructureReport.id == report_id).with_for_update()
    return session.scalars(wanted, execution_options={"populate_existing": True}).one()


def _item(report: StructureReport, key: str, name: str) -> Item:
    return Item(
        report.id,
        report.created_at,
        f"{name} : {KINDS[report.kind]}",
        (
            ("Texte", report.text or "(effacé)"),
            ("Adresse", report.email or "aucune : la réponse n’est pas envoyée"),
        ),
        (
            ("La page de la structure", f"/structures/{key}"),
            ("Corriger, masquer, retirer", f"/moderation/structures/{key}"),
        ),
        report.email,
    )
