"""Alembic's entry point: runs the migrations on the connection that it is handed."""

from typing import Literal

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


def _set_foreign_keys(connection: Connection, state: Literal["ON", "OFF"]) -> None:
    """Inside a transaction SQLite ignores this pragma, and ours begins with the first statement:
    it is said to the driver, between two of them."""
    connection.rollback()
    driver = connection.connection.dbapi_connection
    assert driver is not None  # noqa: S101 - for the type: the connection is open
    driver.cursor().execute(f"PRAGMA foreign_keys={state}")


def _run(connection: Connection) -> None:
    sqlite = connection.dialect.name == "sqlite"
    if sqlite:
        # A batch migration drops and makes a table again: with foreign keys on, that would
        # delete the rows of its children (docs/decisions/0002).
        _set_foreign_keys(connection, "OFF")
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=sqlite,
        render_item=_plain_types,
    )
    with context.begin_transaction():
        context.run_migrations()
    if sqlite:
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(f"migration left {len(broken)} rows without their parent")
        _set_foreign_keys(connection, "ON")


_run(context.config.attributes["connection"])
