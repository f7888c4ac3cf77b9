"""The migrations lead from nothing to the models and back, and never lose a row on the way."""

from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, create_engine, inspect, text

from annuaire.db import Base
from annuaire.migrate import downgrade, is_current, newest, revisions, upgrade
from annuaire.models import load_all
from tests.factories.databases import NewDatabase
from tests.factories.filling import Content, content, fill, lost


@pytest.fixture
def engine(new_database: NewDatabase) -> Iterator[Engine]:
    """A database that holds nothing, not even our tables."""
    load_all()
    engine = create_engine(new_database(migrated=False))
    yield engine
    engine.dispose()


def filled(engine: Engine) -> Content:
    """What the tables hold once each has rows."""
    with engine.begin() as connection:
        fill(connection)
    return stored(engine)


def stored(engine: Engine) -> Content:
    with engine.connect() as connection:
        return content(connection)


def test_upgrade_of_an_empty_database_gives_the_models(engine: Engine) -> None:
    upgrade(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, Base.metadata) == []
    assert is_current(engine)
    assert newest() == revisions()[-1][1]


def test_upgrade_of_a_current_database_changes_nothing(engine: Engine) -> None:
    upgrade(engine)
    before = filled(engine)
    upgrade(engine)
    assert stored(engine) == before


def test_downgrade_to_nothing_and_up_again(engine: Engine) -> None:
    upgrade(engine)
    filled(engine)
    downgrade(engine, "base")
    assert not is_current(engine)
    assert set(inspect(engine).get_table_names()) == {"alembic_version"}
    upgrade(engine)
    assert is_current(engine)


def test_each_migration_of_a_filled_database_loses_nothing(engine: Engine) -> None:
    """Forward on filled tables, a step back, forward again: for every migration that there is."""
    old: Content = {}
    for before, after in revisions():
        upgrade(engine, after)
        new = filled(engine)  # what was empty alone is filled
        assert lost(old, new) == [], after
        assert all(new.values()), after
        downgrade(engine, before)
        assert lost(old, stored(engine)) == [], after
        upgrade(engine, after)
        again = stored(engine)
        assert set(again) == set(new), after
        assert lost(old, again) == [], after
        old = filled(engine)


def test_the_newest_form_keeps_what_any_older_one_held(engine: Engine) -> None:
    first = revisions()[0][1]
    upgrade(engine, first)
    old = filled(engine)
    upgrade(engine)
    assert lost(old, stored(engine)) == []


def test_new_rows_go_on_after_those_that_were_copied(engine: Engine) -> None:
    """A table made anew by a migration numbers its next row after the last."""
    upgrade(engine)
    insert = text("INSERT INTO buyer (key, name) VALUES (:key, 'Commune d''essai') RETURNING id")
    with engine.begin() as connection:
        first = connection.scalar(insert, {"key": "a"})
    downgrade(engine, revisions()[0][1])
    upgrade(engine)
    with engine.begin() as connection:
        assert connection.scalar(insert, {"key": "b"}) > first


@pytest.mark.database("sqlite")
def test_foreign_keys_are_on_again_after_a_migration(engine: Engine) -> None:
    upgrade(engine)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
