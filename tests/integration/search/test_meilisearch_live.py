"""What only a real Meilisearch server can show: keys, killed rebuilds, settings applied once."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest
import requests

from search.engine import EngineUnavailable, Query
from search.meilisearch import MeilisearchEngine
from search.meilisearch_keys import RIGHTS, setup_keys
from tests.integration.search.register import structures

PREFIX = "annuaire-live-"

REBUILDER = """
import os, sys
from search.meilisearch import MeilisearchEngine
engine = MeilisearchEngine(sys.argv[1], os.environ["KEY"], prefix=sys.argv[2])
with engine.rebuild("structures") as rebuild:
    rebuild.add([{"id": "never", "name": "Jamais vu"}])
    print("ready", flush=True)
    sys.stdin.read()
"""

Server = tuple[str, str | None]


@pytest.fixture
def live(meilisearch: Server) -> Iterator[MeilisearchEngine]:
    """An engine on the server, with indexes of its own."""
    engine = MeilisearchEngine(*meilisearch, prefix=PREFIX)
    engine.remove_all()
    yield engine
    engine.remove_all()


def test_the_key_of_pages_searches_and_writes_nothing(
    meilisearch: Server, live: MeilisearchEngine
) -> None:
    url, master = meilisearch
    if master is None:
        pytest.skip("ce serveur n’a pas de clé maîtresse : il n’a pas de clés à faire")
    live.index("structures", structures())
    keys = setup_keys(url, master)
    assert setup_keys(url, master) == keys
    searching, writing = (MeilisearchEngine(url, keys[name], prefix=PREFIX) for name in RIGHTS)
    assert searching.search("structures", Query("vert demain")).total == 1
    health = searching.health()
    assert (health.ok, health.counts["structures"]) == (True, 15)
    for forbidden in (
        lambda: searching.index("structures", structures()[:1]),
        lambda: searching.delete("structures", ["1"]),
        searching.remove_all,
    ):
        with pytest.raises(EngineUnavailable, match="refuse la clé"):
            forbidden()
    with writing.rebuild("structures", expected=2) as rebuild:
        rebuild.add(structures()[:2])
    assert writing.health().counts["structures"] == 2
    writing.delete("structures", ["1"])
    assert searching.search("structures", Query()).total == 1
    with pytest.raises(EngineUnavailable, match="refuse la clé"):
        setup_keys(url, keys[list(RIGHTS)[1]])
    with pytest.raises(EngineUnavailable, match="refuse la clé"):
        MeilisearchEngine(url, "fausse", prefix=PREFIX).search("structures", Query())


def test_a_killed_rebuild_leaves_the_index_and_the_next_one_sweeps(
    meilisearch: Server, live: MeilisearchEngine
) -> None:
    url, key = meilisearch
    live.index("structures", structures())
    command = [sys.executable, "-c", REBUILDER, url, PREFIX]
    with subprocess.Popen(  # noqa: S603 - our own command
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env=os.environ | {"KEY": key or ""},
    ) as rebuilder:  # fmt: skip
        assert rebuilder.stdout is not None
        assert rebuilder.stdout.readline() == "ready\n"
        rebuilder.send_signal(signal.SIGKILL)
    assert len(_indexes(meilisearch)) == 3  # in use, half filled, journal
    assert live.search("structures", Query()).total == 15
    live.index("structures", [{"id": "77", "name": "Tout Neuf"}])
    with live.rebuild("structures", expected=1) as rebuild:
        rebuild.add([{"id": "1", "name": "Ici"}])
    assert live.search("structures", Query()).total == 1
    assert len(_indexes(meilisearch)) == 1


def test_settings_are_applied_once(meilisearch: Server, live: MeilisearchEngine) -> None:
    live.index("structures", structures()[:1])
    before = _settings_tasks(meilisearch)
    again = MeilisearchEngine(*meilisearch, prefix=PREFIX)
    again.index("structures", structures()[1:2])
    assert _settings_tasks(meilisearch) == before
    assert again.health().counts["structures"] == 2


def test_another_format_lives_beside_and_is_removed_by_the_rebuild(
    meilisearch: Server, live: MeilisearchEngine
) -> None:
    live.index("structures", structures())
    later = MeilisearchEngine(*meilisearch, {"jardin": ("potager",)}, prefix=PREFIX)
    assert later.health().needs_rebuild == ("structures",)
    later.index("structures", structures()[:1])
    assert later.health().needs_rebuild == ("structures",)  # one change is not the whole
    assert live.search("structures", Query()).total == 15  # the old program still serves its own
    with later.rebuild("structures", expected=15) as rebuild:
        rebuild.add(structures())
    assert later.health().needs_rebuild == ()
    assert len(_indexes(meilisearch)) == 1


def _get(server: Server, path: str) -> dict[str, object]:
    url, key = server
    answer = requests.get(f"{url}{path}", headers={"Authorization": f"Bearer {key}"}, timeout=10)
    found: dict[str, object] = answer.json()
    return found


def _indexes(server: Server) -> list[str]:
    results = _get(server, "/indexes?limit=1000")["results"]
    assert isinstance(results, list)
    return [index["uid"] for index in results if index["uid"].startswith(f"{PREFIX}structures")]


def _settings_tasks(server: Server) -> object:
    return _get(server, "/tasks?types=settingsUpdate&limit=1")["total"]
