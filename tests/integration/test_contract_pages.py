"""The pages of contracts and buyers, asked without script, and the files that leave them."""

import csv
import io
import json
import re
from datetime import date, timedelta
from html import unescape
from pathlib import Path
from urllib.parse import quote_plus

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from annuaire.contracts.models import Buyer
from search.filters import CONTRACT_FILTERS
from tests.factories.commands import Run
from tests.factories.files import awards, notice, siae, write_csv
from tests.factories.pages import words_of
from tests.integration.conftest import StartFrom
from tests.integration.test_hostile_requests import HOSTILE, SANE

BUYER = "/acheteurs/commune%20d'essai%7C59000"
CLAUSE = "Tonte des pelouses comportant une clause obligatoire d'insertion de 420 heures"
TODAY = date.today()  # noqa: DTZ011 - as the site's, but for an hour around midnight
SOON = (TODAY + timedelta(days=40)).isoformat()


def fill(run: Run, folder: Path) -> None:
    """A site of one structure and five contracts, four of them of one buyer."""
    run("import", "siae", write_csv(folder / "siae.csv", [siae(1)]))
    won = awards(
        ("Lot 1 : nettoyage des vitres", siae(1)["name"], 9000.0),
        ("Lot 2 : tonte <b>des</b> pelouses", "Inconnue & fils", 0.5),
    )
    notices = [
        notice(1, objet=CLAUSE, date_publication="2026-05-06", date_fin_diffusion=SOON),
        notice(2, objet="Nettoyage des locaux <script>alert(1)</script>"),
        notice(3, nature="attribution", attributions_json=won, date_publication="2025-03-02"),
        notice(4, statut="annulation", objet="Gardiennage"),
        notice(5, acheteur="Région d'essai / achats", departements="59;62", cp="", ville=""),
    ]
    run("import", "boamp", write_csv(folder / "boamp.csv", notices))


@pytest.fixture
def filled(start_from: StartFrom, client: FlaskClient) -> FlaskClient:
    """A browser on such a site of the test's own."""
    start_from(fill)
    return client


def text_of(answer: TestResponse) -> str:
    assert answer.status_code == 200, answer.text
    return words_of(answer.text)


def test_contract_says_its_state_its_clauses_its_lots_and_its_notices(filled: FlaskClient) -> None:
    answer = filled.get("/marches/boamp-26-1")
    said = text_of(answer)
    for part in (
        "En cours Réponse avant le", "(il reste 40 jours)", "Clause d'insertion",
        "420 heures d’insertion", "appel à la concurrence , avis 26-1", "lue le",
        "Autres marchés de cet acheteur", "Référence boamp-26-1",
    ):  # fmt: skip
        assert part in said, part
    place = re.search(r'href="#(passage-\d+)"', answer.text)
    assert place
    assert re.search(rf'<mark><span id="{place[1]}"></span>[^<]*clause obligatoire', answer.text)
    assert len(re.findall(r'<li class="result">', answer.text)) == 3  # the buyer's others
    data = re.search(r'<script type="application/ld\+json"[^>]*>(.+)</script>', answer.text)
    assert data
    assert json.loads(data[1])["seeks"]["identifier"] == "boamp-26-1"
    assert 'rel="canonical" href="http://127.0.0.1:8000/marches/boamp-26-1"' in answer.text
    assert "<script>alert(1)" not in filled.get("/marches/boamp-26-2").text


def test_lots_have_their_amounts_and_their_winners(filled: FlaskClient) -> None:
    answer = filled.get("/marches/boamp-26-3")
    said = text_of(answer)
    assert "9 000 € HT (attribué)" in said
    assert "0,5" in said
    assert said.count("montant invraisemblable") == 2  # among the lots, and in the history
    assert f'href="/structures/{siae(1)["siret"]}"' in answer.text
    assert "Inconnue & fils" in said
    assert "echeance.ics" not in answer.text
    assert filled.get("/marches/boamp-26-3/echeance.ics").status_code == 404
    event = filled.get("/marches/boamp-26-1/echeance.ics")
    assert event.mimetype == "text/calendar"
    (read,) = Calendar.from_ical(event.data).walk("VEVENT")
    assert read["dtstart"].dt.isoformat() == SOON


def test_search_page_counts_says_and_keeps_what_is_asked(filled: FlaskClient) -> None:
    page = filled.get("/marches?etat=ouvert&montant_min=10&tri=echeance").text
    assert "Aucun marché" in page
    awarded = filled.get("/marches?montant_min=10")
    assert "4 autres marchés dont le montant n’est pas publié" in text_of(awarded)
    kept = re.search(r'href="([^"]+montant_inconnu=oui)"', awarded.text)
    assert kept
    assert "5 marchés" in text_of(filled.get(unescape(kept[1])))
    whole = text_of(filled.get("/marches?tri=echeance"))
    assert "1 marché sur 5, sans lieu connu ou sur plusieurs départements, n’est pas sur" in whole
    assert "De l’échéance la plus ancienne à la plus lointaine" in whole
    chip = re.search(r'href="([^"]+)"><span[^>]+>Retirer le filtre\s: </span>Acheteur : Commune',
                     filled.get("/marches?acheteur=commune+d%27essai&social=oui").text)  # fmt: skip
    assert chip
    assert chip[1] == "/marches?social=oui"
    points = filled.get("/marches/carte.json?lieu=Lille").get_json()
    assert {f["properties"]["url"] for f in points["features"]} == {
        f"/marches/boamp-26-{n}" for n in (1, 2, 3, 4)
    }
    assert points["circle"]["radius_km"] == 25
    for path, text in (
        ("/marches/cpv.json?q=jardin", "16160000"),
        ("/marches/suggestions.json?q=comm", "Commune d'essai"),
        ("/acheteurs/suggestions.json?q=comm", "Commune d'essai"),
    ):
        found = filled.get(path).get_json()["suggestions"]
        assert text in {each["text"] for each in found}, path
    assert len(filled.get("/marches/carte.json").get_json()["features"]) == 4


def test_buyer_shows_contracts_shares_and_what_they_rest_on(filled: FlaskClient) -> None:
    answer = filled.get(BUYER)
    said = text_of(answer)
    for part in (
        "59000 Lille", "4 marchés", "Clause d'insertion 1 marché",
        "50 % (1 sur 2)", "33,3 % (1 sur 3)", "objectif national 30 %", "PNAD 2022-2025",
        "trop peu de marchés pour comparer", "PROPRETE D'ESSAI 1 1 lot", "Nettoyage",
        "Attribué à PROPRETE D'ESSAI 1",
        "sans les annulés ni les seulement annoncés",
    ):  # fmt: skip
        assert part in said, part
    titles = re.findall(r'<h3 class="h6"><a href="([^"]+)">', answer.text)
    assert titles[0] == "/marches/boamp-26-1"  # open; the others are newer or older
    assert 'href="/marches?acheteur=commune' in answer.text
    year = text_of(filled.get(f"{BUYER}?annee=2025"))
    assert "1 marché en 2025" in year
    assert filled.get(f"{BUYER}?annee=1999").status_code == 404
    assert filled.get("/acheteurs/123").status_code == 404
    assert filled.get(BUYER.replace("%7C", "|")).status_code == 200
    assert filled.get("/acheteurs/region%20d'essai%20%2F%20achats%7C").status_code == 200
    listed = text_of(filled.get("/acheteurs"))
    assert "2 acheteurs" in listed
    assert listed.index("Commune d'essai") < listed.index("Région d'essai")
    assert "1 acheteur pour « region »" in text_of(filled.get("/acheteurs?q=region"))
    assert "Aucun acheteur connu" in text_of(filled.get("/acheteurs?q=zzzz"))
    assert "s’arrête avant cette page" in text_of(filled.get("/acheteurs?page=9"))


def rows(answer: TestResponse) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    text = answer.data.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def test_search_leaves_as_files_a_row_a_contract_or_a_lot(filled: FlaskClient) -> None:
    contracts = {r["Référence"]: r for r in rows(filled.get("/marches/export.csv", buffered=True))}
    assert len(contracts) == 5
    one, three = contracts["boamp-26-1"], contracts["boamp-26-3"]
    assert (one["Heures d’insertion"], one["Clause sociale repérée"]) == ("420,0", "oui")
    assert "clause obligatoire d'insertion" in one["Phrase ou code qui le prouve"]
    assert (one["Réponse avant le"], one["État"]) == (SOON, "en cours")
    assert (three["Montant HT (€)"], three["Lots"]) == ("9000,0", "2")
    lots = rows(filled.get("/marches/export-lots.csv?q=26-3", buffered=True))
    assert [r["Lot"] for r in lots] == ["1", "2"]
    assert [r["Montant invraisemblable"] for r in lots] == ["non", "oui"]
    assert [r["Nature du montant"] for r in lots] == ["attribué", "attribué"]
    assert lots[0]["Attribué à"] == siae(1)["name"]
    data = json.loads(filled.get("/marches/export.geojson", buffered=True).data)
    placed = {f["properties"]["reference"]: f["geometry"] for f in data["features"]}
    assert placed["boamp-26-5"] is None
    assert placed["boamp-26-1"]["coordinates"][0] == pytest.approx(3.06, abs=0.05)
    for ending in ("xlsx", "ods", "geojson"):
        assert filled.get(f"/marches/export-lots.{ending}", buffered=True).status_code == 200
    assert filled.get("/marches/export.csv?cpv=zzzz").status_code == 400


def test_hostile_text_in_every_filter_is_answered(filled: FlaskClient, *, long_run: bool) -> None:
    texts = [text for text in (HOSTILE if long_run else HOSTILE[::2]) if len(text) < 2_000]
    for text in texts:  # in all the filters together
        asked = "&".join(f"{kind.key}={text}" for kind in CONTRACT_FILTERS)
        answer = filled.get(f"/marches?{asked}")
        assert answer.status_code in SANE, asked[:200]
        assert "<script>alert(1)" not in answer.text
    for text in texts[::3]:
        for path in (f"/acheteurs?q={text}&page={text}", f"{BUYER}?annee={text}&page={text}",
                     f"/marches/cpv.json?q={text}", f"/acheteurs/suggestions.json?q={text}",
                     f"/marches/carte.json?acheteur={text}&cpv={text}",
                     f"/acheteurs/{quote_plus(text)}"):  # fmt: skip
            assert filled.get(path).status_code in SANE, path[:200]


def test_same_buyer_under_other_numbers_is_told_apart_by_them(
    filled: FlaskClient, session: Session
) -> None:
    town = {"name": "Commune d'essai", "postcode": "59000", "city": "Lille"}
    numbers = ("00009001900019", "00009001900027")
    session.add_all([Buyer(key=number, siret=number, **town) for number in numbers])
    session.commit()
    said = text_of(filled.get(f"/acheteurs/{numbers[0]}"))
    assert "Commune d'essai (SIRET 000 090 019 00027)" in said
    assert "sous « Commune d'essai » (SIRET 000 090 019 00019)" in said
