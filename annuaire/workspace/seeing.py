"""How often structures are seen: noted in a file at each page, counted by a job.

A page appends one short line to the file of its hour, and asks nothing of the database. Nothing
says who reads: neither address nor account. A file is counted once its hour is over, in the
transaction that notes its name; a job that was killed counts nothing twice.
"""

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final, TypeVar
from urllib.parse import quote, unquote

from sqlalchemy import Select, and_, delete, func, select
from sqlalchemy.orm import Session

from annuaire.contracts.models import Contract
from annuaire.contracts.models import Lot as ContractLot
from annuaire.db import insert_for, writing
from annuaire.sql import plain
from annuaire.structures.queries import ids_at
from annuaire.wording import PARIS
from annuaire.workspace.models import SeenCount, SeenFile, SeenLot

WHAT: Final = {"p": "page", "s": "suggestion"}
Lot = tuple[str, str]  # the reference of its contract, its number
FOLDER: Final = "seen"
ROBOTS: Final = Path(__file__).parent / "data" / "robots.txt"
SETTLED: Final = timedelta(minutes=2)  # after its hour, nobody writes in a file any more
KEPT: Final = timedelta(days=730)
_HOUR: Final = "%Y-%m-%dT%H"
_BATCH: Final = 500
Row = TypeVar("Row")


@cache
def _robots() -> tuple[str, ...]:
    lines = ROBOTS.read_text(encoding="utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


def is_robot(agent: str) -> bool:
    """Whether a program, by how it calls itself; one that says nothing is one."""
    plain = agent.lower()
    return not plain or any(part in plain for part in _robots())


def note(
    folder: Path, what: str, keys: Iterable[str], now: datetime, lot: Lot | None = None
) -> None:
    """Note that structures were seen ("p" their page, "s" among suggestions, of a published lot or
    of a need). A disk that refuses loses the line, and no page."""
    line = " ".join([what + "".join(f"@{quote(part, safe='')}" for part in lot or ()), *keys])
    path = folder / FOLDER / f"{now.astimezone(UTC).strftime(_HOUR)}.log"
    try:
        path.parent.mkdir(exist_ok=True)
        handle = os.open(path, os.O_APPEND | os.O_CREAT | os.O_WRONLY, 0o644)
        try:
            os.write(handle, f"{line}\n".encode())  # whole: one write of a file open to append
        finally:
            os.close(handle)
    except OSError:
        return


def count_files(session: Session, folder: Path, now: datetime) -> int:
    """Count the files whose hour is over, each in a transaction of its own; returns how many
    sightings were counted."""
    total = 0
    for path in sorted((folder / FOLDER).glob("*.log")):
        try:
            hour = datetime.strptime(path.stem, _HOUR).replace(tzinfo=UTC)
        except ValueError:
            continue
        if now < hour + timedelta(hours=1) + SETTLED:
            continue
        with writing(session):
            total += _count(session, path, hour.astimezone(PARIS).date())
        path.unlink(missing_ok=True)
    with writing(session):
        session.execute(delete(SeenFile).where(SeenFile.read_at < now - timedelta(days=7)))
        session.execute(delete(SeenCount).where(SeenCount.day < (now - KEPT).date()))
        session.execute(delete(SeenLot).where(SeenLot.last_on < (now - KEPT).date()))
    return total


def _count(session: Session, path: Path, day: date) -> int:
    """The sightings of one file, added to those of its day; 0 for a file counted before."""
    made = insert_for(session, SeenFile).values(name=path.name, read_at=datetime.now(UTC))
    new = session.scalars(made.on_conflict_do_nothing().returning(SeenFile.name)).all()
    if not new:
        return 0
    seen = Counter(_sightings(path))
    numbers: dict[str, int] = {}
    numbers.update(session.execute(ids_at(sorted({key for _, _, key in seen}))).all())
    counts: Counter[tuple[int, str]] = Counter()
    lots: Counter[tuple[int, Lot]] = Counter()
    for (what, lot, key), count in seen.items():
        if key in numbers:
            counts[numbers[key], what] += count
            if lot:
                lots[numbers[key], lot] += count
    for part in _batches(sorted(counts.items())):
        _add(session, day, dict(part))
    for of_lots in _batches(sorted(lots.items())):
        _add_lots(session, day, dict(of_lots))
    return counts.total()


def _sightings(path: Path) -> Iterator[tuple[str, Lot | None, str]]:
    with path.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            told, *keys = line.split() or [""]
            what, *lot = told.split("@")
            if what in WHAT and len(lot) in (0, 2):
                place = (unquote(lot[0])[:100], unquote(lot[1])[:100]) if lot else None
                yield from ((WHAT[what], place, key[:60]) for key in keys[:100])


def _batches(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    return (rows[start : start + _BATCH] for start in range(0, len(rows), _BATCH))


def _add_lots(session: Session, day: date, counts: Mapping[tuple[int, Lot], int]) -> None:
    rows = [
        {"structure_id": id_, "reference": lot[0], "number": lot[1], "count": n, "last_on": day}
        for (id_, lot), n in counts.items()
    ]
    made = insert_for(session, SeenLot).values(rows)
    session.execute(
        made.on_conflict_do_update(
            index_elements=["structure_id", "reference", "number"],
            set_={"count": SeenLot.count + made.excluded.count, "last_on": made.excluded.last_on},
        )
    )


def _add(session: Session, day: date, counts: Mapping[tuple[int, str], int]) -> None:
    rows = [
        {"structure_id": number, "day": day, "what": what, "count": count}
        for (number, what), count in counts.items()
    ]
    made = insert_for(session, SeenCount).values(rows)
    session.execute(
        made.on_conflict_do_update(
            index_elements=["structure_id", "day", "what"],
            set_={"count": SeenCount.count + made.excluded.count},
        )
    )


def seen_since(ids: Iterable[int], since: date) -> Select[int, str, int]:
    """How often some structures were seen since a day: (structure, what, count)."""
    return (
        select(SeenCount.structure_id, SeenCount.what, func.sum(SeenCount.count))
        .where(SeenCount.structure_id.in_(list(ids)), SeenCount.day >= since)
        .group_by(SeenCount.structure_id, SeenCount.what)
    )


def by_day(structure_id: int, since: date) -> Select[date, str, int]:
    """How often a structure was seen, day by day, the newest first."""
    return (
        select(SeenCount.day, SeenCount.what, SeenCount.count)
        .where(SeenCount.structure_id == structure_id, SeenCount.day >= since)
        .order_by(SeenCount.day.desc(), plain(SeenCount.what).desc())
    )


def lots_of(structure_id: int) -> Select[str, str, int, date, str | None]:
    """The lots that a structure was proposed for: reference and number, how often, when last, and
    the title, where the lot still stands there; the newest first."""
    return (
        select(SeenLot.reference, SeenLot.number, SeenLot.count, SeenLot.last_on, ContractLot.title)
        .outerjoin(Contract, Contract.reference == SeenLot.reference)
        .outerjoin(
            ContractLot,
            and_(ContractLot.contract_id == Contract.id, ContractLot.number == SeenLot.number),
        )
        .where(SeenLot.structure_id == structure_id)
        .order_by(SeenLot.last_on.desc(), plain(SeenLot.reference), plain(SeenLot.number))
    )
