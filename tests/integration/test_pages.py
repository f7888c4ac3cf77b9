"""The pages, asked without script: what they show."""

import json
import re
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from annuaire.config import Settings
from annuaire.db import writing
from annuaire.structures.models import StructureStatus
from tests.factories.commands import Run, last_json
from tests.factories.files import siae, write_csv
from tests.factories.site import fill_site
from tests.integration.conftest import StartFrom


@pytest.fixture
def filled(start_from: StartFrom, client: FlaskClient) -> FlaskClient:
    """A site with four structures and three contracts."""
    start_from(fill_site)
    return client


def test_search_finds_with_a_typo_and_without_accent(filled: FlaskClient) -> None:
    for typed in ("blanchiserie", "BLANCHISSERIE", "proprete", "propreté"):
        assert "D'ESSAI" in unescape(filled.get(f"/structures?q={typed}").text)


def test_search_around_a_place_gives_distances(filled: FlaskClient) -> None:
    page = filled.get("/structures?lieu=Lyon&rayon=20").text
    assert "Lyon" in page
    assert "Lille" not in page


def test_search_without_result_proposes_what_to_relax(filled: FlaskClient) -> None:
    page = filled.get("/structures?q=blanchisserie&lieu=Lille&rayon=10").text
    assert "Aucune structure" in page
    assert "Chercher dans toute la France" in page


def test_fragment_for_htmx_holds_no_layout(filled: FlaskClient) -> None:
    page = filled.get("/structures?q=essai", headers={"HX-Request": "true"}).text
    assert "<html" not in page
    assert "ESSAI" in page


def test_structure_page_shows_identity_origin_and_win(filled: FlaskClient) -> None:
    siret = siae(1)["siret"]
    page = filled.get(f"/structures/{siret}").text
    assert "Entreprise d&#39;insertion (EI)" in page
    assert "Déduite" in page
    assert "Structures de l&#39;insertion par l&#39;activité économique" in page
    assert "boamp-26-3" in page
    assert "application/ld+json" in page


def test_contract_page_marks_the_evidence_and_escapes_the_text(filled: FlaskClient) -> None:
    page = filled.get("/marches/boamp-26-1").text
    assert "<mark>" in page
    assert "<b>et</b>" not in page
    assert "L2113-12" in page


def test_lot_page_suggests_with_reasons(filled: FlaskClient) -> None:
    page = filled.get("/marches/boamp-26-2/lots/1").text
    assert "PROPRETE D&#39;ESSAI" in page
    assert "km" in page


def test_need_page_cites_the_law_of_its_date(filled: FlaskClient) -> None:
    base = "/besoins/nouveau?quoi=nettoyage+de+bureaux&lieu=Lille&montant=50000&nature=services"
    march, may = (
        filled.get(f"{base}&date=2026-03-15").text,
        filled.get(f"{base}&date=2026-05-15").text,
    )
    assert "R2122-8" in may
    assert march != may


def test_a_form_with_an_error_keeps_what_was_typed(filled: FlaskClient) -> None:
    page = filled.get("/besoins/nouveau?quoi=nettoyage+urbain&lieu=Xyzabc").text
    assert "nettoyage urbain" in page
    assert "Xyzabc" in page


def test_map_points_carry_name_and_address(filled: FlaskClient) -> None:
    points = filled.get("/structures/carte.json?lieu=Lyon&rayon=20").json
    assert len(points["features"]) == 2
    assert points["features"][0]["properties"]["url"].startswith("/structures/")


def test_command_line_suggests_with_reasons(run: Run, filled: FlaskClient) -> None:
    found = last_json(run("match", "--text", "nettoyage de bureaux", "--place", "Lille", "--json"))
    assert found["suggestions"][0]["name"].startswith("PROPRETE")
    assert found["suggestions"][0]["reasons"]
    assert set(found) == {"need", "route", "suggestions", "groups", "gaps", "took_ms"}


def test_a_status_that_ended_is_dated_and_no_longer_shown_as_held(
    run: Run, client: FlaskClient, tmp_path: Path
) -> None:
    both = [siae(1), siae(1, kind="ACI", id="9"), *(siae(n) for n in range(2, 8))]
    run("import", "siae", write_csv(tmp_path / "a.csv", both))
    run("import", "siae", write_csv(tmp_path / "b.csv", both[1:]), "--accept-removals")
    page = unescape(client.get(f"/structures/{siae(1)['siret']}").text)
    held, table = page.split("<article", 1)[1].split("<table", 1)
    assert "Atelier et chantier d'insertion (ACI)" in held
    assert "Entreprise d'insertion (EI)" not in held
    ended = table.split("Entreprise d'insertion (EI)")[1].split("</tr>")[0]
    assert ended.count("non précisé") == 1  # its beginning only


def test_a_procedure_is_said_in_words_whatever_its_case(filled: FlaskClient) -> None:
    assert "marché à procédure adaptée" in filled.get("/marches/boamp-26-2").text


def test_a_lot_whose_number_holds_a_slash_has_its_page(
    run: Run, client: FlaskClient, tmp_path: Path
) -> None:
    lots = {"lot": [{"numLot": number, "intitule": f"Tonte {number}"} for number in ("1/2", "2#b")]}
    record = {
        "idweb": "26-7", "dateparution": "2026-05-04", "objet": "Tonte", "nature": "APPEL_OFFRE",
        "nomacheteur": "Commune d'essai", "code_departement": ["59"],
        "donnees": {"MAPA": {"organisme": {}, "initial": {"lots": lots}}},
    }  # fmt: skip
    path = tmp_path / "boamp.jsonl"
    path.write_text(json.dumps(record), encoding="utf-8")
    run("import", "boamp", path)
    links = re.findall(
        r'href="(/marches/boamp-26-7/lots/[^"]+)"', client.get("/marches/boamp-26-7").text
    )
    assert len(links) == 2
    for link, number in zip(links, ("1/2", "2#b"), strict=True):
        assert f"Tonte {number}" in client.get(link).text


def test_lot_page_stays_open_without_the_search_engine(
    filled: FlaskClient, settings: Settings
) -> None:
    for pointer in settings.index_dir.glob("structures/*/current"):
        pointer.write_bytes(b"\xff")
    answer = filled.get("/marches/boamp-26-2/lots/1")
    assert answer.status_code == 200
    assert "Nettoyage des locaux de la mairie" in answer.text
    assert "La recherche ne répond pas" in answer.text
    assert filled.get("/structures").status_code == 503


@pytest.mark.parametrize(("last_day", "shown"), [(date(1990, 1, 1), False), (date.max, True)])
def test_a_status_past_its_last_day_is_no_badge(
    filled: FlaskClient, session: Session, last_day: date, *, shown: bool
) -> None:
    with writing(session):
        session.execute(update(StructureStatus).values(valid_to=last_day))
    page = unescape(filled.get(f"/structures/{siae(1)['siret']}").text)
    header, table = page.split("<article", 1)[1].split("<table", 1)
    assert ("Entreprise d'insertion (EI)" in header) is shown
    assert "Entreprise d'insertion (EI)" in table


@pytest.mark.parametrize(
    ("path", "typed", "right"),
    [("/structures", "blanchiserie", "blanchisserie"), ("/marches", "netoyage", "nettoyage")],
)
def test_a_misspelt_search_leads_to_the_right_one(
    run: Run, filled: FlaskClient, path: str, typed: str, right: str
) -> None:
    page = unescape(filled.get(f"{path}?q={typed}&departement=59&departement=69&page=1").text)
    (link,) = re.findall(r'Essayez avec\s: <a href="([^"]+)">', page)
    assert link == f"{path}?departement=59&departement=69&q={right}"
    corrected = unescape(filled.get(link).text)
    assert "Essayez avec" not in corrected
    said = run("search", typed, *(["--contracts"] if path == "/marches" else []))
    assert f"Essayez avec : {right}" in said.stdout
