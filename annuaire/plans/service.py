"""Purchase plans as visitors see them: received, followed by their address, erased."""

import secrets
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import delete
from sqlalchemy.orm import Session

from annuaire.db import writing
from annuaire.errors import NotFoundError
from annuaire.plans import queries
from annuaire.plans.models import PurchasePlan
from annuaire.plans.reading import HEADER_WITHIN, MAX_LINES, PlanLine, plan_lines
from importers.files.grids import grids_of_file

KEPT: Final = timedelta(days=7)
MAX_NAME: Final = 120
PAGE: Final = 200
TOKEN_BYTES: Final = 24

Answered = tuple[dict[str, Any], dict[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Progress:
    """A plan and how far it has come; `total` is 0 until its lines are read."""

    id: int
    token: str
    name: str
    place: str | None
    buyer: str | None
    state: str
    message: str | None
    created_at: datetime
    expires_at: datetime
    total: int
    done: int
    refused: int


def receive(
    session: Session,
    content: bytes,
    name: str,
    now: datetime,
    *,
    place: str | None = None,
    buyer: str | None = None,
) -> str:
    """Keep a plan for the worker; returns the token of its address."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with writing(session):
        session.add(
            PurchasePlan(
                token=token,
                name="".join(c for c in name if c.isprintable())[:MAX_NAME] or "plan d'achat",
                place=place,
                buyer=buyer,
                content=content,
                state="waiting",
                created_at=now,
                expires_at=now + KEPT,
            )
        )
    return token


def progress(session: Session, token: str, now: datetime) -> Progress:
    """How far a plan has come. Raises NotFoundError for an unknown or an expired one."""
    row = session.execute(queries.plan_by_token(token)).one_or_none()
    if row is None or row.expires_at <= now:
        raise NotFoundError(
            "Ce plan d'achat n'est pas ou plus ici : un plan est effacé sept jours après son "
            "envoi. Envoyez-le à nouveau."
        )
    counts = session.execute(queries.counts_of(row.id)).one()
    return Progress(**row._asdict(), **counts._asdict())


def answered_lines(session: Session, plan_id: int) -> Iterator[Answered]:
    """All lines of a plan in their order, each with its answer; read by pages."""
    after = -1
    while page := session.execute(queries.lines_of(plan_id, after, PAGE)).all():
        yield from ((line.given, line.answer) for line in page)
        after = page[-1].position


def page_of_lines(session: Session, plan_id: int, first: int, limit: int) -> list[Answered]:
    """The lines of a page, from a position (0 is the first)."""
    found = session.execute(queries.lines_of(plan_id, first - 1, limit))
    return [(line.given, line.answer) for line in found]


def forget(session: Session, token: str) -> None:
    """Erase a plan at its owner's demand."""
    with writing(session):
        session.execute(delete(PurchasePlan).where(PurchasePlan.token == token))


def purge(session: Session, now: datetime) -> int:
    """Erase the plans whose week is over; returns how many."""
    with writing(session):
        ids = session.scalars(
            delete(PurchasePlan).where(PurchasePlan.expires_at <= now).returning(PurchasePlan.id)
        ).all()
    return len(ids)


def read_file(path: Path) -> list[PlanLine]:
    """The lines of a file. Raises UnreadableFile and InvalidInputError."""
    return plan_lines(grids_of_file(path, MAX_LINES + HEADER_WITHIN, fill=True))


def read_content(content: bytes) -> list[PlanLine]:
    """The lines of a file that was sent. Raises UnreadableFile and InvalidInputError."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plan"  # its own name is for pages alone, never a path
        path.write_bytes(content)
        return read_file(path)
