"""How fast files are read into a new database and index, and with how much memory."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

from sqlalchemy import create_engine, inspect

from annuaire.bench.files import write_boamp, write_siae
from annuaire.errors import AnnuaireError, InvalidInputError
from annuaire.migrate import downgrade


def bench_import(
    size: int, seed: int, files: Mapping[str, Path], database_url: str | None = None
) -> list[dict[str, Any]]:
    """Import `files` (source → file), or generated ones of `size` rows, each twice, as a user
    would: database, clauses and index included. Each import is a process of its own, so that its
    peak memory is its own.

    `database_url` names an empty database, emptied again after each source; else SQLite files are
    made. Raises InvalidInputError when it holds tables.
    """
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder:
        wanted = dict(files) or _generated(Path(folder), size, seed)
        for source, path in wanted.items():
            data = Path(folder) / f"data-{source}"
            with emptied(database_url or f"sqlite:///{Path(folder) / source}.db") as url:
                environment = os.environ | {
                    "ANNUAIRE_DATA_DIR": str(data),
                    "ANNUAIRE_DATABASE_URL": url,
                }
                run_command(environment, ["init"])
                rows += [
                    _import(environment, source, path, f"{source}, {when}")
                    for when in ("new", "again")
                ]
    return rows


@contextmanager
def emptied(url: str) -> Iterator[str]:
    """A database that holds nothing, before and after."""
    engine = create_engine(url)
    try:
        if set(inspect(engine).get_table_names()) - {"alembic_version"}:
            raise InvalidInputError(
                "--database : cette base contient déjà des tables. Donnez une base vide : la "
                "mesure la remplit, puis la vide."
            )
        try:
            yield url
        finally:
            downgrade(engine, "base")
    finally:
        engine.dispose()


def _generated(folder: Path, size: int, seed: int) -> dict[str, Path]:
    siae, boamp = folder / "siae.csv", folder / "boamp.csv"
    write_siae(siae, size, seed)
    write_boamp(boamp, size, seed)
    return {"siae": siae, "boamp": boamp}


def _import(environment: Mapping[str, str], source: str, path: Path, case: str) -> dict[str, Any]:
    started = perf_counter()
    output, cpu, rss_mb = run_command(environment, ["import", source, str(path), "--json"])
    seconds = perf_counter() - started
    told = json.loads(output.splitlines()[-1])
    read = told["read"]
    return {
        "case": case,
        "size": read,
        "n": 1,
        "seconds": round(seconds, 2),
        "cpu_seconds": cpu,
        "database_seconds": told["seconds"],
        "index_seconds": told["index_seconds"],
        "per_second": round(read / seconds),
        "rss_mb": rss_mb,
    }


def run_command(
    environment: Mapping[str, str], arguments: Sequence[str]
) -> tuple[str, float, float]:
    """Run a command: its output, its seconds of computing, which other work on the machine changes
    little, and its peak memory in MB."""
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-m", "annuaire", *arguments], stdout=output, env=environment
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in (0, 1):
            raise AnnuaireError(f"La commande « {' '.join(arguments)} » a échoué.")
        output.seek(0)
        cpu = round(usage.ru_utime + usage.ru_stime, 2)
        return output.read(), cpu, round(usage.ru_maxrss / 1024, 1)
