"""The database brought to the newest form, and back, by the migrations."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine, inspect, text

if TYPE_CHECKING:
    from alembic.config import Config

# Alembic is loaded by what migrates alone: every command asks whether the database is current.
MIGRATIONS = Path(__file__).parent / "migrations"


def _config() -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    return config


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the database up to `revision`; a database already there is left as it is."""
    from alembic import command

    with engine.connect() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        connection.commit()


def downgrade(engine: Engine, revision: str) -> None:
    """Bring the database back to `revision` (« base »: nothing, « -1 »: one step)."""
    from alembic import command

    with engine.connect() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.downgrade(config, revision)
        connection.commit()


def is_current(engine: Engine) -> bool:
    """Whether the database has the form that this code expects."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return False
        stored = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return bool(stored == newest())


def newest() -> str:
    """The number of the newest migration: files are named after theirs."""
    return max(path.name.partition("_")[0] for path in MIGRATIONS.glob("versions/*.py"))


def revisions() -> list[tuple[str, str]]:
    """Every migration as the revisions that it leads from and to, the oldest first; the first one
    leads from « base »."""
    from alembic.script import ScriptDirectory

    found = reversed(list(ScriptDirectory.from_config(_config()).walk_revisions()))
    return [(str(script.down_revision or "base"), script.revision) for script in found]


def make_revision(engine: Engine, message: str, revision: str) -> None:
    """Write the migration from the database's form to the models' (for developers)."""
    from alembic import command

    with engine.connect() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.revision(config, message, autogenerate=True, rev_id=revision)
