"""Every test here that touches a database runs on SQLite and on PostgreSQL, each time on a new
one; commands run as a user runs them, in the test's own installation.

`@pytest.mark.database("sqlite")` says of a test that its subject is one database only. When the
whole suite runs, PostgreSQL gets a third of its tests, those of `BOTH` and, drawn by their names,
others; all of them with `--long` (docs/decisions/0028), and of the files that one names.
"""

import os
import shutil
import zlib
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from annuaire.cli import annuaire
from annuaire.config import Settings
from annuaire.db import db
from tests.conftest import strict_app, throw_away
from tests.factories import databases, hooks
from tests.factories.commands import Run
from tests.factories.databases import Cluster, NewDatabase
from tests.factories.orders import refuse_own_order

DATABASES = ("sqlite", "postgresql")
#: What several do at once, what kills leave, what each database says in its own words.
BOTH = frozenset(
    f"test_{name}.py"
    for name in (
        "account_races", "alerts_at_once", "audit", "concurrency", "import_killed", "mail_faults",
        "mail_queue", "migrations", "sql",
    )
)  # fmt: skip
SHARE = 3
Fill = Callable[[Run, Path], None]
Copies = Callable[[Fill, Settings], None]
StartFrom = Callable[[Fill], Path]
ReadSites = Callable[[Fill], Flask]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database" in metafunc.fixturenames:
        only = metafunc.definition.get_closest_marker("database")
        metafunc.parametrize("database", only.args if only else DATABASES, scope="session")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out most tests on PostgreSQL when the whole suite runs: the same for everybody."""
    if config.getoption("--long") or [Path(each).name for each in config.args] != ["tests"]:
        return
    left = [item for item in items if not _runs(item)]
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if _runs(item)]


def _runs(item: pytest.Item) -> bool:
    called = getattr(item, "callspec", None)
    if called is None or called.params.get("database") != "postgresql" or item.path.name in BOTH:
        return True
    return zlib.crc32(item.nodeid.encode()) % SHARE == 0


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL server of this worker's own; without PostgreSQL, its tests say so."""
    if databases.binaries() is None:
        if os.environ.get("CI") == "true":
            pytest.fail(databases.MISSING)
        pytest.skip(databases.MISSING)
    with databases.cluster() as running:
        yield running


@pytest.fixture(autouse=True, scope="session")
def _text_in_one_order() -> Iterator[None]:
    """Fail a question whose answer comes in the order of the database's own language."""
    event.listen(Engine, "before_cursor_execute", refuse_own_order)
    yield
    event.remove(Engine, "before_cursor_execute", refuse_own_order)


@pytest.fixture
def new_database(
    database: str, sqlite_template: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[NewDatabase]:
    """Makes one more database of the kind under test: `new_database(migrated=False)`."""
    made: list[str] = []
    if database == "postgresql":
        running: Cluster = request.getfixturevalue("cluster")

        def new(*, migrated: bool = True) -> str:
            made.append(running.new(migrated=migrated))
            return made[-1]

        yield new
        for url in made:
            running.drop(url)
    else:
        numbers = count(1)

        def new(*, migrated: bool = True) -> str:
            path = tmp_path / f"base{next(numbers)}.db"
            if migrated:
                shutil.copy(sqlite_template, path)
            return f"sqlite:///{path}"

        yield new


@pytest.fixture
def database_url(new_database: NewDatabase) -> str:
    """The address of the test's database, migrated and empty."""
    return new_database()


@pytest.fixture
def run(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command line: `run("import", "siae", path)`."""
    return commands(settings, monkeypatch)


@pytest.fixture(scope="session")
def empty(
    database: str, sqlite_template: Path, request: pytest.FixtureRequest
) -> Callable[[Path], str]:
    """Makes a migrated database that holds nothing, for an installation in a folder."""

    def make(folder: Path) -> str:
        if database == "sqlite":
            return f"sqlite:///{shutil.copy(sqlite_template, folder / 'annuaire.db')}"
        running: Cluster = request.getfixturevalue("cluster")
        return running.new()

    return make


@pytest.fixture(scope="session")
def copies(
    database: str,
    empty: Callable[[Path], str],
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> Copies:
    """Makes an empty installation a copy of one filled once: `copies(fill, settings)`."""
    made: dict[Fill, Settings] = {}
    ignored = shutil.ignore_patterns("annuaire.db*", "*.lock")

    def copy(fill: Fill, settings: Settings) -> None:
        if fill not in made:
            folder = tmp_path_factory.mktemp("filled")
            made[fill] = throw_away(folder, empty(folder))
            with pytest.MonkeyPatch.context() as patch:
                fill(commands(made[fill], patch), folder)
        kept = made[fill]
        if database == "sqlite":
            databases.copy_sqlite(kept.database_url, settings.database_url)
        else:
            request.getfixturevalue("cluster").copy(kept.database_url, settings.database_url)
        shutil.copytree(kept.data_dir, settings.data_dir, ignore=ignored, dirs_exist_ok=True)

    return copy


@pytest.fixture
def start_from(copies: Copies, settings: Settings) -> StartFrom:
    """Makes the test's installation a copy of one filled once for each database, which is far
    quicker than filling it: `start_from(fill)`, before anything else. Returns its folder."""

    def start(fill: Fill) -> Path:
        copies(fill, settings)
        return settings.data_dir

    return start


@pytest.fixture(scope="session")
def read_sites(
    copies: Copies, empty: Callable[[Path], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ReadSites]:
    """Sites for tests that only read, each filled once for each database: `read_sites(fill)`."""
    made: dict[Fill, Flask] = {}

    def site(fill: Fill) -> Flask:
        if fill not in made:
            folder = tmp_path_factory.mktemp("site")
            settings = throw_away(folder, empty(folder))
            copies(fill, settings)
            made[fill] = strict_app(settings)
        return made[fill]

    yield site
    for app in made.values():
        with app.app_context():
            db.engine.dispose()


def commands(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Run:
    """What runs command lines in an installation: its database has its newest form already, and
    `annuaire init` would find nothing to do."""
    monkeypatch.setenv("ANNUAIRE_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("ANNUAIRE_SECRET_KEY", settings.secret_key)
    monkeypatch.setenv("ANNUAIRE_GEOCODE_PAGES", "non")  # no test leaves this machine
    monkeypatch.setenv("ANNUAIRE_DATABASE_URL", settings.database_url)
    monkeypatch.delenv("ANNUAIRE_MEILISEARCH_URL", raising=False)

    def command(*arguments: object) -> Result:
        return CliRunner().invoke(annuaire, [str(argument) for argument in arguments])

    return command


@pytest.fixture
def base(app: Flask) -> Iterator[Session]:
    """A session of the test's own. Unlike `session`, it keeps no application context around the
    requests: each has its own, as on a server, and several browsers are told apart."""
    with app.app_context():
        engine = db.engine.execution_options(read=True)  # holds no lock between two requests
    with Session(engine) as own:
        yield own


@pytest.fixture
def platform(
    run: Run, client: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> Iterator[hooks.Platform]:
    """A platform that has a key to be told by webhooks, and a server that listens."""
    with hooks.platform(run, client, session, monkeypatch) as made:
        yield made
