"""What a held reading did not find: kept until a person says whether it is gone, then ended by a
job, or listed again by another."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import date

from sqlalchemy import Select, delete, func, insert, select
from sqlalchemy.orm import Session

from annuaire.db import writing
from annuaire.errors import InvalidInputError
from annuaire.runs import HeldRemoval, ImportRun, is_newest
from annuaire.sql import among, plain
from annuaire.structures.models import SourceRecord, Structure
from annuaire.structures.upserting import PAGE, date_end, missing

#: From the state of a run, what each decision makes of it.
ACCEPT, REFUSE = {"held": "accepted"}, {"held": "kept"}
UNDO = {"accepted": "held", "kept": "held", "done": "restoring"}
#: What the job makes of it.
APPLIED = {"accepted": "done", "restoring": "held"}
READ_SINCE = (
    "Cette source a été lue de nouveau depuis : c’est la lecture la plus récente qui compte."
)
NOT_THERE = "Cette lecture n’en est plus là : rechargez la page."
NOTHING_READ = (
    "Ce fichier ne contient aucune fiche qui puisse être lue : ses retraits ne s’acceptent pas. "
    "Relisez un fichier complet."
)


def hold_missing(session: Session, source: str, kept_keys: set[str], run_id: int) -> None:
    """Keep, in the caller's transaction, which records of a source its reading did not find."""
    gone = missing(session, source, kept_keys)
    for start in range(0, len(gone), PAGE):
        rows = [{"run_id": run_id, "record_id": each} for each, _ in gone[start : start + PAGE]]
        session.execute(insert(HeldRemoval), rows)


def count_held(session: Session, run_id: int) -> int:
    """How many records a reading did not find."""
    wanted = select(func.count()).where(HeldRemoval.run_id == run_id)
    return session.scalar(wanted) or 0


def names_held(run_id: int, limit: int) -> Select[str, str]:
    """The structures of these records, by name: (key, name)."""
    return (
        select(Structure.key, Structure.name)
        .join(SourceRecord, SourceRecord.structure_id == Structure.id)
        .join(HeldRemoval, HeldRemoval.record_id == SourceRecord.id)
        .where(HeldRemoval.run_id == run_id)
        .order_by(plain(Structure.name), Structure.id, SourceRecord.id)
        .limit(limit)
    )


def decide(session: Session, run_id: int, moves: dict[str, str]) -> None:
    """Move a run by ACCEPT, REFUSE or UNDO, in the caller's transaction: a job does the rest.
    Raises InvalidInputError when it was read since, or when it is elsewhere by now."""
    wanted = select(ImportRun).where(ImportRun.id == run_id).with_for_update()
    run = session.scalars(wanted).one()
    if not is_newest(session, run):
        raise InvalidInputError(READ_SINCE)
    if run.state not in moves:
        raise InvalidInputError(NOT_THERE)
    if moves is ACCEPT and not count_held(session, run_id):
        raise InvalidInputError(NOTHING_READ)
    run.state = moves[run.state]
    session.flush()


def apply_decided(
    session: Session, importing: AbstractContextManager[None], today: date
) -> Iterator[tuple[ImportRun, int]]:
    """Do what was decided of held readings, each in a transaction of its own, while no file is
    read (`importing`, whose error is raised when one is); gives each run and how many structures
    ended or are listed again."""
    if not session.scalars(select(ImportRun.id).where(ImportRun.state.in_(APPLIED))).first():
        return
    with importing:
        decided = select(ImportRun.id).where(ImportRun.state.in_(APPLIED)).order_by(ImportRun.id)
        for run_id in session.scalars(decided).all():
            with writing(session, bulk=True):
                run = session.get_one(ImportRun, run_id)
                newest = is_newest(session, run)
                count = _apply(session, run, today) if newest else 0
                run.state = APPLIED[run.state] if newest else "held"
                session.flush()
            yield run, count


def forget_older(session: Session) -> None:
    """Let go, in the caller's transaction, of what readings that were followed by another did not
    find: nothing is decided of them any more."""
    newest = select(func.max(ImportRun.id)).group_by(plain(ImportRun.source))
    session.execute(delete(HeldRemoval).where(HeldRemoval.run_id.not_in(newest)))


def _apply(session: Session, run: ImportRun, today: date) -> int:
    """Records that were listed again since, or that ended otherwise, are left as they are."""
    ends = run.state == "accepted"
    ids = session.scalars(select(HeldRemoval.record_id).where(HeldRemoval.run_id == run.id)).all()
    state = SourceRecord.ended_on.is_(None) if ends else SourceRecord.ended_on.is_not(None)
    rows = session.execute(
        select(SourceRecord.id, SourceRecord.structure_id)
        .where(among(SourceRecord.id, ids), state)
        .order_by(SourceRecord.id)
    ).all()
    records = [(row.id, row.structure_id) for row in rows]
    date_end(session, run.source, records, today if ends else None, today, run.id)
    run.counts = run.counts | {"ended": len(records) if ends else 0}
    return len(records)
