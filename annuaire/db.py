"""The database: base of the models, engine rules, sessions.

SQLite needs three rules that its driver does not follow by itself (docs/decisions/0002):
we say BEGIN ourselves, a transaction that will write begins IMMEDIATE, and WAL lets readers go on.
PostgreSQL is asked for what SQLite then gives: a reader sees the database as it stood when it
began, and those who write in bulk take turns (docs/decisions/0008).
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Lock
from typing import Any, Final

import orjson
from flask_sqlalchemy_lite import SQLAlchemy
from sqlalchemy import DateTime, Engine, MetaData, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

db = SQLAlchemy()

# Advisory locks of PostgreSQL are numbers that a database's users agree on: ours are « ANNU » and
# one more.
BULK_TURN: Final = 0x414E4E550001
IMPORT_LOCK: Final = 0x414E4E550002


def engine_options(url: str) -> dict[str, Any]:
    """How to open the database at `url`: JSON columns go through orjson, several times faster; a
    connection that a server dropped is made again before it is used."""
    options = {"url": url, "json_serializer": _dumps, "json_deserializer": orjson.loads}
    return options | {"pool_pre_ping": not url.startswith("sqlite")}


def _dumps(value: object) -> str:
    return orjson.dumps(value).decode()


class Base(DeclarativeBase):
    """Base of every model; constraint names are fixed so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class AwareDateTime(TypeDecorator[datetime]):
    """An aware datetime, kept in UTC whatever the database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


@event.listens_for(Engine, "connect")
def _set_up_sqlite(dbapi_connection: object, _record: object) -> None:
    if isinstance(dbapi_connection, sqlite3.Connection):
        dbapi_connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "busy_timeout=15000",
            "foreign_keys=ON",
            "synchronous=NORMAL",
        ):
            dbapi_connection.execute(f"PRAGMA {pragma}")


def hold_little(engine: Engine) -> None:
    """Have each connection of a process that serves keep 1 MB of an SQLite database instead of 2:
    each of its threads has one, and the system keeps the same pages once for all."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda held, _: held.execute("PRAGMA cache_size = -1000"))


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        read_only = connection.get_execution_options().get("read")
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


@contextmanager
def writing(session: Session, *, bulk: bool = False) -> Iterator[Session]:
    """One unit of work: commits when it ends well, rolls everything back otherwise.

    A session that only reads never blocks a writer for long: reading sessions are marked by
    `reading`, and every other transaction takes SQLite's write lock from its start. PostgreSQL
    locks rows instead; a `bulk` unit, which writes many in an order of its own, waits there for
    the one before it, even one whose process was just killed.
    """
    session.rollback()
    try:
        if bulk:
            take_turn(session)
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise


def take_turn(session: Session) -> None:
    """Wait, in the caller's transaction, for the `bulk` unit before this one: nothing to do where
    one writer at a time is the rule."""
    if is_postgresql(session):
        session.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": BULK_TURN})


def reading(session: Session) -> Session:
    """Mark the transaction about to begin as reading only: SQLite then takes no write lock, and
    PostgreSQL shows the database as it stood at the transaction's first question."""
    if not session.in_transaction():
        options = _SNAPSHOT if is_postgresql(session) else {"read": True}
        session.connection(execution_options=options)
    return session


_SNAPSHOT: Final = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


def data_version(session: Session) -> str:
    """Something that is another once anything was committed to the database, by whomever; two
    equal ones stand for the same data, as long as this process lives.

    To be asked before the data: what is then read is at least as new. In PostgreSQL it is the
    snapshot that the transaction reads; in SQLite, what one connection that stays open and never
    writes sees of the others' commits (PRAGMA data_version).
    """
    if is_postgresql(session):
        return str(session.scalar(text("SELECT pg_current_snapshot()::text")))
    engine = session.get_bind().engine
    with _WATCHING:
        watch = _WATCHES.get(engine)
        if watch is None:
            watch = sqlite3.connect(engine.url.database or "", check_same_thread=False)
            _WATCHES[engine] = watch
            event.listen(engine, "engine_disposed", _stop_watching)
        return str(watch.execute("PRAGMA data_version").fetchone()[0])


def _stop_watching(engine: Engine) -> None:
    with _WATCHING:
        if watch := _WATCHES.pop(engine, None):
            watch.close()


_WATCHING: Final = Lock()
_WATCHES: Final[dict[Engine, sqlite3.Connection]] = {}


def is_postgresql(session: Session) -> bool:
    """Whether the session's database is PostgreSQL."""
    return session.get_bind().dialect.name == "postgresql"


@contextmanager
def holding(session: Session, lock: int) -> Iterator[bool]:
    """Hold one of PostgreSQL's advisory locks: yields whether it was free. It is freed at the end,
    or with this process."""
    engine = session.get_bind().engine
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        free = connection.scalar(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": lock})
        try:
            yield bool(free)
        finally:
            connection.invalidate()  # closed, not lent again: the lock goes with it


def insert_for(session: Session, table: Any) -> Any:
    """The dialect's INSERT, which knows ON CONFLICT DO UPDATE, for `table`."""
    if is_postgresql(session):
        return postgresql.insert(table)
    return sqlite.insert(table)
