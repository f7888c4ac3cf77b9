"""Alembic's entry point: runs the migrations on the connection that it is handed."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection

from annuaire.db import AwareDateTime, Base
from annuaire.models import load_all

load_all()


def _plain_types(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Migrations name the database's own types: they must outlive our classes."""
    if kind == "type" and isinstance(item, AwareDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def _run(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        _migrate(connection)
        return
    # A batch migration drops and makes a table again: with foreign keys on, that would delete
    # the rows of its children, or fail (docs/decisions/0002).
    _enforce(connection, on=False)
    try:
        _migrate(connection)
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(f"migration left {len(broken)} rows without their parent")
    finally:
        _enforce(connection, on=True)


def _migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        render_item=_plain_types,
    )
    with context.begin_transaction():
        context.run_migrations()


def _enforce(connection: Connection, *, on: bool) -> None:
    """Turn foreign keys on or off, between transactions: SQLite ignores it within one, and
    SQLAlchemy would begin one to say it."""
    connection.rollback()
    driver: Any = connection.connection.driver_connection
    driver.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")


_run(context.config.attributes["connection"])
