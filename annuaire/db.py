"""The database: base of the models, engine rules, sessions.

SQLite needs three rules that its driver does not follow by itself (docs/decisions/0002):
we say BEGIN ourselves, a transaction that will write begins IMMEDIATE, and WAL lets readers go on.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import orjson
from flask_sqlalchemy_lite import SQLAlchemy
from sqlalchemy import DateTime, Engine, MetaData, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

db = SQLAlchemy()


def engine_options(url: str) -> dict[str, Any]:
    """How to open the database at `url`: JSON columns go through orjson, several times faster."""
    return {"url": url, "json_serializer": _dumps, "json_deserializer": orjson.loads}


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


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        read_only = connection.get_execution_options().get("read")
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


@contextmanager
def writing(session: Session) -> Iterator[Session]:
    """One unit of work: commits when it ends well, rolls everything back otherwise.

    A session that only reads never blocks a writer for long: reading sessions are marked by
    `reading`, and every other transaction takes SQLite's write lock from its start.
    """
    session.rollback()
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise


def reading(session: Session) -> Session:
    """Mark the transaction about to begin as reading only (SQLite then takes no write lock)."""
    if not session.in_transaction():
        session.connection(execution_options={"read": True})
    return session


def insert_for(session: Session, table: Any) -> Any:
    """The dialect's INSERT, which knows ON CONFLICT DO UPDATE, for `table`."""
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)
