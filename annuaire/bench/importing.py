"""How fast files are read into a new database and index, and with how much memory."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

from annuaire.bench.files import write_boamp, write_siae
from annuaire.errors import AnnuaireError


def bench_import(size: int, seed: int, files: Mapping[str, Path]) -> list[dict[str, Any]]:
    """Import `files` (source → file), or generated ones of `size` rows, each twice, as a user
    would: database, clauses and index included. Each import is a process of its own, so that its
    peak memory is its own."""
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder:
        wanted = dict(files) or _generated(Path(folder), size, seed)
        for source, path in wanted.items():
            data = Path(folder) / f"data-{source}"
            _run(data, ["init"])
            rows += [_import(data, source, path, f"{source}, {when}") for when in ("new", "again")]
    return rows


def _generated(folder: Path, size: int, seed: int) -> dict[str, Path]:
    siae, boamp = folder / "siae.csv", folder / "boamp.csv"
    write_siae(siae, size, seed)
    write_boamp(boamp, size, seed)
    return {"siae": siae, "boamp": boamp}


def _import(data: Path, source: str, path: Path, case: str) -> dict[str, Any]:
    started = perf_counter()
    output, rss_mb = _run(data, ["import", source, str(path), "--json"])
    seconds = perf_counter() - started
    read = json.loads(output.splitlines()[-1])["read"]
    return {
        "case": case,
        "size": read,
        "n": 1,
        "seconds": round(seconds, 2),
        "per_second": round(read / seconds),
        "rss_mb": rss_mb,
    }


def _run(data: Path, arguments: Sequence[str]) -> tuple[str, float]:
    """Run a command on a data folder of its own: its output, and its peak memory in MB."""
    environment = os.environ | {"ANNUAIRE_DATA_DIR": str(data)}
    environment.pop("ANNUAIRE_DATABASE_URL", None)
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-m", "annuaire", *arguments], stdout=output, env=environment
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in (0, 1):
            raise AnnuaireError(f"La commande « {' '.join(arguments)} » a échoué.")
        output.seek(0)
        return output.read(), round(usage.ru_maxrss / 1024, 1)
