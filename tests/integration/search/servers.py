"""A Meilisearch server for the tests: the one that is named, or one of our own."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

NO_SERVER = (
    "ni programme « meilisearch » dans le PATH, ni ANNUAIRE_TEST_MEILISEARCH_URL : le contrat "
    "n’est vérifié que sur le moteur embarqué"
)
MASTER_KEY = "cle-de-test-sur-cette-machine"
START_S = 60


@contextmanager
def meilisearch_server(directory: Path) -> Iterator[tuple[str, str | None]]:
    """Its address and its key. Skips the test, saying why, when there is no server."""
    if url := os.environ.get("ANNUAIRE_TEST_MEILISEARCH_URL"):
        yield url, os.environ.get("ANNUAIRE_TEST_MEILISEARCH_KEY")
        return
    program = shutil.which("meilisearch")
    if program is None:
        pytest.skip(NO_SERVER)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    command = [
        program, "--http-addr", address, "--no-analytics", "--log-level", "WARN",
        "--master-key", MASTER_KEY, "--db-path", str(directory / "data"),
        "--dump-dir", str(directory / "dumps"), "--snapshot-dir", str(directory / "snapshots"),
    ]  # fmt: skip
    with (directory / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=directory)  # noqa: S603 - our own command
    try:
        _wait_for(f"http://{address}", process)
        yield f"http://{address}", MASTER_KEY
    finally:
        process.terminate()
        process.wait(30)


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until and process.poll() is None:
        try:
            if requests.get(f"{url}/health", timeout=1).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.05)
    pytest.fail(f"meilisearch n’a pas démarré (code {process.poll()})")
