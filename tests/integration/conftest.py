"""Commands run as a user runs them, in the test's own installation."""

import pytest
from click.testing import CliRunner, Result

from annuaire.cli import annuaire
from annuaire.config import Settings
from tests.factories.commands import Run


@pytest.fixture
def run(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command line: `run("import", "siae", path)`."""
    monkeypatch.setenv("ANNUAIRE_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("ANNUAIRE_SECRET_KEY", settings.secret_key)
    monkeypatch.setenv("ANNUAIRE_GEOCODE_PAGES", "non")  # no test leaves this machine
    monkeypatch.delenv("ANNUAIRE_DATABASE_URL", raising=False)

    def command(*arguments: object) -> Result:
        return CliRunner().invoke(annuaire, [str(argument) for argument in arguments])

    prepared = command("init")
    assert prepared.exit_code == 0, prepared.output
    return command
