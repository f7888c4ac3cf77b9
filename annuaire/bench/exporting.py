"""How long the whole export takes on generated data, and how much memory it needs."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any, Final

import orjson

from annuaire.bench.files import write_boamp, write_siae
from annuaire.errors import AnnuaireError

CONTRACTS: Final = 20_000
#: Runs a command and says the highest memory that it needed, in kB: VmHWM is its own alone.
_MEASURED: Final = """
import sys
from pathlib import Path
sys.argv = ["annuaire", *sys.argv[1:]]
from annuaire.cli import main
try:
    main()
finally:
    status = Path("/proc/self/status").read_text().splitlines()
    print(next(line.split()[1] for line in status if line.startswith("VmHWM")), file=sys.stderr)
"""


def bench_export(size: int, seed: int) -> list[dict[str, Any]]:
    """Fill new installations with a tenth of `size` structures, then with all, and export each:
    the memory of the second says whether it grows."""
    return [_export(part, seed) for part in (max(1, size // 10), size)]


def _export(size: int, seed: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"ANNUAIRE_DATA_DIR": folder}
        environment.pop("ANNUAIRE_DATABASE_URL", None)
        write_siae(Path(folder) / "siae.csv", size, seed)
        write_boamp(Path(folder) / "boamp.csv", max(1, CONTRACTS * size // 100_000), seed)
        for words in (["init"], *(["import", n, f"{folder}/{n}.csv"] for n in ("siae", "boamp"))):
            _run(environment, words)
        started = perf_counter()
        done = _run(environment, ["export", "--json"])
        seconds = perf_counter() - started
        told = orjson.loads(done.stdout.splitlines()[-1])
        return {
            "case": "export: every file",
            "size": told["counts"]["structures"],
            "n": sum(file["rows"] for file in told["files"]),
            "seconds": round(seconds, 1),
            "per_second": round(sum(file["rows"] for file in told["files"]) / seconds),
            "rss_mb": round(int(done.stderr.split()[-1]) / 1024, 1),
        }


def _run(environment: dict[str, str], words: list[str]) -> "subprocess.CompletedProcess[str]":
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", _MEASURED, *words],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise AnnuaireError(f"annuaire {' '.join(words)} : {done.stderr[-500:]}")
    return done
