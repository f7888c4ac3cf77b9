"""French NUTS 3 codes as départements: eForms places lots by them (BT-5071)."""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data" / "nuts.csv"


@cache
def _departements() -> Mapping[str, str]:
    with DATA.open(encoding="utf-8", newline="") as file:
        return {row["nuts"]: row["departement"] for row in csv.DictReader(file)}


def departement_of_nuts(code: str | None) -> str | None:
    """The département of a NUTS 3 code, « FRK26 » → « 69 »; None for anything else."""
    return _departements().get(code.strip().upper()) if code else None
