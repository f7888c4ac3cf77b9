"""Trades that won lots prove: shown as such, kept by imports, and never a leak when evaluating."""

import csv
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from annuaire import outbox
from annuaire.matching.service import link_awards
from annuaire.runs import ImportRun
from annuaire.sql import plain
from annuaire.structures.models import SourceRecord, Structure, StructureActivity
from tests.factories.commands import Run, last_json
from tests.factories.files import awards, notice, siae, write_csv
from tests.integration.conftest import StartFrom

WINNER = "ATELIERS DU MODELE"
CLEANING = "nettoyage-locaux"


def structure(number: int = 1, **changes: str) -> dict[str, str]:
    """A structure of which neither the name nor the NAF code says the trade."""
    return siae(number, **{"name": WINNER, "naf": "9499Z"} | changes)


def award(number: int, day: str, winner: str = WINNER, **changes: str) -> dict[str, str]:
    lot = ("Nettoyage des locaux de la mairie", winner, 1000.0)
    return notice(
        number, nature="attribution", date_publication=day, attributions_json=awards(lot), **changes
    )


AWARDS = [award(1, "2020-03-02"), award(2, "2021-04-06", objet="Nettoyage de bureaux")]


def kept(session: Session) -> list[tuple[str, str, float]]:
    """The activities of the structure: code, origin, weight."""
    rows = session.execute(
        select(StructureActivity.code, StructureActivity.origin, StructureActivity.weight)
        .join(Structure)
        .where(Structure.siret == siae(1)["siret"])
        .order_by(StructureActivity.weight.desc(), plain(StructureActivity.code))
    )
    found = [(row.code, row.origin, row.weight) for row in rows]
    session.rollback()
    return found


def fill(run: Run, folder: Path) -> None:
    run("import", "siae", write_csv(folder / "siae.csv", [structure(), siae(2)]))
    run("import", "boamp", write_csv(folder / "boamp.csv", AWARDS))


@pytest.fixture
def filled(run: Run, start_from: StartFrom) -> Run:
    """The commands of such a site of the test's own."""
    start_from(fill)
    return run


def test_trade_is_inferred_from_what_was_won_and_the_page_says_so(
    filled: Run, session: Session, client: Any
) -> None:
    assert kept(session)[0] == (CLEANING, "won", 0.675)
    page = unescape(client.get(f"/structures/{siae(1)['siret']}").text)
    page = page.replace("\u00a0", " ")
    assert "Déduite de 2 marchés gagnés : « Nettoyage des locaux de la mairie (2021) ; " in page
    assert "Marchés gagnés, d'après les avis d'attribution lus" in page
    assert client.get("/sources/attributions").status_code == 200


def test_trade_is_found_by_the_search(filled: Run) -> None:
    found = last_json(filled("search", "", "--filter", f"activite={CLEANING}", "--json"))
    assert siae(1)["siret"] in [hit["siret"] for hit in found["hits"]]


def test_declared_trade_is_found_before_an_inferred_one(filled: Run, tmp_path: Path) -> None:
    liste = tmp_path / "ea.csv"
    siret = siae(5)["siret"]
    liste.write_text(
        "Raison sociale;SIRET;Code postal;Commune;Activités\n"
        f"SOCIETE DU CHARME;{siret};59000;Lille;Nettoyage de locaux\n",
        encoding="utf-8",
    )
    filled("import", "ea", liste)
    filled("import", "siae", write_csv(tmp_path / "only.csv", [structure()]), "--accept-removals")
    found = last_json(filled("search", "nettoyage de locaux", "--json"))
    assert [hit["siret"] for hit in found["hits"]] == [siret, siae(1)["siret"]]


def test_later_import_works_out_the_same(filled: Run, session: Session, tmp_path: Path) -> None:
    before = kept(session)
    changed = [structure(website="https://essai.example"), siae(2)]
    filled("import", "siae", write_csv(tmp_path / "new.csv", changed))
    assert kept(session) == before


def test_linking_again_writes_nothing(filled: Run, session: Session) -> None:
    runs = session.scalars(select(ImportRun.id)).all()
    session.rollback()
    link_awards(session)
    assert session.scalars(select(ImportRun.id)).all() == runs
    assert outbox.waiting(session) == {}


def test_trade_goes_when_the_award_does(filled: Run, session: Session, tmp_path: Path) -> None:
    other = [award(n, day, winner="AUTRE SOCIETE") for n, day in ((1, "2020-03-02"),)]
    filled("import", "boamp", write_csv(tmp_path / "put-right.csv", other))
    assert kept(session)[0] == (CLEANING, "won", 0.45)
    last = award(2, "2021-04-06", winner="AUTRE SOCIETE", objet="Nettoyage de bureaux")
    filled("import", "boamp", write_csv(tmp_path / "again.csv", [last]))
    assert CLEANING not in [code for code, *_ in kept(session)]


def test_what_was_won_keeps_no_structure_that_directories_dropped(
    filled: Run, session: Session, tmp_path: Path
) -> None:
    filled("import", "siae", write_csv(tmp_path / "less.csv", [siae(2)]), "--accept-removals")
    ended = session.scalar(select(Structure.ended_on).where(Structure.siret == siae(1)["siret"]))
    assert ended is not None
    living = select(SourceRecord.id).where(
        SourceRecord.source == "attributions", SourceRecord.ended_on.is_(None)
    )
    assert session.scalars(living).all() == []
    session.rollback()
    filled("import", "siae", write_csv(tmp_path / "back.csv", [structure(), siae(2)]))
    assert kept(session)[0] == (CLEANING, "won", 0.675)


def test_trade_that_a_name_tells_is_not_lost_when_lots_are_left_out(
    run: Run, session: Session, tmp_path: Path
) -> None:
    named = [siae(1, name="PROPRETE DU MODELE", naf="8121Z")]
    run("import", "siae", write_csv(tmp_path / "siae.csv", named))
    boamp = [award(n, f"2020-03-0{n}", winner="PROPRETE DU MODELE") for n in (1, 2)]
    run("import", "boamp", write_csv(tmp_path / "boamp.csv", boamp))
    assert kept(session)[0][:2] == (CLEANING, "won")
    said = run("match", "--text", "nettoyage de bureaux", "--place", "Lille", "--date",
               "2019-01-01").stdout  # fmt: skip
    assert "Activité : Nettoyage" in said
    assert "déduite du code NAF 8121Z" in said


LABELLED = {
    "idweb": "20-9", "date": "2020-01-15", "objet": "Nettoyage de bureaux", "lot": "",
    "descripteurs": "Nettoyage de locaux", "acheteur": "Commune d'essai", "acheteur_cp": "59000",
    "acheteur_ville": "Lille", "departements": "59", "montant": "40000", "titulaire": WINNER,
    "titulaire_sirets": siae(1)["siret"],
}  # fmt: skip


def test_awards_in_the_database_teach_the_evaluation_nothing(run: Run, tmp_path: Path) -> None:
    """A lot's own award and later ones are in the database; the figures are those without them."""
    lots = tmp_path / "lots.csv"
    with lots.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(LABELLED))
        writer.writeheader()
        writer.writerow(LABELLED)
    rivals = [siae(n, lat="50.70", lon="3.20") for n in range(2, 9)]
    run("import", "siae", write_csv(tmp_path / "siae.csv", [structure(), *rivals]))
    before = last_json(run("evaluate", "matching", lots, "--json"))
    own = award(9, "2020-03-02", objet="Nettoyage de bureaux")
    run("import", "boamp", write_csv(tmp_path / "boamp.csv", [own, *AWARDS]))
    assert last_json(run("evaluate", "matching", lots, "--json")) == before


def test_past_need_learns_nothing_from_its_own_award(filled: Run) -> None:
    def trade(day: str) -> str:
        said = filled("match", "--text", "nettoyage de bureaux", "--place", "Lille", "--date", day)
        return said.stdout

    assert "marché gagné" not in trade("2020-03-02")
    assert "déduite de 1\u00a0marché gagné : Nettoyage" in trade("2020-03-03")
    assert "déduite de 2\u00a0marchés gagnés : Nettoyage" in trade("2021-04-07")
