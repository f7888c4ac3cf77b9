"""`annuaire import decp`: awards with SIRETs become contracts, wins and names of buyers."""

from html import unescape
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from annuaire.bench.files import invented_siret
from annuaire.contracts.models import Buyer, Contract, Finding, Lot, Notice
from annuaire.matching.models import Win
from annuaire.structures.models import Structure
from importers.sources.decp.download import DATASET
from tests.factories.commands import Run, last_json
from tests.factories.decp import (
    BUYER,
    change,
    contract,
    row,
    winner,
    write_json,
    write_table,
)
from tests.factories.files import notice, siae, write_csv
from tests.factories.publisher import file_reply, json_reply, lead_commands, publishing

REFERENCE = f"decp-{BUYER}2024M1"
SOCIAL = {"considerationSociale": ["Clause sociale", "Marché réservé"]}


def page_of(client: Any, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return unescape(answer.text).replace("\u00a0", " ").replace("\u202f", " ")


def test_an_award_is_shown_with_what_its_buyer_declared(
    run: Run, session: Session, client: Any, tmp_path: Path
) -> None:
    later = change("2025-02-10", montant=150000, titulaires=[winner(invented_siret(7))])
    given = contract(considerationsSociales=SOCIAL, modifications=[later])
    absurd = contract(2, montant=1e15)
    path = write_json(tmp_path / "decp.json", given, contract(3, id=None), absurd)
    counts = last_json(run("import", "decp", path, "--json"))
    assert (counts["created"], counts["refused"]) == (2, 1)
    assert [(i["field"], i["code"]) for i in counts["issues"]] == [("id", "vide"), ("montant",) * 2]
    types = session.scalars(select(Finding.type).order_by(Finding.id)).all()
    assert types == ["execution_social_other", "reserved_unspecified"]
    flags = {
        c.reference[-1]: (c.social, c.environmental) for c in session.scalars(select(Contract))
    }
    assert flags == {"1": (True, False), "2": (False, False)}
    session.rollback()
    page = page_of(client, f"/marches/{REFERENCE}")
    for said in (
        "Acheteur 990 090 01",  # of which only the SIRET is published
        "(nom inconnu)",
        "150 000",
        "Modifications depuis l’attribution",
        "10 février 2025",
        "considérations sociales (déclaration de l'acheteur, données essentielles)",
        "Durée : 24 mois.",
    ):
        assert said in page
    assert "invraisemblable, tel que publié" in page_of(client, f"/marches/decp-{BUYER}2024M2")


def test_a_second_reading_writes_nothing_and_an_older_file_changes_nothing(
    run: Run, session: Session, tmp_path: Path
) -> None:
    old = write_json(tmp_path / "old.json", contract())
    new = write_json(tmp_path / "new.json", contract(), contract(modifications=[change(montant=9)]))
    assert last_json(run("import", "decp", new, "--json"))["created"] == 1
    for path in (new, old):
        counts = last_json(run("import", "decp", path, "--json"))
        assert (counts["created"], counts["updated"]) == (0, 0)
    (kept,) = session.scalars(select(Notice))
    assert [told["amount_eur"] for told in kept.changes] == [9]
    assert [lot.amount_eur for lot in session.scalars(select(Lot))] == [9]


def test_a_buyer_known_by_its_number_is_named_by_the_first_that_knows_it(
    run: Run, session: Session, tmp_path: Path
) -> None:
    run("import", "decp", write_json(tmp_path / "decp.json", contract()))
    run("import", "boamp", write_csv(tmp_path / "boamp.csv", [notice(1)]))  # a name and no SIRET
    assert len(session.scalars(select(Buyer)).all()) == 2
    session.rollback()
    run("import", "decp", write_table(tmp_path / "decp.csv", row(2)))
    run("import", "decp", write_json(tmp_path / "later.json", contract(3)))  # takes nothing away
    (buyer,) = session.scalars(select(Buyer).where(Buyer.siret == BUYER))
    assert (buyer.name, buyer.departement) == ("COMMUNE DU MODELE", "59")
    session.rollback()
    found = last_json(run("search", "modele", "--contracts", "--json"))
    assert {hit["reference"][-1] for hit in found["hits"]} == {"1", "2", "3"}


def test_awards_without_object_nor_consideration_are_in_no_share(
    run: Run, client: Any, tmp_path: Path
) -> None:
    bare = {"objet": "", "considerationsSociales": ""}
    rows = [row(1, **bare), row(2, **bare), row(3, considerationsSociales="Clause sociale")]
    run("import", "decp", write_table(tmp_path / "decp.csv", *rows))
    page = page_of(client, f"/acheteurs/{BUYER}")
    assert "3 marchés" in page
    assert "(1 sur 1)" in page
    assert "(1 sur 3)" not in page
    untold = "rien ne dit s’il comporte une clause"
    assert untold in page_of(client, f"/marches/decp-{BUYER}2024M1")
    declared = write_json(tmp_path / "decp.json", contract(4, objet=None))  # « pas de … » in both
    run("import", "decp", declared)
    page = page_of(client, f"/marches/decp-{BUYER}2024M4")
    assert "Aucune clause sociale ou environnementale repérée" in page
    assert untold not in page


@pytest.fixture
def won(run: Run, session: Session, tmp_path: Path) -> dict[str, str]:
    """Who won what, by the last digit of the contract's number: (structure, evidence)."""
    siren = invented_siret(4)[:9]
    listed = [
        siae(1, name="PROPRETE DU MODELE"),
        siae(2, name="LES TILLEULS"),
        siae(4, name="LES ORMES"),
    ]
    run("import", "siae", write_csv(tmp_path / "siae.csv", listed))
    flat = {"typeIdentifiant": "SIRET", "denominationSociale": "LES TILLEULS"}
    awards = (
        contract(1, titulaires=[winner(invented_siret(1))]),
        contract(2, titulaires=[flat | {"id": invented_siret(3)}]),  # another company's number
        contract(3, titulaires=[flat | {"id": "x", "typeIdentifiant": "HORS-UE"}]),
        contract(4, titulaires=[winner(f"{siren}00099")]),
        contract(5, titulaires=[winner("FR1", "TVA")]),
        contract(6, titulaires=[flat], modifications=[
            change("2025-02-10", titulaires=[winner(invented_siret(1))])]),
    )  # fmt: skip
    run("import", "decp", write_json(tmp_path / "decp.json", *awards))
    rows = session.execute(
        select(Win.lot_reference, Structure.name, Win.evidence, Win.won_on)
        .join(Structure, Structure.id == Win.structure_id)
        .order_by(Win.id)
    )
    found = {f"{r.lot_reference[-3]} {r.name}": f"{r.evidence} {r.won_on}" for r in rows}
    session.rollback()
    return found


def test_winners_are_tied_by_siret_then_siren_then_name(won: dict[str, str]) -> None:
    assert won == {
        "1 PROPRETE DU MODELE": f"SIRET publié : {invented_siret(1)} 2024-06-03",
        "3 LES TILLEULS": "LES TILLEULS 2024-06-03",
        "4 LES ORMES": f"SIREN du SIRET publié : {invented_siret(4)[:9]}00099 2024-06-03",
        "6 LES TILLEULS": "LES TILLEULS 2024-06-03",
        # Who came later taught nothing before.
        "6 PROPRETE DU MODELE": f"SIRET publié : {invented_siret(1)} 2025-02-10",
    }


def test_pages_lead_from_a_win_to_its_structure_and_back(won: dict[str, str], client: Any) -> None:
    page = page_of(client, f"/marches/{REFERENCE}")
    assert f'<a href="/structures/{invented_siret(1)}">PROPRETE DU MODELE</a>' in page
    page = page_of(client, f"/structures/{invented_siret(1)}")
    assert "<td>son SIRET</td>" in page
    assert "Déduite de 2 marchés gagnés" in page


def test_the_consolidated_file_is_downloaded_and_read(
    run: Run, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = write_json(tmp_path / "decp.json", contract(1), contract(2)).read_bytes()
    url = "https://static.data.gouv.fr/resources/decp-global.json"
    with publishing("www.data.gouv.fr", "static.data.gouv.fr") as publisher:
        lead_commands(publisher, monkeypatch)
        publisher.on(
            f"https://www.data.gouv.fr/api/1/datasets/{DATASET}/",
            json_reply({"resources": [{"title": "decp-global.json", "url": url}]}),
        )
        publisher.on(url, file_reply(body))
        assert last_json(run("import", "decp", "--download", "--json"))["created"] == 2
        again = last_json(run("import", "decp", "--download", "--json"))
    assert "inchangé" in again["notes"][0]
    assert len(session.scalars(select(Contract)).all()) == 2
