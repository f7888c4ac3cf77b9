"""The worker of purchase plans: takes one at a time, answers its lines, can be killed anywhere.

A plan is held for a while that each batch renews; the lines done are kept batch by batch. When a
worker is lost, the next one goes on where it stopped, once the while is over.
"""

import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, cast

from sqlalchemy import CursorResult, insert, or_, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from annuaire.db import reading, writing
from annuaire.errors import AnnuaireError
from annuaire.matching.buying import buyer_key
from annuaire.plans import queries
from annuaire.plans.answering import Setting, answer_line, as_values
from annuaire.plans.models import PurchasePlan, PurchasePlanLine
from annuaire.plans.reading import PlanLine, Refusal
from annuaire.plans.service import read_content
from search.engine import Engine, EngineUnavailable

log = logging.getLogger(__name__)

HELD: Final = timedelta(seconds=60)
BATCH: Final = 20  # lines answered between two writes
INSERTED: Final = 500
DEFECT: Final = (
    "Cette ligne n'a pas pu être traitée : un défaut de notre côté, que nous avons noté."
)


@dataclass(frozen=True, slots=True)
class Worker:
    """Who works: a name that no other has, the moment and the day it is."""

    name: str
    now: Callable[[], datetime]
    today: Callable[[], date]


def work_once(session: Session, engine: Engine, worker: Worker) -> bool:
    """Take a plan that waits, or that a lost worker left, and answer it; False when there is none.

    Raises EngineUnavailable: the plan stays held for a while, then anybody may take it.
    """
    plan_id = _take(session, worker)
    if plan_id is None:
        return False
    if _read(session, plan_id, worker):
        while _batch(session, engine, plan_id, worker):
            pass
    return True


def _take(session: Session, worker: Worker) -> int | None:
    """Hold a free plan for this worker: of two that try, one has it."""
    session.rollback()
    plan_id = reading(session).scalar(queries.free_plans(worker.now()))
    session.rollback()
    if plan_id is None:
        return None
    now = worker.now()
    with writing(session):
        taken = session.execute(
            update(PurchasePlan)
            .where(
                PurchasePlan.id == plan_id,
                PurchasePlan.state.in_(("waiting", "running")),
                or_(PurchasePlan.held_until.is_(None), PurchasePlan.held_until < now),
            )
            .values(worker=worker.name, held_until=now + HELD, state="running")
        )
    return plan_id if _count(taken) else None


def _renew(session: Session, plan_id: int, worker: Worker, **values: Any) -> bool:
    """Hold the plan a while longer, in the caller's transaction; False when it was lost."""
    kept = session.execute(
        update(PurchasePlan)
        .where(PurchasePlan.id == plan_id, PurchasePlan.worker == worker.name)
        .values(held_until=worker.now() + HELD, **values)
    )
    return bool(_count(kept))


def _read(session: Session, plan_id: int, worker: Worker) -> bool:
    """Turn the file into lines, once; False when it is refused or was lost meanwhile."""
    plan = reading(session).get_one(PurchasePlan, plan_id)
    content = plan.content
    session.rollback()
    if content is None:
        return True
    try:
        lines = read_content(content)
    except AnnuaireError as error:
        with writing(session):
            _renew(session, plan_id, worker, state="refused", message=error.message, content=None)
        return False
    with writing(session):
        if not _renew(session, plan_id, worker, content=None):
            return False
        for start in range(0, len(lines), INSERTED):
            page = enumerate(lines[start : start + INSERTED], start)
            session.execute(insert(PurchasePlanLine), [_row(plan_id, *each) for each in page])
    return True


def _row(plan_id: int, position: int, line: PlanLine) -> dict[str, Any]:
    return {
        "plan_id": plan_id,
        "position": position,
        "done": bool(line.refusals),
        "given": as_values(line),
        "answer": None,
    }


def _batch(session: Session, engine: Engine, plan_id: int, worker: Worker) -> bool:
    """Answer some lines; False when none is left, or when the plan was lost or erased."""
    reading(session)
    rows = session.execute(queries.lines_to_do(plan_id, BATCH)).all()
    setting = _setting(session, plan_id, worker) if rows else None
    answers = [_answer(session, engine, row, setting) for row in rows] if setting else []
    with writing(session):
        if not answers:
            _renew(session, plan_id, worker, state="done")
            return False
        if not _renew(session, plan_id, worker):
            return False
        session.execute(update(PurchasePlanLine), answers)
    return True


def _answer(session: Session, engine: Engine, row: Any, setting: Setting) -> dict[str, Any]:
    """The row of a line with its answer. A defect of ours on one line is logged and said there:
    the other lines go on."""
    given = row.given
    try:
        answer = answer_line(session, engine, line_of(given), setting)
    except (EngineUnavailable, SQLAlchemyError):
        raise
    except Exception:
        log.exception("purchase plan line %s", row.id)
        refusal = asdict(Refusal("ligne", DEFECT))
        return {"id": row.id, "done": True, "given": given | {"refusals": [refusal]}, "answer": {}}
    return {"id": row.id, "done": True, "given": given, "answer": answer}


def _setting(session: Session, plan_id: int, worker: Worker) -> Setting | None:
    plan = session.get(PurchasePlan, plan_id)
    if plan is None:
        return None
    key = buyer_key(session, plan.buyer, plan.place) if plan.buyer else None
    return Setting(worker.today(), plan.place, key)


def line_of(given: dict[str, Any]) -> PlanLine:
    """A line again, from its JSON values."""
    day, refused = given["on"], given["refusals"]
    return PlanLine(
        **given
        | {
            "on": date.fromisoformat(day) if day else None,
            "refusals": tuple(Refusal(**each) for each in refused),
        }
    )


def _count(result: object) -> int:
    return cast(CursorResult[Any], result).rowcount
