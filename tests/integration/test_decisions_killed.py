"""An import that is killed and run again loses no decision, and writes no change twice."""

import json
import signal
import time
from pathlib import Path
from random import Random
from typing import Any

import pytest

from annuaire.bench.files import invented_siret, write_siae
from tests.integration.test_import_killed import command, complete

ROWS = 600
SIGNED = ("--by", "Une modératrice", "--why", "essai")
CORRECTED, HIDDEN, WITHDRAWN = (invented_siret(n) for n in (ROWS - 1, ROWS - 2, ROWS - 3))


def decide(data: Path) -> None:
    complete(data, "edit", CORRECTED, "name=Nom juste", "phone=0320000001", *SIGNED)
    complete(data, "hide", HIDDEN, "address", *SIGNED)
    complete(data, "withdraw", WITHDRAWN, *SIGNED)


def shown(data: Path, key: str) -> dict[str, Any]:
    """What is known of a structure, but the numbers of runs and the moments, which differ."""
    found: dict[str, Any] = json.loads(complete(data, "structure", key, "--json"))
    fields = [(f["field"], f["value"], f["source"]) for f in found["fields"]]
    history = [(c["field"], c["old"], c["new"], c["source"]) for c in found["history"]]
    statuses = [(s["kind"], s["ended_on"]) for s in found["statuses"]]
    ended = (found["ended_on"], found["withdrawn_on"])
    return {"fields": fields, "history": history, "statuses": statuses, "ended": ended}


@pytest.mark.long
def test_a_killed_import_keeps_what_was_decided(tmp_path: Path, long_run: bool) -> None:
    before, after = tmp_path / "before.csv", tmp_path / "after.csv"
    write_siae(before, ROWS, seed=7)
    write_siae(after, ROWS, seed=8)
    clean, hurt = tmp_path / "clean", tmp_path / "hurt"
    whole = 0.0
    for data in (clean, hurt):
        complete(data, "init")
        complete(data, "import", "siae", str(before))
        decide(data)
    started = time.monotonic()
    complete(clean, "import", "siae", str(after), "--accept-removals")
    whole = time.monotonic() - started
    draw = Random(1)  # noqa: S311 - moments to kill at
    killed = 0
    for _ in range(20 if long_run else 2):
        process = command(hurt, "import", "siae", str(after), "--accept-removals")
        time.sleep(draw.uniform(0.1, whole))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        killed += process.returncode == -signal.SIGKILL
    assert killed >= 1
    complete(hurt, "import", "siae", str(after), "--accept-removals")
    corrected, hidden, withdrawn = (shown(hurt, key) for key in (CORRECTED, HIDDEN, WITHDRAWN))
    assert (corrected, hidden, withdrawn) == tuple(
        shown(clean, key) for key in (CORRECTED, HIDDEN, WITHDRAWN)
    )
    assert ("name", "Nom juste", "structure") in corrected["fields"]
    assert ("phone", "+33320000001", "structure") in corrected["fields"]
    assert "address" not in [field for field, _, _ in hidden["fields"]]
    assert None not in withdrawn["ended"]
