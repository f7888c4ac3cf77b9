"""The pages of activities and territories, and what no structure covers."""

import csv
import io
import re
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from annuaire.coverage.service import coverage
from tests.factories.commands import Run
from tests.factories.files import LYON, notice, siae, write_csv
from tests.factories.pages import words_of
from tests.integration.conftest import StartFrom

BLANCHISSERIE = "blanchisserie"
DAY = date(2026, 11, 28)


def fill(run: Run, folder: Path) -> None:
    """Three launderies: two in Lyon, of which one is an EA, and one in Lille; one open contract."""
    rows = [
        siae(1, name="BLANCHISSERIE D'ESSAI", naf="9601A", **LYON),
        siae(2, name="LINGE D'ESSAI", naf="9601A", kind="EA", **LYON),
        siae(3, name="BLANCHISSERIE DU NORD", naf="9601A"),
        siae(4),
    ]
    run("import", "siae", write_csv(folder / "siae.csv", rows))
    contract = notice(
        1, objet="Blanchisserie du linge de l'hôpital", date_fin_diffusion="2099-01-01"
    )
    run("import", "boamp", write_csv(folder / "boamp.csv", [contract]))


@pytest.fixture
def filled(start_from: StartFrom, client: FlaskClient) -> FlaskClient:
    """A browser on such a site of the test's own."""
    start_from(fill)
    return client


def text(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return words_of(answer.text)


def test_list_of_activities_counts_structures_and_departements(filled: FlaskClient) -> None:
    assert "entretien du linge 3 structures, 2 départements" in text(filled, "/activites")


def test_activity_shows_its_structures_departements_and_open_contracts(
    filled: FlaskClient,
) -> None:
    shown = text(filled, f"/activites/{BLANCHISSERIE}")
    assert "3 structures dans l’annuaire" in shown
    assert "BLANCHISSERIE DU NORD" in shown
    assert re.search(r"Nord \(59\) 1 structure", shown)
    assert re.search(r"Rhône \(69\) 2 structures", shown)
    assert "linge de l'hôpital" in shown


def test_activity_in_a_departement_shows_its_own_then_the_nearest(filled: FlaskClient) -> None:
    shown = text(filled, f"/activites/{BLANCHISSERIE}/59")
    inside, outside = shown.split("Les plus proches dans les autres départements")
    assert "BLANCHISSERIE DU NORD" in inside
    assert "BLANCHISSERIE D'ESSAI" not in inside
    assert "depuis Lille" in outside
    assert "BLANCHISSERIE D'ESSAI" in outside
    assert "BLANCHISSERIE DU NORD" not in outside


def test_page_without_structure_is_not_for_search_engines(filled: FlaskClient) -> None:
    assert "noindex" in filled.get(f"/activites/{BLANCHISSERIE}/2A").text
    assert "noindex" not in filled.get(f"/activites/{BLANCHISSERIE}/69").text


def test_departement_and_commune_list_what_is_done_there(filled: FlaskClient) -> None:
    assert "entretien du linge 2 structures" in text(filled, "/departements/69")
    near = text(filled, "/communes/69266")
    assert "Autour de Villeurbanne" in near
    assert "LINGE D'ESSAI" in near


def test_commune_that_was_merged_leads_to_today_s(client: FlaskClient) -> None:
    moved = client.get("/communes/01091")  # Châtillon-en-Michaille, in Valserhône since 2019
    assert (moved.status_code, moved.headers["Location"]) == (301, "/communes/01033")


@pytest.mark.parametrize(
    "path",
    ["/activites/rien", "/activites/blanchisserie/00", "/departements/100", "/communes/99999",
     "/zones-blanches.csv", "/zones-blanches.csv?activite=rien"],
)  # fmt: skip
def test_what_does_not_exist_is_a_page_that_says_so(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_gaps_count_the_people_beyond_the_radius(filled: FlaskClient, session: Session) -> None:
    found = coverage(session, BLANCHISSERIE, 50, DAY)
    by_code = {row.code: row for row in found.rows}
    assert (found.structures, by_code["59"].structures, by_code["75"].structures) == (3, 1, 0)
    assert by_code["75"].share_far == 1
    assert 0 < by_code["59"].share_far < 1
    assert by_code["59"].population > 2_500_000
    assert found.population_far == sum(row.population_far for row in found.rows)
    wider = coverage(session, BLANCHISSERIE, 100, DAY)
    assert wider.population_far < found.population_far


def test_gaps_within_a_departement_are_those_of_its_epci(
    filled: FlaskClient, session: Session
) -> None:
    found = coverage(session, BLANCHISSERIE, 25, DAY, departement="59")
    names = {row.name: row for row in found.rows}
    assert names["Métropole Européenne de Lille"].share_far < 0.5
    assert sum(row.communes for row in found.rows) > 600
    assert found.structures == 1


def test_gaps_of_a_family_count_only_its_structures(filled: FlaskClient, session: Session) -> None:
    found = coverage(session, BLANCHISSERIE, 50, DAY, family="handicap")
    by_code = {row.code: row for row in found.rows}
    assert (found.structures, by_code["69"].structures) == (1, 1)
    assert by_code["59"].population_far == by_code["59"].population


def test_gaps_without_any_structure_say_so(filled: FlaskClient, session: Session) -> None:
    found = coverage(session, "elagage-bucheronnage", 50, DAY)
    assert found.population_far == found.population
    assert {row.median_km for row in found.rows} == {None}
    assert "zone blanche" in text(filled, "/zones-blanches?activite=elagage-bucheronnage")


def test_page_of_gaps_shows_map_table_and_the_same_figures_as_its_export(
    filled: FlaskClient,
) -> None:
    page = filled.get(f"/zones-blanches?activite={BLANCHISSERIE}&rayon=25")
    assert page.text.count("<path") == 101
    export = filled.get(f"/zones-blanches.csv?activite={BLANCHISSERIE}&rayon=25")
    rows = list(csv.reader(io.StringIO(export.text.removeprefix("\ufeff")), delimiter=";"))
    assert rows[0][0] == "code"
    nord = next(row for row in rows if row[0] == "59")
    assert nord[2] == "1"
    shown = text(filled, f"/zones-blanches?activite={BLANCHISSERIE}&rayon=25")
    assert re.sub(r"\s", "", nord[6]) in re.sub(r"\s", "", shown)


def test_page_of_gaps_keeps_what_is_right_of_a_wrong_question(filled: FlaskClient) -> None:
    shown = text(filled, f"/zones-blanches?activite={BLANCHISSERIE}&rayon=7", 400)
    assert "Rayons possibles" in shown
    assert "à plus de 50 km" in shown


def test_search_within_an_intercommunalite_finds_its_structures_alone(
    run: Run, client: FlaskClient, tmp_path: Path
) -> None:
    rows = [siae(1), siae(2, post_code="59300", city="Valenciennes", lat="50.36", lon="3.52")]
    run("import", "siae", write_csv(tmp_path / "siae.csv", rows))
    shown = text(client, "/structures?lieu=Métropole Européenne de Lille")
    assert "1 structure" in shown
    assert "PROPRETE D'ESSAI 1" in shown
    assert "PROPRETE D'ESSAI 2" not in shown
