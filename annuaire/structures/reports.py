"""What visitors report of structures: kept, read, answered, then erased."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final, cast

from sqlalchemy import CursorResult, Row, Select, func, or_, select, update
from sqlalchemy.orm import Session

from annuaire.errors import InvalidInputError, NotFoundError
from annuaire.sql import possible
from annuaire.structures.decision_models import StructureReport
from annuaire.structures.models import Structure
from annuaire.structures.report_form import Reported

STATES: Final = {"new": "à traiter", "answered": "répondu"}
#: Six months after its answer, nothing of what a person wrote is kept (told on the form).
KEPT: Final = timedelta(days=183)
MAX_ANSWER: Final = 5_000

Listed = Row[StructureReport, str, str]


def file_report(session: Session, structure: Structure, reported: Reported) -> int:
    """Keep what a visitor reports, in the caller's transaction; returns its number. Nothing of the
    structure changes: a person reads and decides."""
    report = StructureReport(
        structure_id=structure.id,
        kind=reported.kind,
        text=reported.text,
        email=reported.email,
        state="new",
        created_at=datetime.now(UTC),
    )
    session.add(report)
    session.flush()
    return report.id


def reports(state: str | None = None) -> Select[StructureReport, str, str]:
    """Reports with the key and name of their structure, the oldest that await first."""
    found = _reports().order_by(
        StructureReport.state == "answered", StructureReport.created_at, StructureReport.id
    )
    return found.where(StructureReport.state == state) if state else found


def count_reports(state: str | None = None) -> Select[int]:
    """How many reports there are in a state, or in all."""
    found = select(func.count()).select_from(StructureReport)
    return found.where(StructureReport.state == state) if state else found


def reports_from(structure_id: int, email: str) -> Select[StructureReport]:
    """What one address reported of a structure and is still kept, the newest first."""
    return (
        select(StructureReport)
        .where(
            StructureReport.structure_id == structure_id,
            func.lower(StructureReport.email) == email.lower(),
        )
        .order_by(StructureReport.id.desc())
    )


def report_by_id(session: Session, report_id: int) -> Listed:
    """One report with the key and name of its structure. Raises NotFoundError."""
    wanted = _reports().where(StructureReport.id == report_id)
    found = session.execute(wanted).one_or_none() if possible(report_id) else None
    if found is None:
        raise NotFoundError(f"Aucun signalement ne porte le numéro {report_id}.")
    return found


def _reports() -> Select[StructureReport, str, str]:
    return select(StructureReport, Structure.key, Structure.name).join(
        Structure, Structure.id == StructureReport.structure_id
    )


def answer(session: Session, report_id: int, text: str, author: str) -> StructureReport:
    """Keep the answer to a report, in the caller's transaction. Raises NotFoundError, and
    InvalidInputError when it is empty, too long, or given already."""
    report: StructureReport = report_by_id(session, report_id)[0]
    if report.state == "answered":
        raise InvalidInputError(f"Le signalement {report_id} a déjà sa réponse.")
    if not text.strip() or len(text) > MAX_ANSWER:
        raise InvalidInputError(f"Écrivez une réponse, en {MAX_ANSWER} signes au plus.", "text")
    if not author.strip():
        raise InvalidInputError("Dites qui répond (--by).", "by")
    report.state, report.answer, report.answered_by = "answered", text.strip(), author.strip()
    report.answered_at = datetime.now(UTC)
    return report


def purge(session: Session, now: datetime) -> int:
    """Erase text, e-mail and answer of the reports answered more than six months ago, in the
    caller's transaction; what remains is that there was one. Returns how many were erased."""
    statement = (
        update(StructureReport)
        .where(
            StructureReport.answered_at < now - KEPT,
            or_(
                StructureReport.text.is_not(None),
                StructureReport.email.is_not(None),
                StructureReport.answer.is_not(None),
            ),
        )
        .values(text=None, email=None, answer=None)
    )
    return cast(CursorResult[Any], session.execute(statement)).rowcount


def export_of(session: Session, email: str) -> list[dict[str, Any]]:
    """The reports that the person of an address sent, while their text is kept."""
    mine = select(StructureReport, Structure.key).join(
        Structure, Structure.id == StructureReport.structure_id
    )
    found = mine.where(func.lower(StructureReport.email) == email).order_by(StructureReport.id)
    return [
        {
            "structure": key,
            "kind": report.kind,
            "text": report.text,
            "created_at": report.created_at.isoformat(),
            "answer": report.answer,
        }
        for report, key in session.execute(found)
    ]


def move(session: Session, before: str, after: str) -> None:
    """Have the reports of an address stand under another, in the caller's transaction."""
    mine = func.lower(StructureReport.email) == before
    session.execute(update(StructureReport).where(mine).values(email=after))


def erase(session: Session, email: str) -> int:
    """Erase what the person of an address wrote, in the caller's transaction; returns how many
    reports had it."""
    statement = (
        update(StructureReport)
        .where(func.lower(StructureReport.email) == email)
        .values(text=None, email=None, answer=None)
    )
    return cast(CursorResult[Any], session.execute(statement)).rowcount
