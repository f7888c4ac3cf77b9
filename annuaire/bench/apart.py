"""Readers measured in a process of their own, so that their peak memory is their own."""

import subprocess
import sys
from pathlib import Path
from time import perf_counter
from typing import Any

from annuaire.errors import AnnuaireError

# Before and after the code measured, which reads `path` and counts `rows`. VmHWM is the peak of
# the process itself: its parent's is no part of it.
_BEFORE = "import sys\nfrom pathlib import Path\npath = Path(sys.argv[1])\n"
_AFTER = """
status = Path("/proc/self/status").read_text()
print(rows, next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))
"""


def read_apart(case: str, code: str, path: Path, size: int) -> dict[str, Any]:
    """Run `code`, which reads `path` and sets `rows`; `size` is what `per_second` counts."""
    started = perf_counter()
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", f"{_BEFORE}{code}{_AFTER}", str(path)],
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    seconds = perf_counter() - started
    if done.returncode:
        raise AnnuaireError(f"La lecture de « {case} » a échoué.")
    rows, peak = done.stdout.split()
    return {
        "case": case,
        "size": size,
        "n": int(rows),
        "seconds": round(seconds, 2),
        "per_second": round(size / seconds),
        "rss_mb": round(int(peak) / 1024, 1),
    }
