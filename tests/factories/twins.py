"""An ESAT and an EA that are one structure in two directories, and what is found of them."""

from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from annuaire.bench.files import invented_siret
from tests.factories.commands import Run, last_json
from tests.factories.directories import write_eas, write_esats
from tests.factories.files import LYON, siae, write_csv

FINESS = "590000011"
ESAT = f"finess:{FINESS}"
EA, OTHER = invented_siret(1), invented_siret(2)


def import_twins(run: Run, folder: Path) -> None:
    """An ESAT known by its FINESS and an EA of the same name at the same address; others apart."""
    run("import", "esat", write_esats(folder / "esat.csv", (FINESS, None)))
    name = f"ESAT LES CEDRES {FINESS}"
    run("import", "ea", write_eas(folder / "ea.csv", (EA, name, "1 rue des Essais")))
    run("import", "siae", write_csv(folder / "siae.csv", [siae(7), siae(8, **LYON)]))


def found(run: Run) -> int:
    """Search, and give the only pair found."""
    run("duplicates", "find")
    (pair,) = last_json(run("duplicates", "list", "--json"))["pairs"]
    number: int = pair["id"]
    return number


def everything(session: Session) -> list[Any]:
    """All that the register says, in the order of its identifiers."""
    session.rollback()
    tables = {
        "structure": "id, key, siret, finess, name, address, phone, ended_on",
        "structure_status": "structure_id, kind, source, valid_from, ended_on",
        "structure_activity": "structure_id, code, origin, weight",
        "structure_alias": "key, structure_id",
        "source_record": "id, structure_id, source, source_key, ended_on",
    }
    rows = [
        (table, *row)
        for table, columns in tables.items()
        for row in session.execute(text(f"SELECT {columns} FROM {table} ORDER BY {columns}"))  # noqa: S608 - our own names
    ]
    session.rollback()
    return rows
