"""An import killed at any point and run again gives what one clean reading gives."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import create_engine, text

from annuaire.bench.files import write_boamp, write_siae

ROWS = 3_000
TABLES = {
    "structure": "key, name, city, naf, lat, lon, ended_on",
    "structure_status": "structure_id, kind, source, ended_on",
    "structure_activity": "structure_id, code, origin, weight",
    "source_record": "source, source_key, hash, ended_on",
    "contract": "reference, title, state, social, environmental",
    "lot": "contract_id, number, title, activities",
    "finding": "contract_id, type, evidence, text_index",
    "notice": "source, source_key, hash",
}


def command(data: Path, *arguments: str) -> subprocess.Popen[bytes]:
    environment = os.environ | {"ANNUAIRE_DATA_DIR": str(data)}
    environment.pop("ANNUAIRE_DATABASE_URL", None)
    return subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "annuaire", *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def complete(data: Path, *arguments: str) -> str:
    process = command(data, *arguments)
    output, _ = process.communicate(timeout=300)
    assert process.returncode == 0, output.decode()
    return output.decode()


def content(data: Path) -> dict[str, list[tuple[object, ...]]]:
    """All that the import stored, without the identifiers and dates that differ by nature."""
    engine = create_engine(f"sqlite:///{data / 'annuaire.db'}")
    try:
        with engine.connect() as connection:
            return {
                table: sorted(
                    (_plain(row) for row in connection.execute(_select(table, columns))), key=repr
                )
                for table, columns in TABLES.items()
            }
    finally:
        engine.dispose()


def _plain(row: object) -> tuple[object, ...]:
    return tuple(row)  # type: ignore[arg-type,call-overload]


def _select(table: str, columns: str) -> object:
    """Rows named by what identifies them: a structure by its key, a contract by its reference."""
    named = {"structure_id": "structure.key", "contract_id": "contract.reference"}
    parts = columns.split(", ")
    shown = ", ".join(named.get(part, f"{table}.{part}") for part in parts)
    joins = "".join(
        f" JOIN {part.removesuffix('_id')} ON {part.removesuffix('_id')}.id = {table}.{part}"
        for part in parts
        if part in named
    )
    return text(f"SELECT {shown} FROM {table}{joins}")  # noqa: S608 - our own names


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("files")
    write_siae(folder / "siae.csv", ROWS, seed=7)
    write_boamp(folder / "boamp.csv", ROWS, seed=7)
    return {"siae": folder / "siae.csv", "boamp": folder / "boamp.csv"}


@pytest.mark.long
@pytest.mark.parametrize("source", ["siae", "boamp"])
def test_a_killed_import_run_again_equals_a_clean_one(
    source: str, files: dict[str, Path], tmp_path: Path, long_run: bool
) -> None:
    path = str(files[source])
    clean, hurt = tmp_path / "clean", tmp_path / "hurt"
    complete(clean, "init")
    started = time.monotonic()
    complete(clean, "import", source, path)
    whole = time.monotonic() - started
    complete(hurt, "init")
    draw = Random(source)  # noqa: S311 - moments to kill at
    killed = 0
    for _ in range(20 if long_run else 3):
        process = command(hurt, "import", source, path)
        time.sleep(draw.uniform(0.1, whole))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        killed += process.returncode == -signal.SIGKILL
    assert killed >= 1
    complete(hurt, "import", source, path)
    assert content(hurt) == content(clean)
    status = complete(hurt, "index", "status", "--json")
    assert f'"documents":{ROWS},"expected":{ROWS},"waiting":0' in status
