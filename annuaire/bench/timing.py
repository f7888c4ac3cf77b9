"""Rows of `annuaire bench`: how many, how long, how much memory."""

import resource
import sys
from collections.abc import Iterable
from typing import Any


def timed(case: str, size: int, durations: Iterable[float]) -> dict[str, Any]:
    """The row of a case: median and 95th percentile of its durations, in milliseconds."""
    times = sorted(durations)
    row = measured(case, size, len(times), rate=1000 * len(times) / sum(times))
    row["p50_ms"] = round(times[len(times) // 2], 2)
    row["p95_ms"] = round(times[min(len(times) - 1, int(len(times) * 0.95))], 2)
    return row


def processor(durations: list[float]) -> dict[str, Any]:
    """Median and 95th percentile of processor times, in milliseconds."""
    times = sorted(durations)
    last = min(len(times) - 1, int(len(times) * 0.95))
    return {"cpu_p50_ms": round(times[len(times) // 2], 2), "cpu_p95_ms": round(times[last], 2)}


def measured(
    case: str, size: int, count: int, *, rate: float, seconds: float | None = None
) -> dict[str, Any]:
    """The row of a case: how many things, at what rate a second, and the peak of memory so far."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    memory = peak / 1024 if sys.platform != "darwin" else peak / 1024**2
    row: dict[str, Any] = {"case": case, "size": size, "n": count}
    if seconds is not None:
        row["seconds"] = seconds
    return row | {"per_second": round(rate, 1), "rss_mb": round(memory)}
