"""The embedded index under many processes: killed writers, rival writers, readers, old formats."""

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import pytest

from search import embedded_store
from search.embedded import EmbeddedEngine
from search.engine import EngineUnavailable, Query

SPAWN = multiprocessing.get_context("spawn")
EACH = 40  # documents a batch

# Writes batches of EACH documents for ever; says the number of each once it is acknowledged.
WRITER = """
import sys
from pathlib import Path
from search.embedded import EmbeddedEngine
directory, first, each = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
engine = EmbeddedEngine(directory)
print("ready", flush=True)
batch = first
while True:
    documents = [
        {"id": f"{batch}-{i}", "name": f"Lot {batch}", "kinds": [f"b{batch}"]} for i in range(each)
    ]
    engine.index("structures", documents)
    print(batch, flush=True)
    batch += 1
"""

REBUILDER = """
import sys
from pathlib import Path
from search.embedded import EmbeddedEngine
engine = EmbeddedEngine(Path(sys.argv[1]))
with engine.rebuild("structures") as rebuild:
    print("ready", flush=True)
    number = 0
    while True:
        rebuild.add([{"id": str(number), "name": "Jamais vu"}])
        number += 1
"""


def _started(script: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", script, *map(str, arguments)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def _killed(process: subprocess.Popen[str]) -> list[int]:
    """What the process had acknowledged when it was killed."""
    process.send_signal(signal.SIGKILL)
    said, _ = process.communicate(timeout=30)
    return [int(line) for line in said.splitlines() if line.strip().isdigit()]


def _batches(engine: EmbeddedEngine) -> dict[int, int]:
    facets = engine.search("structures", Query(facets=("kinds",), limit=0)).facets
    return {int(batch[1:]): count for batch, count in facets["kinds"].items()}


@pytest.mark.long
def test_killed_writers_lose_nothing_acknowledged(tmp_path: Path, long_run: bool) -> None:
    kills = 20 if long_run else 3
    draw, engine, following = Random(3), EmbeddedEngine(tmp_path), 0  # noqa: S311
    acknowledged: set[int] = set()
    for _ in range(kills):
        writer = _started(WRITER, tmp_path, following, EACH)
        time.sleep(draw.uniform(0.1, 0.6))
        acknowledged |= set(_killed(writer))
        stored = _batches(engine)
        assert acknowledged <= stored.keys()
        assert set(stored.values()) <= {EACH}  # no batch is half there
        following = max(stored, default=-1) + 1
    assert acknowledged
    engine.index("structures", [{"id": "end", "name": "Fin"}])
    assert not list(tmp_path.rglob(".tmp*"))  # leftovers are swept by the next writer


def test_killed_rebuild_leaves_the_index_and_is_swept(tmp_path: Path) -> None:
    engine = EmbeddedEngine(tmp_path)
    engine.index("structures", [{"id": "1", "name": "Ici"}])
    rebuilder = _started(REBUILDER, tmp_path)
    engine.index("structures", [{"id": "2", "name": "Là"}])
    assert len(_generations(tmp_path)) == 2
    _killed(rebuilder)
    assert engine.health().counts["structures"] == 2
    engine.index("structures", [{"id": "3", "name": "Là-bas"}])
    assert len(_generations(tmp_path)) == 1
    with engine.rebuild("structures", expected=1) as rebuild:
        rebuild.add([{"id": "1", "name": "Ici"}])
    assert engine.health().counts["structures"] == 1
    assert len(_generations(tmp_path)) == 1


def _generations(directory: Path) -> list[Path]:
    return [meta.parent for meta in directory.glob("structures/*/*/meta.json")]


def _write(directory: Path, name: str, count: int) -> None:
    engine = EmbeddedEngine(directory)
    for number in range(count):
        engine.index("structures", [{"id": f"{name}-{number}", "name": name}])


def test_two_writers_wait_for_each_other_and_both_are_kept(tmp_path: Path) -> None:
    writers = [SPAWN.Process(target=_write, args=(tmp_path, name, 15)) for name in ("un", "deux")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    assert [writer.exitcode for writer in writers] == [0, 0]
    assert EmbeddedEngine(tmp_path).health().counts["structures"] == 30


def _read(directory: Path, until: float, report: Path) -> None:
    engine, seen, reads = EmbeddedEngine(directory), 0, 0
    while time.time() < until:
        answer = engine.search("structures", Query("solide", facets=("kinds",), limit=5))
        assert len(answer.hits) == 5, answer
        assert answer.total >= 20
        reads, seen = reads + 1, max(seen, answer.total)
    report.write_text(json.dumps({"reads": reads, "seen": seen}))


def test_readers_always_have_an_answer_during_writes_and_rebuilds(tmp_path: Path) -> None:
    index, reports = tmp_path / "index", [tmp_path / "a.json", tmp_path / "b.json"]
    engine = EmbeddedEngine(index)
    base = [{"id": str(i), "name": "Solide", "kinds": ["EI"]} for i in range(20)]
    engine.index("structures", base)
    until = time.time() + 4
    readers = [SPAWN.Process(target=_read, args=(index, until, report)) for report in reports]
    for reader in readers:
        reader.start()
    extra = 20
    while time.time() < until:
        engine.index("structures", [{"id": str(extra), "name": "Solide", "kinds": ["EA"]}])
        extra += 1
        if extra % 5 == 0:
            with engine.rebuild("structures", expected=len(base)) as rebuild:
                rebuild.add(base)
    for reader in readers:
        reader.join(60)
    assert [reader.exitcode for reader in readers] == [0, 0]
    assert all(json.loads(report.read_text())["reads"] > 10 for report in reports)


def test_writers_wait_for_a_rebuild_that_switches(tmp_path: Path) -> None:
    engine = EmbeddedEngine(tmp_path)
    writer = SPAWN.Process(target=_write, args=(tmp_path, "autre", 40))
    writer.start()
    while writer.is_alive():
        with engine.rebuild("structures") as rebuild:
            rebuild.add([{"id": "1", "name": "Ici"}])
    assert writer.exitcode == 0


def test_a_reader_opened_before_a_fork_works_in_the_child(tmp_path: Path) -> None:
    engine = EmbeddedEngine(tmp_path)
    engine.index("structures", [{"id": "1", "name": "Ici"}])
    assert engine.search("structures", Query("ici")).total == 1
    child = multiprocessing.get_context("fork").Process(target=_write, args=(tmp_path, "fils", 1))
    child.start()
    child.join(30)
    assert child.exitcode == 0
    assert engine.health().counts["structures"] == 2


def test_an_index_of_another_format_is_left_and_a_rebuild_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    EmbeddedEngine(tmp_path).index("structures", [{"id": "1", "name": "Ancien"}])
    before = EmbeddedEngine(tmp_path)
    monkeypatch.setattr(embedded_store, "VERSION", "a later one")
    after = EmbeddedEngine(tmp_path)
    assert after.health().needs_rebuild == ("structures",)
    assert after.search("structures", Query()).total == 0
    after.index("structures", [{"id": "2", "name": "Nouveau"}])
    assert after.health().needs_rebuild == ("structures",)  # one change is not the whole
    assert before.health().counts["structures"] == 1  # the old program still serves its own
    with after.rebuild("structures", expected=2) as rebuild:
        rebuild.add([{"id": "1", "name": "Ancien"}, {"id": "2", "name": "Nouveau"}])
    assert after.health().needs_rebuild == ()
    assert len(_generations(tmp_path)) == 1


def test_a_damaged_index_says_so_and_is_rebuilt(tmp_path: Path) -> None:
    EmbeddedEngine(tmp_path).index("structures", [{"id": "1", "name": "Ici"}])
    for meta in _generations(tmp_path):
        os.truncate(meta / "meta.json", 10)
    engine = EmbeddedEngine(tmp_path)
    with pytest.raises(EngineUnavailable, match="annuaire index rebuild"):
        engine.search("structures", Query())
    with pytest.raises(EngineUnavailable):
        engine.index("structures", [{"id": "2", "name": "Là"}])
    assert not engine.health().ok
    with engine.rebuild("structures", expected=1) as rebuild:
        rebuild.add([{"id": "1", "name": "Ici"}])
    assert engine.search("structures", Query("ici")).total == 1


@pytest.mark.parametrize("content", [b"", b"\xab\x00\xff", b"../../ailleurs"])
def test_a_damaged_pointer_to_the_index_says_so_and_is_rebuilt(
    tmp_path: Path, content: bytes
) -> None:
    EmbeddedEngine(tmp_path).index("structures", [{"id": "1", "name": "Ici"}])
    (pointer,) = tmp_path.glob("structures/*/current")
    pointer.write_bytes(content)
    engine = EmbeddedEngine(tmp_path)
    with pytest.raises(EngineUnavailable, match="annuaire index rebuild"):
        engine.search("structures", Query())
    with pytest.raises(EngineUnavailable):
        engine.index("structures", [{"id": "2", "name": "Là"}])
    assert engine.health().needs_rebuild
    with engine.rebuild("structures", expected=1) as rebuild:
        rebuild.add([{"id": "1", "name": "Ici"}])
    assert engine.search("structures", Query("ici")).total == 1


def test_a_file_where_the_index_should_be_is_an_unreadable_index(tmp_path: Path) -> None:
    (tmp_path / "index").touch()
    with pytest.raises(EngineUnavailable, match="annuaire index rebuild"):
        EmbeddedEngine(tmp_path / "index").search("structures", Query())


def test_a_pointer_that_cannot_be_read_for_a_moment_costs_no_document(tmp_path: Path) -> None:
    engine = EmbeddedEngine(tmp_path)
    engine.index("structures", [{"id": "1", "name": "Ici"}])
    pointer = next(tmp_path.glob("structures/*/current"))
    pointer.rename(pointer.with_name("kept"))
    pointer.mkdir()  # reading it now fails as it would without a free file descriptor
    with pytest.raises(EngineUnavailable):
        engine.index("structures", [{"id": "2", "name": "Là"}])
    pointer.rmdir()
    pointer.with_name("kept").rename(pointer)
    assert engine.search("structures", Query("ici")).total == 1
