"""What all tests share: where the real data is, a database and an index of their own, the site.

Here a database is SQLite's; under `tests/integration`, every test runs on both.
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import StrictUndefined
from sqlalchemy.orm import Session

from annuaire.app import create_app
from annuaire.config import Settings
from annuaire.db import db
from annuaire.mail.policy import Policy, Sender
from annuaire.mail.sending import Counts, send_waiting
from annuaire.mail.servers import From, read_server
from tests.factories.databases import migrate
from tests.factories.kept import KeptRule, KeptTemplates
from tests.factories.smtp import Mailbox, mail_server

# How long an example takes says how busy the machine is, not whether the code is right.
hypothesis.settings.register_profile(
    "tests",
    deadline=None,
    max_examples=40,
    derandomize=True,  # the same for everybody
)
hypothesis.settings.register_profile("long", deadline=None, max_examples=200)
hypothesis.settings.load_profile("tests")
Flask.url_rule_class = KeptRule
TEMPLATES = KeptTemplates()

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "data"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="run the long tests whole")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--long"):
        hypothesis.settings.load_profile("long")


@pytest.fixture(scope="session")
def long_run(pytestconfig: pytest.Config) -> bool:
    """Whether long tests run whole (`make test-long`) or as a sample (`make test`)."""
    return bool(pytestconfig.getoption("--long"))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data that stands beside the project, here and in CI."""
    if not SHARED.is_dir():
        pytest.skip("les données réelles ne sont pas à côté du projet (../shared/data)")
    return SHARED


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite database, to be copied: migrating takes far longer."""
    path = tmp_path_factory.mktemp("template") / "annuaire.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The address of a migrated database that holds nothing."""
    path = shutil.copy(sqlite_template, tmp_path / "annuaire.db")
    return f"sqlite:///{path}"


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings of a throw-away installation."""
    return throw_away(tmp_path, database_url)


def throw_away(folder: Path, database_url: str) -> Settings:
    """Settings of an installation that lives in a folder."""
    return Settings(
        data_dir=folder,
        database_url=database_url,
        secret_key="test",  # noqa: S106 - no secret: nothing leaves the test
        environment="test",
    )


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The application on an empty, migrated database."""
    app = strict_app(settings)
    yield app
    with app.app_context():
        db.engine.dispose()


def strict_app(settings: Settings) -> Flask:
    """The application; a name that a page is not given fails the test."""
    app = create_app(settings)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.bytecode_cache = TEMPLATES
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without script, without a browser."""
    return app.test_client()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session of the application's database."""
    with app.app_context():
        yield db.session


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """A mail server that runs, empty: what it took is in `mailbox.letters`."""
    with mail_server() as running:
        yield running


@pytest.fixture
def deliver(mailbox: Mailbox) -> Callable[[Flask], Counts]:
    """Sends the letters that wait to the mailbox: `deliver(app)`, as `annuaire mail send` does."""

    def send(app: Flask) -> Counts:
        origin = From("annuaire", "ne-pas-repondre@annuaire.example.org")
        with app.app_context():
            counts = send_waiting(
                db.session, read_server(mailbox.url), origin, Sender("test"), Policy()
            )
            db.session.rollback()
        return counts

    return send
