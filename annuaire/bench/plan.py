"""How long a purchase plan takes on generated data, line by line, as the command answers it."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any, Final

from sqlalchemy.orm import Session

from annuaire.activities.taxonomy import taxonomy
from annuaire.bench.documents import a_town
from annuaire.bench.match import TODAY, database_of, documents_to_match
from annuaire.bench.timing import measured, timed
from annuaire.plans.answering import Setting, answer_line
from annuaire.plans.service import read_file
from search.engine import Engine

STRUCTURES: Final = 15_000


def bench_plan(
    engine_factory: Callable[[], Engine], size: int, seed: int = 1
) -> list[dict[str, Any]]:
    """Read a plan of `size` lines and answer them one after the other, over 15,000 structures.

    Returns the rows of `bench`: the reading, the lines (milliseconds each), the whole in seconds.
    """
    engine = engine_factory()
    with engine.rebuild("structures", expected=STRUCTURES) as rebuild:
        rebuild.add(documents_to_match(STRUCTURES, seed))
    with tempfile.TemporaryDirectory() as folder, Session(database_of(STRUCTURES, seed)) as session:
        path = Path(folder) / "plan.csv"
        path.write_text(_plan(size, seed), encoding="utf-8")
        started = perf_counter()
        lines = read_file(path)
        read = perf_counter() - started
        setting = Setting(TODAY)
        durations = []
        for line in lines:
            begun = perf_counter()
            answer_line(session, engine, line, setting)
            durations.append((perf_counter() - begun) * 1000)
        whole = perf_counter() - started
    return [
        measured("plan read", size, len(lines), rate=len(lines) / read, seconds=round(read, 2)),
        timed("line of a plan", size, durations),
        measured("whole plan", size, len(lines), rate=len(lines) / whole, seconds=round(whole, 2)),
    ]


def _plan(size: int, seed: int) -> str:
    draw = Random(f"{seed}/plan")  # noqa: S311
    rows = ["Objet;Montant;Lieu;Date;Nature"]
    for _ in range(size):
        leaves = draw.sample(taxonomy().leaves, draw.choice((1, 1, 1, 1, 2)))
        what = " et ".join(leaf.label.partition(" (")[0] for leaf in leaves)
        amount, month = round(draw.lognormvariate(10, 1)), draw.randrange(1, 13)
        rows.append(f"{what};{amount};{a_town(draw).name};{month:02d}/2026;")
    return "\n".join(rows)
