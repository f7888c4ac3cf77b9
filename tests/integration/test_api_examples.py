"""The examples of docs/api.md, as a reader would run them, on the sample data."""

import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from annuaire.app import create_app
from annuaire.config import Settings
from annuaire.db import db
from annuaire.extensions import limiter
from tests.factories.commands import Run

DOCUMENT = Path(__file__).resolve().parent.parent.parent / "docs" / "api.md"
TEXT = DOCUMENT.read_text(encoding="utf-8")


def blocks(language: str) -> str:
    found = re.findall(rf"^```{language}\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
    assert found
    return "\n".join(found)


@pytest.fixture
def served(settings: Settings, run: Run) -> Iterator[tuple[str, str]]:
    """The address of a real server of the sample data, which it gives as its own, and a key."""
    run("demo", "--no-serve")
    scopes = ("--scope", "read", "--scope", "contracts:write", "--platform", "exemple")
    key = run("keys", "create", "Essai", "--owner", "a@exemple.fr", *scopes).stdout.split()[-1]
    limiter.reset()
    server = make_server("127.0.0.1", 0, app=lambda *_: [], threaded=True)
    address = f"http://127.0.0.1:{server.server_port}"
    server.app = create_app(replace(settings, public_url=address))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield address, key
    server.shutdown()
    thread.join()
    server.server_close()
    with server.app.app_context():
        db.engine.dispose()
    limiter.reset()


def ran(command: list[str], script: str, address: str, key: str) -> str:
    done = subprocess.run(  # noqa: S603 - our own examples
        command,
        input=script,
        env={
            "PATH": os.environ["PATH"],
            "ANNUAIRE": address,
            "ANNUAIRE_KEY": key,
            "PYTHONUTF8": "1",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr + done.stdout[-2000:]
    return done.stdout


@pytest.mark.database("sqlite")
def test_examples_run_as_they_are_written(served: tuple[str, str]) -> None:
    bash = shutil.which("bash")
    assert bash
    assert shutil.which("curl"), "curl manque : apt install curl"
    said = ran([bash, "-eu"], blocks("bash"), *served)
    assert '"structures":' in said
    assert "FeatureCollection" in said
    ran([sys.executable, "-"], blocks("python"), *served)
