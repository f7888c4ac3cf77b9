"""A download killed in the middle goes on where it stopped, and gives what a clean one gives."""

import hashlib
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from annuaire.bench.finess import write_plus
from annuaire.config import Settings
from importers.sources.siae.download import ADDRESS, DEPARTEMENTS
from tests.factories import published
from tests.factories.forked import Forked
from tests.factories.publisher import (
    Asked,
    Publisher,
    Reply,
    file_reply,
    json_reply,
    part_of,
    publishing,
)

API = "https://www.data.gouv.fr/api/1/datasets/finess-structures-1/"
TITLE = "finess-structures-journalier-20261127.json.gz"
URL = f"https://static.data.gouv.fr/resources/{TITLE}"
BLOCKS = 4 * 65_536  # bytes that come before each kill


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    hosts = ("www.data.gouv.fr", "static.data.gouv.fr", "emplois.inclusion.beta.gouv.fr")
    with publishing(*hosts) as publisher:
        yield publisher


class Command:
    """A command in a process of its own, that asks the publisher of the test."""

    def __init__(self, publisher: Publisher, settings: Settings) -> None:
        self.data = settings.data_dir
        self.settings = {
            "ANNUAIRE_DATA_DIR": str(settings.data_dir),
            "ANNUAIRE_DATABASE_URL": settings.database_url,
        }
        self.authority = self.data / "authority.pem"
        self.authority.write_bytes(publisher.authority)
        self.port = str(publisher.server_port)

    def start(self, *arguments: str) -> Forked:
        return Forked(published.run, [self.port, str(self.authority), *arguments], self.settings)

    def complete(self, *arguments: str) -> str:
        process = self.start(*arguments)
        output, _ = process.communicate(timeout=120)
        assert process.returncode == 0, output
        return output

    def killed_once(self, reached: Callable[[], bool], *arguments: str) -> None:
        """Start a command and kill it as soon as `reached` says so."""
        process = self.start(*arguments)
        patience = time.monotonic() + 60
        while not reached() and process.poll() is None:
            assert time.monotonic() < patience
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        output, _ = process.communicate()
        assert process.returncode == -signal.SIGKILL, output


@pytest.fixture
def command(publisher: Publisher, settings: Settings) -> Command:
    command = Command(publisher, settings)
    command.complete("init")
    return command


class Gate:
    """Lets some blocks pass, then holds the rest until it opens."""

    def __init__(self, blocks: int) -> None:
        self.left, self.open = blocks, threading.Event()

    def __call__(self) -> None:
        self.left -= 1
        if self.left < 0:
            self.open.wait(60)


@pytest.mark.long
def test_a_file_killed_in_the_middle_is_resumed(
    publisher: Publisher, command: Command, tmp_path: Path, long_run: bool
) -> None:
    kills = 5 if long_run else 2
    source = tmp_path / "source.json.gz"
    write_plus(source, kills * 10_000_000, seed=3)
    body = source.read_bytes()
    assert len(body) > kills * BLOCKS
    sha1 = hashlib.sha1(body, usedforsecurity=False).hexdigest()
    stated = {"filesize": len(body), "checksum": {"type": "sha1", "value": sha1}}
    publisher.on(API, json_reply({"resources": [{"title": TITLE, "url": URL, **stated}]}))
    target = command.data / "downloads" / "finess" / TITLE
    part = part_of(target)
    for size in range(BLOCKS, (kills + 1) * BLOCKS, BLOCKS):
        gate = Gate(4)
        publisher.on(URL, replace(file_reply(body), held=gate))
        command.killed_once(
            lambda size=size: part.exists() and part.stat().st_size == size,
            "import", "esat", "--download",
        )  # fmt: skip
        gate.open.set()
        assert not target.exists()
    publisher.on(URL, file_reply(body))
    assert "esat : " in command.complete("import", "esat", "--download")
    assert target.read_bytes() == body
    asked = [a.headers.get("Range") for a in publisher.asked if a.path.endswith(TITLE)]
    assert asked == [None, *(f"bytes={n * BLOCKS}-" for n in range(1, kills + 1))]


def test_departements_that_came_before_a_kill_are_not_asked_again(
    publisher: Publisher, command: Command
) -> None:
    reached, opened = threading.Event(), threading.Event()

    def answer(asked: Asked) -> Reply:
        if asked.query["departement"] == "44" and not opened.is_set():
            reached.set()
            opened.wait(60)
        return json_reply({"count": 0, "next": None, "previous": None, "results": []})

    publisher.answering(ADDRESS, answer)
    command.killed_once(reached.is_set, "import", "siae", "--download")
    opened.set()
    before = [asked.query["departement"] for asked in publisher.asked]
    assert before == list(DEPARTEMENTS[: DEPARTEMENTS.index("44") + 1])
    publisher.asked.clear()
    process = command.start("import", "siae", "--download")
    output, _ = process.communicate(timeout=120)
    assert "Les 107 départements" in output
    after = [asked.query["departement"] for asked in publisher.asked]
    assert after == list(DEPARTEMENTS[DEPARTEMENTS.index("44") :])
