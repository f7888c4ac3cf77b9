"""French NUTS 3 codes as départements: notices place lots by them (BT-5071). Codes of before 2018
(NUTS 2010 and 2013), which older notices hold, are known too: none was given to another place."""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "data"
FILES = ("nuts_former.csv", "nuts.csv")


@cache
def _departements() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for name in FILES:
        with (FOLDER / name).open(encoding="utf-8", newline="") as file:
            found |= {row["nuts"]: row["departement"] for row in csv.DictReader(file)}
    return found


def departement_of_nuts(code: str | None) -> str | None:
    """The département of a NUTS 3 code, « FRK26 » or « FR716 » → « 69 »; None for anything else."""
    return _departements().get(code.strip().upper()) if code else None
