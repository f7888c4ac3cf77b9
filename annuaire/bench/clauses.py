"""How many notices and texts a second clause detection reads, on one core: by the clock, and by
the time that the core itself spent, which other programs do not lengthen."""

from time import perf_counter, process_time
from typing import Any

from annuaire.activities.taxonomy import taxonomy
from annuaire.bench.files import CLAUSES, long_texts
from annuaire.clauses.detect import detect
from annuaire.contracts.records import TextField

LONG = 3_000  # characters


def bench_clauses(size: int, seed: int) -> list[dict[str, Any]]:
    """Detect in `size` titles and in a tenth as many texts of 3,000 characters."""
    labels = [leaf.label for leaf in taxonomy().leaves]
    titles = [f"{labels[i % len(labels)]}{CLAUSES[i % len(CLAUSES)]} n° {i}" for i in range(size)]
    texts = list(long_texts(max(1, size // 10), LONG, seed))
    return [_timed("titles", titles), _timed(f"texts of {LONG} characters", texts)]


def _timed(case: str, texts: list[str]) -> dict[str, Any]:
    detect([TextField("title", texts[0])])
    each: list[float] = []
    started, worked = perf_counter(), process_time()
    for text in texts:
        at = perf_counter()
        detect([TextField("description", text)])
        each.append((perf_counter() - at) * 1_000)
    seconds, worked = perf_counter() - started, process_time() - worked
    each.sort()
    return {
        "case": case,
        "size": len(texts),
        "n": len(texts),
        "p50_ms": round(each[len(each) // 2], 3),
        "p95_ms": round(each[int(len(each) * 0.95)], 3),
        "per_second": round(len(texts) / seconds),
        "per_second_of_core": round(len(texts) / max(worked, 1e-9)),
        "seconds": round(seconds, 2),
    }
