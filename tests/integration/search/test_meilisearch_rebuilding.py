"""What a rebuild asks of a Meilisearch server: nothing is switched that is not whole."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import pytest

from search.engine import EngineUnavailable, RebuildRefused
from search.meilisearch import MeilisearchEngine
from tests.factories.exchanges import ANY, Exchange, played
from tests.integration.search.exchanges import (
    AT,
    DECLARED,
    KEY,
    NEW,
    UID,
    accepted,
    counted,
    dropped,
    error,
    indexes,
    made,
    task,
)


class Named:
    """The random part of a new index's name, known to the exchanges."""

    hex = NEW


@pytest.fixture(autouse=True)
def known_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.meilisearch_rebuild.uuid.uuid4", Named)


FRESH, JOURNAL = f"{UID}-new-{NEW}", f"{UID}-journal"


def started(*existing: str, swept: Sequence[Exchange] = ()) -> list[Exchange]:
    """A rebuild that begins: what was left is swept, a journal and a new index are made."""
    return [
        indexes(*existing),
        *swept,
        *made(JOURNAL, 10, {"searchableAttributes": ["pk"]}),
        *made(FRESH, 12, DECLARED),
    ]


def filled(count: int, held: int, number: int = 20) -> list[Exchange]:
    return [
        Exchange("POST", f"/indexes/{FRESH}/documents?primaryKey=pk", accepted(number), 202),
        task(number),
        counted(FRESH, held),
    ]


def journal(*entries: dict[str, Any]) -> Exchange:
    said = {"results": list(entries), "offset": 0, "limit": 1_000, "total": len(entries)}
    return Exchange("POST", f"/indexes/{JOURNAL}/documents/fetch", said)


DOCUMENTS = [{"id": "1", "name": "Un"}, {"id": "2", "name": "Deux"}]
SWEPT = [*dropped(JOURNAL, 40), *dropped(FRESH, 41)]
SETTLED = Exchange("GET", f"/indexes/{FRESH}/settings", DECLARED)
SWAP = [
    Exchange("GET", f"/indexes/{FRESH}", {"uid": FRESH, "createdAt": AT, "primaryKey": "pk"}),
    Exchange("POST", "/swap-indexes", accepted(30, "indexSwap"), 202, [{"indexes": [UID, FRESH]}]),
]
WHOLE = nullcontext()


def rebuilt(
    exchanges: Sequence[Exchange],
    ending: AbstractContextManager[object] = WHOLE,
    key: str | None = None,
) -> None:
    """Rebuild with DOCUMENTS, asking all of `exchanges`; `ending` awaits a refusal."""
    with (
        played(exchanges, key) as url,
        ending,
        MeilisearchEngine(url, key).rebuild("structures", expected=2) as rebuild,
    ):
        rebuild.add(DOCUMENTS)


def test_a_rebuild_replays_what_was_written_meanwhile_then_swaps() -> None:
    put = {"pk": "2", "stamp": "a", "document": '{"pk": "2", "id": "2"}'}
    gone = {"pk": "1", "stamp": "b", "document": None}
    late = {"pk": "3", "stamp": "c", "document": '{"pk": "3", "id": "3"}'}
    exchanges = [
        *started(UID),
        *filled(2, 2),
        SETTLED,
        journal(put, gone),
        Exchange(
            "POST", f"/indexes/{FRESH}/documents?primaryKey=pk", accepted(21), 202,
            ({"pk": "2", "id": "2"},),
        ),
        Exchange(
            "POST", f"/indexes/{FRESH}/documents/delete-batch", accepted(22), 202, ["1"]
        ),
        task(21),
        task(22),
        *SWAP,
        task(30, type="indexSwap"),
        journal(put, gone, late),
        Exchange(
            "POST", f"/indexes/{UID}/documents?primaryKey=pk", accepted(23), 202,
            ({"pk": "3", "id": "3"},),
        ),
        task(23),
        journal(put, gone, late),
        *SWEPT,
    ]  # fmt: skip
    rebuilt(exchanges, key=KEY)


def test_what_was_written_meanwhile_is_replayed_by_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.meilisearch_rebuild.BATCH", 1)
    put = {"pk": "2", "stamp": "a", "document": '{"pk": "2", "id": "2"}'}
    gone = {"pk": "1", "stamp": "b", "document": None}
    sent = f"/indexes/{FRESH}/documents?primaryKey=pk"
    exchanges = [
        *started(UID),
        Exchange("POST", sent, accepted(20), 202, ({"pk": "1"},)),
        Exchange("POST", sent, accepted(21), 202, ({"pk": "2"},)),
        task(20),
        task(21),
        counted(FRESH, 2),
        SETTLED,
        journal(put, gone),
        Exchange("POST", sent, accepted(22), 202, ({"pk": "2"},)),
        task(22),
        Exchange("POST", f"/indexes/{FRESH}/documents/delete-batch", accepted(23), 202, ["1"]),
        task(23),
        *SWAP,
        task(30, type="indexSwap"),
        journal(put, gone),
        *SWEPT,
    ]
    rebuilt(exchanges)


def test_a_write_during_a_rebuild_is_noted_before_it_is_done() -> None:
    noted = {"pk": "7", "stamp": NEW, "document": ANY}
    exchanges = [
        indexes(UID, JOURNAL),
        Exchange("POST", f"/indexes/{JOURNAL}/documents?primaryKey=pk", accepted(1), 202, (noted,)),
        Exchange("POST", f"/indexes/{UID}/documents?primaryKey=pk", accepted(2), 202),
        task(1),
        task(2),
    ]
    with played(exchanges) as url:
        engine = MeilisearchEngine(url)
        engine._settled.add("structures")
        engine.index("structures", [{"id": "7", "name": "Sept"}])


def test_a_count_that_differs_refuses_the_rebuild_and_swaps_nothing() -> None:
    exchanges = [*started(UID), *filled(2, 1), *SWEPT]
    rebuilt(exchanges, pytest.raises(RebuildRefused, match="1 documents, 2 expected"))


def test_a_swap_that_fails_leaves_the_index_in_use() -> None:
    failed = error("index_not_found", f"Index `{FRESH}` not found.")
    exchanges = [
        *started(UID),
        *filled(2, 2),
        SETTLED,
        journal(),
        *SWAP,
        task(30, "failed", type="indexSwap", error=failed),
        *SWEPT,
    ]
    rebuilt(exchanges, pytest.raises(EngineUnavailable, match=r"indexSwap.*not found"))


@pytest.mark.parametrize("swapped", [True, False])
def test_a_swap_that_the_key_is_not_shown_is_known_by_its_effect(swapped: bool) -> None:
    hidden = error("task_not_found", "Task `30` not found.")
    exchanges = [
        *started(UID),
        *filled(2, 2),
        SETTLED,
        journal(),
        *SWAP,
        Exchange("GET", "/tasks/30", hidden, 404),
        Exchange("PATCH", f"/indexes/{FRESH}/settings", accepted(31), 202, {}),
        task(31),
        Exchange("GET", f"/indexes/{UID}", {"uid": UID, "createdAt": AT if swapped else "before"}),
        *([journal()] if swapped else []),
        *SWEPT,
    ]
    refused = WHOLE if swapped else pytest.raises(EngineUnavailable)
    rebuilt(exchanges, refused)


def test_what_a_killed_rebuild_left_is_swept_by_the_next() -> None:
    left = f"{UID}-new-killed"
    swept = [*dropped(JOURNAL, 1), *dropped(left, 2)]
    exchanges = [
        *started(UID, JOURNAL, left, swept=swept),
        *filled(2, 2),
        SETTLED,
        journal(),
        *SWAP,
        task(30, type="indexSwap"),
        journal(),
        *SWEPT,
    ]
    rebuilt(exchanges)


def test_a_rebuild_whose_index_another_took_away_is_refused() -> None:
    bare = Exchange("GET", f"/indexes/{FRESH}/settings", {"rankingRules": ["words"]})
    exchanges = [*started(UID), *filled(2, 2), bare, *SWEPT]
    rebuilt(exchanges, pytest.raises(RebuildRefused, match="another rebuild"))


def test_a_first_rebuild_makes_the_index_and_drops_older_formats() -> None:
    old = "annuaire-structures-0123456789ab"
    exchanges = [
        *started(old),
        *filled(2, 2),
        SETTLED,
        journal(),
        *made(UID, 50, DECLARED),
        *SWAP,
        task(30, type="indexSwap"),
        journal(),
        *SWEPT,
        *dropped(old, 60),
    ]
    rebuilt(exchanges)
