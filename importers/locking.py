"""Who works alone: one import into a database at a time, one download of a source, one
export."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.orm import Session

from annuaire.db import IMPORT_LOCK, holding, is_postgresql
from annuaire.errors import AnnuaireError


class ImportBusy(AnnuaireError):  # noqa: N818
    """Another import is under way, another download of the same source, or another export."""


@contextmanager
def importing(session: Session, lock: Path) -> Iterator[None]:
    """One import at a time into this database: a file's lock for SQLite, PostgreSQL's own where
    several machines may import. Either dies with its process. Raises ImportBusy."""
    busy = "Une autre lecture est en cours : attendez qu'elle finisse, puis relancez."
    session.rollback()
    if not is_postgresql(session):
        with alone(lock, busy):
            yield
        return
    with holding(session, IMPORT_LOCK) as free:
        if not free:
            raise ImportBusy(busy)
        yield


@contextmanager
def alone(lock: Path, busy: str) -> Iterator[None]:
    """Hold the lock of a file on this machine; it dies with its process.

    Raises ImportBusy with the words `busy` when another holds it.
    """
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ImportBusy(busy) from None
        yield
