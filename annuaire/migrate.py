"""The database brought to the newest form, and back, by the migrations."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    return config


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the database up to `revision`; a database already there is left as it is."""
    with engine.connect().execution_options() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        connection.commit()


def downgrade(engine: Engine, revision: str) -> None:
    """Bring the database back to `revision` (« base »: nothing, « -1 »: one step)."""
    with engine.connect() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.downgrade(config, revision)
        connection.commit()


def is_current(engine: Engine) -> bool:
    """Whether the database has the form that this code expects."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        return (
            context.get_current_revision()
            == ScriptDirectory.from_config(_config()).get_current_head()
        )


def revisions() -> list[tuple[str, str]]:
    """Every migration as the revisions that it leads from and to, the oldest first; the first one
    leads from « base »."""
    found = reversed(list(ScriptDirectory.from_config(_config()).walk_revisions()))
    return [(str(script.down_revision or "base"), script.revision) for script in found]


def make_revision(engine: Engine, message: str, revision: str) -> None:
    """Write the migration from the database's form to the models' (for developers)."""
    with engine.connect() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.revision(config, message, autogenerate=True, rev_id=revision)
