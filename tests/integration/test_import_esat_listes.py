"""`annuaire import esat_listes`: trades and contacts beside FINESS, on the same structures."""

from html import unescape
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from annuaire.structures.models import Structure
from tests.factories.commands import Run, last_json

LISTS = Path(__file__).parents[1] / "fixtures" / "esat_listes"
SIRET = "99001201500014"


def finess(path: Path, name: str) -> Path:
    """The establishment of the lists, as FINESS has it: no trade, no e-mail."""
    cells = [
        "structureet", "599999901", "599999909", name, "", "", "", "1", "R", "DES ESSAIS", "", "",
        "350", "59", "NORD", "59000 LILLE", "0320000000", "", "246", "ESAT", "4302", "Travail",
        SIRET, "8810C", "", "", "", "", "1985-09-01", "", "2026-05-01", "",
    ]  # fmt: skip
    path.write_text(f"finess;etalab;111;2026-05-12\n{';'.join(cells)}\n", encoding="utf-8")
    return path


def test_list_completes_what_finess_knows(
    run: Run, session: Session, client: Any, tmp_path: Path
) -> None:
    run("import", "esat", finess(tmp_path / "etalab-cs1100502.csv", "ESAT DE FINESS"))
    counts = last_json(run("import", "esat_listes", LISTS / "hosmoz.csv", "--json"))
    assert (counts["created"], counts["updated"]) == (1, 1)
    found = session.scalars(select(Structure).where(Structure.siret == SIRET)).one()
    assert (found.name, found.email) == ("ESAT DE FINESS", "contact@esat-essais.example")
    assert found.origins["name"][0] == "esat"
    assert found.origins["email"][0] == "esat_listes"
    activities = {(a.code, a.origin) for a in found.activities}
    assert ("blanchisserie", "declared") in activities
    session.rollback()
    page = unescape(client.get(f"/structures/{SIRET}").text)
    assert "Déclarée" in page
    assert "Listes d'ESAT" in page


def test_declared_trade_is_found(run: Run) -> None:
    run("import", "esat_listes", LISTS / "le_marche.csv")
    found = last_json(run("search", "blanchisserie", "--near", "Lille", "--json"))
    assert [hit["siret"] for hit in found["hits"]] == [SIRET]


def test_second_reading_writes_nothing(run: Run) -> None:
    run("import", "esat_listes", LISTS / "gesat.csv")
    again = last_json(run("import", "esat_listes", LISTS / "gesat.csv", "--json"))
    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, 2)
