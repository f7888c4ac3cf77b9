"""Searches taken away as files: read back with other libraries than those that wrote them."""

import csv
import io
import json
import tempfile
import zipfile
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import event, update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from annuaire.config import Settings
from annuaire.db import writing
from annuaire.structures.models import Structure
from annuaire.takeaway import finding
from annuaire.takeaway.formats import FORMATS
from annuaire.wording import PARIS
from search.engine import EngineUnavailable, Hits
from tests.factories.commands import Run
from tests.factories.files import LYON, notice, siae, write_csv
from tests.integration.conftest import ReadSites, StartFrom

HOSTILE = "=cmd|'/C calc'!A0"
HIDDEN = "+33\u202egnp.exe\u200b"
TWO_LINES = 'Deux\nlignes; "et" un guillemet'


def fill(run: Run, folder: Path) -> None:
    """A site of five structures, some of them with hostile names, and two contracts."""
    rows = [
        siae(1, website="https://essai.example.org", employees_range="10 à 19 salariés"),
        siae(2, **LYON),
        siae(3, name=HOSTILE, naf="8130Z", kind="ACI"),
        siae(4, name=HIDDEN, naf="9601A", **LYON),
        siae(5, name=TWO_LINES),
    ]
    run("import", "siae", write_csv(folder / "siae.csv", rows))
    notices = [notice(1), notice(2, objet="=1+1 tonte des pelouses")]
    run("import", "boamp", write_csv(folder / "boamp.csv", notices))


@pytest.fixture
def filled(read_sites: ReadSites) -> FlaskClient:
    """A browser on such a site, which nothing here changes."""
    return read_sites(fill).test_client()


@pytest.fixture
def own(start_from: StartFrom, client: FlaskClient) -> FlaskClient:
    """A browser on such a site of the test's own."""
    start_from(fill)
    return client


def csv_rows(answer: TestResponse) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    assert answer.data.startswith(b"\xef\xbb\xbf")
    text = answer.data.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def sheets(answer: TestResponse) -> dict[str, list[list[Any]]]:
    assert answer.status_code == 200, answer.text
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.data))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_csv_holds_every_result_and_nothing_that_runs(filled: FlaskClient) -> None:
    rows = csv_rows(filled.get("/structures/export.csv?lieu=Lille&rayon=20", buffered=True))
    names = {row["Nom"] for row in rows}
    assert len(rows) == 3
    assert f"'{HOSTILE}" in names
    assert 'Deux lignes; "et" un guillemet' in names
    one = next(row for row in rows if row["SIRET"] == siae(1)["siret"])
    assert one["Statuts"] == "Entreprise d'insertion (EI)"
    assert one["Activités déclarées"] == ""
    assert "déduite du code d'activité (NAF)" in one["Activités déduites (à vérifier)"]
    assert one["Distance (km)"].replace(",", ".") != one["Distance (km)"]  # a decimal comma
    assert one["Code postal"] == "59000"
    assert one["Sources"].startswith("Structures de l'insertion")
    assert one["Adresse de la fiche"].endswith(f"/structures/{one['SIRET']}")


@pytest.mark.parametrize("ending", ["xlsx", "ods"])
def test_workbook_says_what_was_searched_then_the_table(filled: FlaskClient, ending: str) -> None:
    answer = filled.get(
        f"/structures/export.{ending}?q=d'essai&lieu=Lille&rayon=20&type=EI", buffered=True
    )
    found = sheets(answer)
    assert list(found) == ["Recherche", "Structures"]
    cover = {row[0]: row[1] for row in found["Recherche"]}
    assert cover["Mots cherchés"] == "d'essai"
    assert cover["Lieu"] == "à 20 km de Lille (59)"
    assert cover["Type de structure"] == "Entreprise d'insertion (EI)"
    assert cover["Réponses"] == "1"
    sources = [row for row in found["Recherche"] if row[0].startswith("Structures de l'insertion")]
    assert str(datetime.now(PARIS).year) in sources[0][3]
    heading, *rows = found["Structures"]
    assert [row[heading.index("SIRET")] for row in rows] == [siae(1)["siret"]]
    assert isinstance(rows[0][heading.index("Distance (km)")], float)
    assert isinstance(rows[0][heading.index("Fiche modifiée le")], date)
    assert rows[0][heading.index("Effectif")] == "10 à 19 salariés"


@pytest.mark.parametrize("ending", ["xlsx", "ods"])
def test_hostile_names_stay_texts_in_a_workbook(filled: FlaskClient, ending: str) -> None:
    answer = filled.get(f"/structures/export.{ending}", buffered=True)
    heading, *rows = sheets(answer)["Structures"]
    names = {row[heading.index("Nom")] for row in rows}
    assert {HOSTILE, "+33gnp.exe", 'Deux lignes; "et" un guillemet'} < names
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    content = b"".join(archive.read(name) for name in archive.namelist())
    assert b"<f>" not in content
    assert b"table:formula" not in content


def test_geojson_has_a_feature_a_structure_placed_or_not(
    own: FlaskClient, session: Session
) -> None:
    with writing(session):
        session.execute(
            update(Structure).where(Structure.siret == siae(1)["siret"]).values(lat=None, lon=None)
        )
    data = json.loads(own.get("/structures/export.geojson", buffered=True).data)
    assert data["type"] == "FeatureCollection"
    points = {f["properties"]["siret"]: f["geometry"] for f in data["features"]}
    assert len(points) == 5
    assert points[siae(1)["siret"]] is None
    assert points[siae(2)["siret"]] == {"type": "Point", "coordinates": [4.85, 45.76]}
    assert data["about"]["search"]["Réponses"] == "5"
    assert data["about"]["sources"][0]["licence"]


def test_export_holds_all_pages_once_and_in_order(
    run: Run, client: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annuaire.takeaway.finding.PAGE", 7)
    run("import", "siae", write_csv(tmp_path / "a.csv", [siae(n) for n in range(1, 41)]))
    rows = csv_rows(client.get("/structures/export.csv?q=proprete&tri=nom", buffered=True))
    assert len({row["SIRET"] for row in rows}) == len(rows) == 40
    assert [row["Nom"] for row in rows] == sorted(row["Nom"] for row in rows)


def test_more_rows_ask_no_more_queries(run: Run, client: FlaskClient, tmp_path: Path) -> None:
    asked: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    def queries(count: int) -> int:
        run("import", "siae", write_csv(tmp_path / "a.csv", [siae(n) for n in range(1, count)]))
        asked.clear()
        event.listen(Engine, "before_cursor_execute", note)
        try:
            assert len(csv_rows(client.get("/structures/export.csv", buffered=True))) == count - 1
        finally:
            event.remove(Engine, "before_cursor_execute", note)
        return len(asked)

    assert queries(3) == queries(60)


def test_export_says_that_it_was_cut(filled: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annuaire.takeaway.finding.MAX_ROWS", 2)
    monkeypatch.setattr("annuaire.takeaway.covers.MAX_ROWS", 2)
    found = sheets(filled.get("/structures/export.xlsx", buffered=True))
    cover = {row[0]: row[1] for row in found["Recherche"]}
    assert cover["Réponses"] == "5 ; les 2 premières sont dans ce fichier"
    assert len(found["Structures"]) == 3


def test_an_empty_search_is_a_file_with_its_header(filled: FlaskClient) -> None:
    for ending in ("xlsx", "ods"):
        found = sheets(filled.get(f"/structures/export.{ending}?departement=974", buffered=True))
        assert len(found["Structures"]) == 1
    assert csv_rows(filled.get("/structures/export.csv?departement=974", buffered=True)) == []
    assert (
        json.loads(filled.get("/structures/export.geojson?departement=974", buffered=True).data)[
            "features"
        ]
        == []
    )


def test_contracts_leave_with_their_clauses(filled: FlaskClient) -> None:
    rows = csv_rows(filled.get("/marches/export.csv?departement=59", buffered=True))
    assert {row["Objet"] for row in rows} == {
        "Nettoyage des locaux de la mairie",
        "'=1+1 tonte des pelouses",
    }
    assert rows[0]["Acheteur"] == "Commune d'essai"
    assert rows[0]["Publié le"] == "2026-05-04"
    found = sheets(filled.get("/marches/export.ods?q=tonte", buffered=True))
    assert list(found) == ["Recherche", "Marchés"]
    assert len(found["Marchés"]) == 2


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/structures/export.pdf", 404, "choisissez xlsx, ods, csv, geojson"),
        ("/structures/export.csv?typ=EI", 400, "n&#39;existe pas"),
        ("/structures/export.csv?type=ZZ", 400, "n&#39;existe pas"),
        ("/structures/export.csv?lieu=Xyzabc", 400, "Lieu inconnu"),
        ("/structures/export.csv?lieu=Lille&rayon=-5", 400, "impossible"),
        ("/structures/fiche-sourcing?type=ZZ", 400, "n&#39;existe pas"),
        ("/marches/export.csv?etat=oui", 400, "n&#39;existe pas"),
        ("/ma-selection/export.doc", 404, "n’existe pas"),
    ],
)
def test_what_cannot_be_exported_is_said(
    filled: FlaskClient, path: str, status: int, said: str
) -> None:
    answer = filled.get(path)
    assert answer.status_code == status
    assert said in answer.text


def test_without_the_engine_an_export_is_refused_and_never_half_a_file(
    own: FlaskClient, settings: Settings
) -> None:
    for pointer in settings.index_dir.glob("structures/*/current"):
        pointer.write_bytes(b"\xff")
    answer = own.get("/structures/export.csv", buffered=True)
    assert answer.status_code == 503
    assert "La recherche ne répond pas" in answer.text
    told = own.get("/api/v1/structures")
    assert (told.status_code, told.headers["Retry-After"]) == (503, "60")
    keys = f"{siae(1)['siret']},{siae(2)['siret']}"
    for path in (
        f"/ma-selection?structures={keys}",
        f"/ma-selection/export.xlsx?structures={keys}",
        f"/ma-selection/fiche?structures={keys}",
        f"/structures/comparer?structures={keys}",
        f"/verifier/{siae(1)['siret']}",
    ):
        assert own.get(path, buffered=True).status_code == 200, path


@pytest.mark.parametrize("ending", ["csv", "xlsx", "ods", "geojson"])
def test_an_engine_lost_on_the_way_leaves_no_file_behind(
    own: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    pages = finding._page

    def lost(*asked: Any) -> Hits:
        if asked[-1] > 1:
            raise EngineUnavailable("lost")
        return pages(*asked)

    monkeypatch.setattr(finding, "PAGE", 2)
    monkeypatch.setattr(finding, "_page", lost)
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    assert own.get(f"/structures/export.{ending}", buffered=True).status_code == 503
    assert list(folder.iterdir()) == []


def test_sourcing_sheet_says_who_how_when_and_on_which_sources(filled: FlaskClient) -> None:
    page = filled.get("/structures/fiche-sourcing?lieu=Lille&rayon=20&type=EI").text
    for said in (
        "PROPRETE D&#39;ESSAI 1",
        "à 20 km de Lille (59)",
        "Structures de l&#39;insertion par l&#39;activité économique",
        "Objet de l’achat",
        "Contactée le, réponse",
    ):
        assert said in page
    assert "PROPRETE D&#39;ESSAI 2" not in page


def test_search_page_leads_to_its_exports_with_its_filters(filled: FlaskClient) -> None:
    page = filled.get("/structures?q=proprete&lieu=Lille&rayon=20&page=1").text
    assert 'href="/structures/export.xlsx?q=proprete&amp;lieu=Lille&amp;rayon=20"' in page
    assert 'href="/structures/fiche-sourcing?q=proprete&amp;lieu=Lille&amp;rayon=20"' in page
    assert 'href="/marches/export.csv?q=nettoyage"' in filled.get("/marches?q=nettoyage").text


@pytest.mark.parametrize("ending", ["csv", "xlsx", "ods", "geojson"])
def test_head_of_a_file_makes_none(
    filled: FlaskClient, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    def never(*_: object) -> None:
        raise AssertionError

    monkeypatch.setitem(FORMATS, ending, replace(FORMATS[ending], write=never))
    answer = filled.head(f"/structures/export.{ending}")
    assert (answer.status_code, answer.data) == (200, b"")
    assert f".{ending}" in answer.headers["Content-Disposition"]
