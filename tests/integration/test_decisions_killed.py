"""An import that is killed and run again loses no decision, and writes no change twice."""

import json
import time
from pathlib import Path
from random import Random
from typing import Any

import pytest

from annuaire.bench.files import invented_siret, write_siae
from tests.factories.databases import NewDatabase
from tests.factories.processes import Installation, kill_at_random

ROWS = 300
SIGNED = ("--by", "Une modératrice", "--why", "essai")
CORRECTED, HIDDEN, WITHDRAWN = (invented_siret(n) for n in (ROWS - 1, ROWS - 2, ROWS - 3))


def decide(on: Installation) -> None:
    on.run("edit", CORRECTED, "name=Nom juste", "phone=0320000001", *SIGNED)
    on.run("hide", HIDDEN, "address", *SIGNED)
    on.run("withdraw", WITHDRAWN, *SIGNED)


def shown(on: Installation, key: str) -> dict[str, Any]:
    """What is known of a structure, but the numbers of runs and the moments, which differ."""
    found: dict[str, Any] = json.loads(on.run("structure", key, "--json").splitlines()[-1])
    fields = [(f["field"], f["value"], f["source"]) for f in found["fields"]]
    history = [(c["field"], c["old"], c["new"], c["source"]) for c in found["history"]]
    statuses = [(s["kind"], s["ended_on"]) for s in found["statuses"]]
    ended = (found["ended_on"], found["withdrawn_on"])
    return {"fields": fields, "history": history, "statuses": statuses, "ended": ended}


@pytest.mark.long
def test_a_killed_import_keeps_what_was_decided(
    new_database: NewDatabase, tmp_path: Path, long_run: bool
) -> None:
    before, after = tmp_path / "before.csv", tmp_path / "after.csv"
    write_siae(before, ROWS, seed=7)
    write_siae(after, ROWS, seed=8)
    clean = Installation(tmp_path / "clean", new_database())
    hurt = Installation(tmp_path / "hurt", new_database())
    for installation in (clean, hurt):
        installation.run("init")
        installation.run("import", "siae", before)
        decide(installation)
    started = time.monotonic()
    clean.run("import", "siae", after, "--accept-removals")
    whole = time.monotonic() - started
    draw = Random(1)  # noqa: S311 - moments to kill at
    command = ["import", "siae", after, "--accept-removals"]
    kill_at_random(hurt, command, 20 if long_run else 1, whole, draw)
    hurt.run("import", "siae", after, "--accept-removals")
    corrected, hidden, withdrawn = (shown(hurt, key) for key in (CORRECTED, HIDDEN, WITHDRAWN))
    assert (corrected, hidden, withdrawn) == tuple(
        shown(clean, key) for key in (CORRECTED, HIDDEN, WITHDRAWN)
    )
    assert ("name", "Nom juste", "structure") in corrected["fields"]
    assert ("phone", "+33320000001", "structure") in corrected["fields"]
    assert "address" not in [field for field, _, _ in hidden["fields"]]
    assert None not in withdrawn["ended"]
