"""A structure's page, complete: identity, statuses, wins, history, provenance, and for programs."""

import json
import re
from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from annuaire import sitemaps
from annuaire.db import writing
from annuaire.structures.models import Structure, StructureStatus
from tests.factories.commands import Run, last_json
from tests.factories.files import awards, notice, siae, write_csv
from tests.integration.conftest import StartFrom
from tests.integration.test_import_directories import ea

KEY = siae(1)["siret"]
SIGNED = ("--by", "Une modératrice", "--why", "essai")
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def fill(run: Run, folder: Path) -> None:
    """A structure of two sources that won a lot, and another."""
    path = write_csv(folder / "siae.csv", [siae(1, website="www.essai.fr"), siae(2)])
    run("import", "siae", path)
    run("import", "ea", ea(folder / "ea.csv", KEY))
    won = notice(
        3,
        nature="attribution",
        attributions_json=awards(("Lot 1 : nettoyage", "PROPRETE D'ESSAI 1", 9000.0)),
    )
    run("edit", KEY, "brand=PROPRETE D'ESSAI 1", *SIGNED)
    run("import", "boamp", write_csv(folder / "boamp.csv", [won]))


@pytest.fixture(autouse=True)
def imported(run: Run, start_from: StartFrom) -> Path:
    """The file of such a site of the test's own."""
    return start_from(fill) / "siae.csv"


def page(client: FlaskClient, key: str = KEY) -> str:
    answer = client.get(f"/structures/{key}")
    assert answer.status_code == 200
    return unescape(answer.text)


def section(text: str, name: str) -> str:
    return text.split(f'<section aria-labelledby="{name}"')[1].split("</section>")[0]


def test_provenance_names_field_value_source_reading_and_other_sources(
    client: FlaskClient,
) -> None:
    table = section(page(client), "provenance")
    name = table.split("nom</th>")[1].split("</tr>")[0]
    assert "EA D'ESSAI" in name
    assert 'href="/sources/ea?lecture=2"' in name
    assert (
        "Structures de l'insertion par l'activité économique\xa0: «\xa0PROPRETE D'ESSAI 1\xa0»"
        in name
    )
    corrected = table.split("nom d'usage</th>")[1].split("</tr>")[0]
    assert "La structure elle-même" in corrected
    assert "Une modératrice" not in table


def test_hidden_field_is_in_no_part_of_the_page(
    run: Run, client: FlaskClient, session: Session, imported: Path
) -> None:
    with writing(session):
        session.execute(update(Structure).values(created_at=datetime(2024, 1, 2, tzinfo=UTC)))
    write_csv(imported, [siae(1, website="https://nouveau.fr"), siae(2)])
    run("import", "siae", imported)
    assert "nouveau.fr" in section(page(client), "historique")
    session.rollback()  # the pages of this test read in its own session
    run("hide", KEY, "website", *SIGNED)
    assert "essai.fr" not in page(client)
    assert "nouveau.fr" not in page(client)


def test_history_is_told_in_words_with_its_reading(
    run: Run, client: FlaskClient, session: Session, tmp_path: Path
) -> None:
    assert "Rien n’a changé" in section(page(client), "historique")
    with writing(session):
        session.execute(update(Structure).values(created_at=datetime(2024, 1, 2, tzinfo=UTC)))
    less = ea(tmp_path / "less.csv", siae(2)["siret"])
    number = last_json(run("import", "ea", less, "--accept-removals", "--json"))["run"]
    told = section(page(client), "historique")
    assert "Nom : «\xa0EA D'ESSAI\xa0» devient «\xa0PROPRETE D'ESSAI 1\xa0»" in told
    assert "Statut retiré : Entreprise adaptée (EA)" in told
    assert f'href="/sources/ea?lecture={number}"' in told


def test_past_statuses_stand_apart(client: FlaskClient, session: Session) -> None:
    with writing(session):
        session.execute(
            update(StructureStatus)
            .where(StructureStatus.kind == "EA")
            .values(valid_to=date(2020, 1, 1))
        )
    held, past = section(page(client), "statuts").split("Statuts passés")
    assert "(EI)" in held
    assert "(EA)" not in held
    assert "(EA)" in past
    assert "1er\xa0janvier\xa02020" in past


def test_won_lots_name_their_buyer_and_where_it_worked(client: FlaskClient) -> None:
    text = page(client)
    assert "Commune d'essai" in section(text, "gagnes")
    assert "Nord (59), 1\xa0lot" in text


def linked_data(client: FlaskClient) -> dict[str, Any]:
    text = client.get(f"/structures/{KEY}").text
    found = re.search(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', text, re.DOTALL)
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


def test_linked_data_are_complete(client: FlaskClient) -> None:
    data = linked_data(client)
    assert data["@type"] == ["Organization", "LocalBusiness"]
    assert data["legalName"] == "EA D'ESSAI"
    assert data["geo"]["@type"] == "GeoCoordinates"
    assert data["sameAs"][0] == "https://www.essai.fr"
    assert data["areaServed"] == [{"@type": "AdministrativeArea", "name": "Nord (59)"}]
    assert data["knowsAbout"]
    assert {"SIRET", "SIREN"} == {number["propertyID"] for number in data["identifier"]}


def test_page_says_its_address_how_to_cite_it_and_the_state_s_register(
    client: FlaskClient,
) -> None:
    text = page(client)
    address = f"http://127.0.0.1:8000/structures/{KEY}"
    assert f'<link rel="canonical" href="{address}">' in text
    assert f'<meta property="og:url" content="{address}">' in text
    assert f"annuaire, {address}, page consultée le" in text
    assert f"https://annuaire-entreprises.data.gouv.fr/entreprise/{KEY[:9]}" in text


def test_map_is_drawn_by_the_server(client: FlaskClient) -> None:
    text = page(client)
    assert text.count('class="mini-point"') == 1
    assert "leaflet" not in text


def locations(client: FlaskClient, path: str) -> list[str]:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.mimetype == "application/xml"
    tree = ElementTree.fromstring(answer.data)  # noqa: S314 - our own answer
    assert all(entry.findtext(f"{SITEMAP}lastmod") for entry in tree)
    return [entry.findtext(f"{SITEMAP}loc") or "" for entry in tree]


def test_sitemaps_list_what_is_shown(run: Run, client: FlaskClient, tmp_path: Path) -> None:
    base = "http://127.0.0.1:8000"
    assert locations(client, "/sitemap.xml") == [
        f"{base}/sitemaps/activites.xml",
        f"{base}/sitemaps/territoires.xml",
        f"{base}/sitemaps/structures-1.xml",
        f"{base}/sitemaps/marches-1.xml",
        f"{base}/sitemaps/acheteurs-1.xml",
    ]
    structures = {f"{base}/structures/{siae(n)['siret']}" for n in (1, 2)}
    assert set(locations(client, "/sitemaps/structures-1.xml")) == structures
    assert locations(client, "/sitemaps/marches-1.xml") == [f"{base}/marches/boamp-26-3"]
    (buyer,) = locations(client, "/sitemaps/acheteurs-1.xml")
    assert client.get(buyer.removeprefix(base)).status_code == 200
    assert f"Sitemap: {base}/sitemap.xml" in client.get("/robots.txt").text
    lists = ("activites", "territoires")
    before = {name: set(locations(client, f"/sitemaps/{name}.xml")) for name in lists}
    assert f"{base}/communes/59350" in before["territoires"]
    for page in (page for name in lists for page in before[name]):
        shown = client.get(page.removeprefix(base))
        assert shown.status_code == 200, page
        assert "noindex" not in shown.text, page
        assert f'<link rel="canonical" href="{page}">' in shown.text
    run("withdraw", siae(2)["siret"], *SIGNED)
    assert locations(client, "/sitemaps/structures-1.xml") == [f"{base}/structures/{KEY}"]
    run("withdraw", KEY, *SIGNED)
    assert [locations(client, f"/sitemaps/{name}.xml") for name in lists] == [[], []]


@pytest.mark.parametrize("name", ["structures-2", "structures-0", "autres-1", "marches-9999999"])
def test_sitemap_that_does_not_exist_is_not_found(client: FlaskClient, name: str) -> None:
    assert client.get(f"/sitemaps/{name}.xml").status_code == 404


def test_sitemap_holds_its_range_whatever_the_size_of_a_page(
    run: Run, client: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("import", "siae", write_csv(tmp_path / "more.csv", [siae(n) for n in range(1, 12)]))
    monkeypatch.setattr(sitemaps, "PER_SITEMAP", 4)
    monkeypatch.setattr(sitemaps, "PAGE", 3)
    named = [path for path in locations(client, "/sitemap.xml") if "structures" in path]
    assert len(named) == 3
    found = [locations(client, path.removeprefix("http://127.0.0.1:8000")) for path in named]
    assert [len(part) for part in found] == [4, 4, 3]
    assert len({url for part in found for url in part}) == 11
