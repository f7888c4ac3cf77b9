"""An import killed at any point and run again gives what one clean import gives."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from annuaire.bench.directories import write_esus, write_pair
from annuaire.bench.files import write_boamp, write_siae
from annuaire.bench.finess import write_legacy
from tests.factories.databases import NewDatabase
from tests.factories.processes import Installation, kill_at_random

KILLS, ROWS = 20, 3_000
SAMPLE_KILLS, SAMPLE_ROWS = 1, 600  # of a run that is not --long


@dataclass(frozen=True)
class Case:
    """A source, how its files are made, and the arguments that read them."""

    source: str
    write: Callable[[Path, int], list[object]]


def _siae(folder: Path, rows: int) -> list[object]:
    write_siae(folder / "siae.csv", rows, seed=7)
    return [folder / "siae.csv"]


def _pair(folder: Path, rows: int) -> list[object]:
    structures, annexes = folder / "Structure.csv", folder / "Annexe.csv"
    write_pair(structures, annexes, rows, seed=7)
    return [structures, "--annexes", annexes]


def _finess(folder: Path, rows: int) -> list[object]:
    path = folder / "etalab-cs1100507.csv"
    write_legacy(path, 20 * rows, seed=7, points=True)
    return [path]


def _esus(folder: Path, rows: int) -> list[object]:
    write_esus(folder / "esus.csv", rows, seed=7)
    return [folder / "esus.csv"]


def _boamp(folder: Path, rows: int) -> list[object]:
    write_boamp(folder / "boamp.csv", rows, seed=7)
    return [folder / "boamp.csv"]


CASES = {
    "siae table": Case("siae", _siae),
    "siae pair": Case("siae", _pair),
    "finess": Case("esat", _finess),
    "esus": Case("esus", _esus),
    "boamp": Case("boamp", _boamp),
}


@pytest.mark.long
@pytest.mark.parametrize("name", sorted(CASES))
def test_a_killed_import_run_again_equals_a_clean_one(
    name: str, new_database: NewDatabase, tmp_path: Path, long_run: bool
) -> None:
    case = CASES[name]
    command = ["import", case.source, *case.write(tmp_path, ROWS if long_run else SAMPLE_ROWS)]
    clean = Installation(tmp_path / "clean", new_database())
    hurt = Installation(tmp_path / "hurt", new_database())
    clean.run("init")
    started = time.monotonic()
    clean.run(*command)
    whole = time.monotonic() - started
    hurt.run("init")
    draw = Random(name)  # noqa: S311 - moments to kill at
    kill_at_random(hurt, command, KILLS if long_run else SAMPLE_KILLS, whole, draw)
    hurt.run(*command)
    found, expected = hurt.content(), clean.content()
    assert {name: len(rows) for name, rows in found.items()} == {
        name: len(rows) for name, rows in expected.items()
    }
    assert found == expected
    status = hurt.run("index", "status", "--json")
    assert '"waiting":0' in status
    assert status == clean.run("index", "status", "--json")
