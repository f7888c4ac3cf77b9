"""Indexing, deleting, rebuilding: what is written is found, once, and nothing is half done."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from search.engine import Engine, InvalidDocument, Query, RebuildRefused
from tests.integration.search.register import contracts, structures


def _ids(engine: Engine, text: str = "") -> set[str]:
    return {hit.id for hit in engine.search("structures", Query(text, limit=1_000)).hits}


def test_an_empty_engine_answers(engine: Engine) -> None:
    answer = engine.search("structures", Query("nettoyage", facets=("kinds",)))
    assert (answer.total, answer.hits, answer.facets) == (0, (), {"kinds": {}})
    assert engine.points("contracts", Query()) == ()
    health = engine.health()
    assert (health.ok, dict(health.counts), health.needs_rebuild) == (
        True,
        {"structures": 0, "contracts": 0},
        (),
    )


def test_indexing_is_visible_at_once_and_idempotent(engine: Engine) -> None:
    assert engine.index("structures", structures()) == 15
    assert engine.index("structures", iter(structures())) == 15
    assert engine.health().counts["structures"] == 15
    assert _ids(engine, "vert demain") == {"3"}


def test_the_last_of_two_documents_with_one_id_stays(engine: Engine) -> None:
    first = structures()[0]
    engine.index("structures", [first, {**first, "name": "Tout Neuf"}])
    assert _ids(engine) == _ids(engine, "tout neuf") == {"1"}
    assert _ids(engine, "clair") == set()


def test_deleting_removes_and_ignores_what_is_not_there(engine: Engine) -> None:
    engine.index("structures", structures())
    engine.delete("structures", ["1", "nobody", "2"])
    engine.delete("structures", [])
    assert _ids(engine, "proprete") == set()
    assert engine.health().counts["structures"] == 13


def test_a_count_asked_again_tells_what_was_written_meanwhile(engine: Engine) -> None:
    counting = Query("proprete", limit=0)
    engine.index("structures", structures())
    counts = [engine.search("structures", counting).total for _ in range(2)]
    engine.delete("structures", ["1", "2"])
    counts.append(engine.search("structures", counting).total)
    engine.index("structures", structures())
    assert [*counts, engine.search("structures", counting).total] == [1, 1, 0, 1]


def test_the_two_indexes_do_not_mix(engine: Engine) -> None:
    engine.index("structures", structures())
    engine.index("contracts", contracts())
    assert engine.search("contracts", Query("blanchisserie")).total == 1
    engine.delete("contracts", ["103", "1"])
    assert engine.health().counts == {"structures": 15, "contracts": 3}


@pytest.mark.parametrize(
    "wrong",
    [
        {"nmae": "Faute"},
        {"id": 7},
        {"id": ""},
        {"id": None},
        {"name": 3},
        {"name": ["two", "names"]},
        {"kinds": [1]},
        {"departement": ["59"]},
        {"completeness": float("nan")},
        {"completeness": "much"},
        {"lat": 48.0},
        {"lat": 148.0, "lon": 2.0},
        {"lat": float("nan"), "lon": 2.0},
        {"siret": "9" * 1_000},
        {"_stored": {"when": object()}},
    ],
)
def test_a_document_that_does_not_fit_is_refused_and_nothing_is_written(
    engine: Engine, wrong: dict[str, Any]
) -> None:
    with pytest.raises(InvalidDocument):
        engine.index("structures", [structures()[0], {"id": "99", "name": "Bon", **wrong}])
    assert engine.health().counts["structures"] == 0


@pytest.mark.parametrize("date", ["demain", "2026", "10/02/2026", True])
def test_a_date_that_is_none_is_refused(engine: Engine, date: object) -> None:
    with pytest.raises(InvalidDocument):
        engine.index("contracts", [{"id": "1", "title": "x", "published": date}])


def test_rebuilding_replaces_all(engine: Engine) -> None:
    engine.index("structures", structures())
    with engine.rebuild("structures", expected=5) as rebuild:
        rebuild.add(structures()[:3])
        rebuild.add(iter(structures()[3:5]))
        assert len(_ids(engine)) == 15  # the old one serves meanwhile
    assert _ids(engine) == {"1", "2", "3", "4", "5"}


def test_what_is_written_during_a_rebuild_is_kept(engine: Engine) -> None:
    engine.index("structures", structures())
    with engine.rebuild("structures", expected=15) as rebuild:
        rebuild.add(structures())
        engine.index("structures", [{"id": "77", "name": "Tout Neuf"}])
        engine.delete("structures", ["1"])
        engine.index("structures", [{"id": "2", "name": "Changé"}])
    assert engine.health().counts["structures"] == 15
    assert _ids(engine, "tout neuf") == {"77"}
    assert _ids(engine, "change") == {"2"}
    assert "1" not in _ids(engine)


def test_a_rebuild_with_a_wrong_count_is_refused(engine: Engine) -> None:
    engine.index("structures", structures())
    with pytest.raises(RebuildRefused), engine.rebuild("structures", expected=15) as rebuild:
        rebuild.add(structures()[:3])
    assert len(_ids(engine)) == 15


def test_a_rebuild_that_fails_leaves_the_index_in_use(engine: Engine) -> None:
    def broken() -> Iterator[dict[str, Any]]:
        yield structures()[0]
        raise OSError("source gone")

    engine.index("structures", structures())
    with pytest.raises(OSError, match="source gone"), engine.rebuild("structures") as rebuild:
        rebuild.add(broken())
    assert len(_ids(engine)) == 15
    with engine.rebuild("structures", expected=2) as rebuild:
        rebuild.add(structures()[:2])
    assert len(_ids(engine)) == 2


def test_a_second_engine_on_the_same_place_sees_every_write(
    make_engine: Callable[[Path], Engine], tmp_path: Path
) -> None:
    writer, reader = make_engine(tmp_path), make_engine(tmp_path)
    assert _ids(reader) == set()
    writer.index("structures", structures()[:2])
    assert _ids(reader) == {"1", "2"}
    with writer.rebuild("structures") as rebuild:
        rebuild.add(structures()[2:4])
    assert _ids(reader) == {"3", "4"}
    writer.delete("structures", ["3"])
    assert _ids(reader) == {"4"}
