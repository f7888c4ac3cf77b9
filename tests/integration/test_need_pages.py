"""The pages of a need: groups, pasted texts, what a buyer bought, « pas adaptée parce que… »."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from annuaire.matching.contesting import MOST
from tests.factories.commands import Run
from tests.factories.files import awards, notice, siae, write_csv
from tests.factories.pages import token_of, words_of
from tests.integration.conftest import StartFrom

NEED = "/besoins/nouveau?quoi=nettoyage+de+bureaux&lieu=Lille&montant=9000"
BUYER = "Commune d'essai"
ONE = siae(1)["siret"]


def fill(run: Run, folder: Path) -> None:
    rows = [siae(1), siae(2), siae(3, name="JARDINS D'ESSAI", naf="8130Z", kind="ACI")]
    won = notice(
        1, nature="attribution", attributions_json=awards(("Lot 1", "PROPRETE D'ESSAI 1", 9000.0))
    )
    lots = notice(
        2, objet="Entretien", nature="attribution",
        attributions_json=awards(("Lot 1 : nettoyage", "X", 1.0), ("Lot 2 : tonte", "Y", 1.0)),
    )  # fmt: skip
    run("import", "siae", write_csv(folder / "siae.csv", rows))
    run("import", "boamp", write_csv(folder / "boamp.csv", [won, lots]))


@pytest.fixture
def filled(start_from: StartFrom, client: FlaskClient) -> FlaskClient:
    """A browser on such a site of the test's own."""
    start_from(fill)
    return client


def names(page: str) -> list[str]:
    """The structures proposed, in their order."""
    return re.findall(r'class="rank">\d+\.</span> <a href="/structures/(\d+)"', page)


def test_reason_lowers_a_structure_for_this_visitor_and_is_taken_back(
    filled: FlaskClient,
) -> None:
    page = filled.get(NEED).text
    first = names(page)[0]
    said = {
        "csrf_token": token_of(page), "cle": first, "motif": "metier", "retour": NEED,
        "activite": "nettoyage-locaux", "departement": "59",
    }  # fmt: skip
    answer = filled.post("/propositions/ecartees", data=said)
    assert (answer.status_code, answer.location) == (303, NEED)
    after = filled.get(NEED).text
    assert names(after)[0] != first
    assert first in names(after)
    assert "dite non adaptée" in after
    assert names(filled.application.test_client().get(NEED).text)[0] == first  # another visitor
    listed = filled.get("/propositions/ecartees").text
    assert "PROPRETE" in listed
    filled.post("/propositions/ecartees", data={"csrf_token": token_of(listed), "annuler": first})
    assert names(filled.get(NEED).text) == names(page)


def test_hostile_reasons_change_nothing_and_the_cookie_stays_small(filled: FlaskClient) -> None:
    mark = token_of(filled.get(NEED).text)
    for bad in (
        {"motif": "autre", "cle": ONE}, {}, {"annuler": "é" * 9_000},
        {"motif": "metier", "cle": ONE, "retour": "//ailleurs.example"},
        {"motif": "metier", "cle": ONE, "activite": "<b>" * 999, "departement": "é"},
    ):  # fmt: skip
        answer = filled.post("/propositions/ecartees", data={"csrf_token": mark, **bad})
        assert (answer.status_code, answer.location) == (303, "/propositions/ecartees")
    missing = {"csrf_token": mark, "motif": "metier", "cle": "zzz"}
    assert filled.post("/propositions/ecartees", data=missing).status_code == 404
    assert filled.post("/propositions/ecartees", data={"motif": "metier"}).status_code == 400
    row = ["experience", "logistique-conditionnement", "971", "2026-05-03"]
    with filled.session_transaction() as cookie:
        cookie["ecartees"] = [[f"{10**13 + n * 7919 * 104729:014d}", *row] for n in range(MOST)]
        cookie["selection"] = [f"{10**13 + n * 6007 * 90001:014d}" for n in range(100)]
    found = filled.get_cookie("session")
    assert found
    assert len(found.value) < 4_000
    with filled.session_transaction() as cookie:
        cookie["ecartees"] = ["x", [1], [ONE, "autre", "", "", ""], [ONE, "metier", "", "", "hier"]]
    assert filled.get(NEED).status_code == 200


def test_what_the_buyer_bought_is_recalled_and_turns(filled: FlaskClient) -> None:
    page = filled.get(f"{NEED}&acheteur={BUYER}").text
    assert "Déjà acheté par" in page
    assert "Nettoyage" in page
    assert "Vous l&#39;avez déjà retenue" in page
    assert names(page)[0] != ONE
    assert "n’est pas reconnu" in filled.get(f"{NEED}&acheteur=12345678901234").text
    assert "Aucun lot gagné" in filled.get(f"{NEED}&acheteur=Commune+voisine").text


def test_page_says_how_many_trades_are_known_and_that_near_points_turn(
    filled: FlaskClient,
) -> None:
    page = words_of(filled.get(NEED).text)
    assert "à moins de 3 points d’écart, l’ordre tourne chaque jour" in page
    assert "2 structures exercent ce métier" in page
    assert "1 autre est proche, et son métier est à demander" in page
    assert "3 points" not in words_of(filled.get(NEED.replace("9000", "90000")).text)


def test_suggestions_are_narrowed_by_the_address(filled: FlaskClient) -> None:
    page = filled.get(f"{NEED}&famille=insertion&distance=10").text
    assert "PROPRETE D&#39;ESSAI 1" in page
    assert 'id="champ-famille-insertion" value="insertion" checked' in page
    assert 'data-lat="50.63"' in page
    assert 'name="type" id="champ-type-' in page
    assert "Disponible maintenant <span" in page
    for narrowed in ("&declaree=oui", "&famille=handicap", "&type=ESAT", "&disponible=oui"):
        page = filled.get(NEED + narrowed).text
        assert names(page) == []
        assert "ne répond à ces filtres" in page
    lot = "/marches/boamp-26-2/lots/1"
    assert names(filled.get(lot).text)
    assert names(filled.get(f"{lot}?famille=handicap").text) == []
    assert names(filled.get(f"{lot}?cotraitance=oui").text) == []
    assert names(filled.get(f"{NEED}&famille=x&distance=abc").text) == names(filled.get(NEED).text)


def test_the_state_is_held_to_its_own_thresholds(filled: FlaskClient) -> None:
    large = NEED.replace("9000", "180000") + "&nature=services&date=2026-09-01"
    compulsory = "Clause sociale obligatoire"
    pages = [words_of(filled.get(large + state).text) for state in ("", "&etat=oui")]
    assert [compulsory in page for page in pages] == [False, True]
    assert "l’État" in pages[1]
    assert filled.get(f"{NEED}&etat=peut-%C3%AAtre").status_code == 400


def test_several_trades_show_groups(filled: FlaskClient) -> None:
    page = filled.get(
        "/besoins/nouveau?quoi=nettoyage+de+bureaux+et+entretien+des+espaces+verts&lieu=Lille"
    ).text
    assert "Répondre à plusieurs" in page
    assert "JARDINS D&#39;ESSAI" in page
    assert "R2142-20" in page
    assert filled.get("/marches/boamp-26-2/groupements").status_code == 200
    assert filled.get("/marches/rien/groupements").status_code == 404


def test_pasted_text_is_read_and_says_what_it_kept(filled: FlaskClient) -> None:
    form = filled.get("/besoins/nouveau").text
    text = "Clauses diverses.\n" * 9_000 + "Objet : nettoyage des bureaux à Lille, budget 9 000 €."
    page = filled.post("/besoins/nouveau", data={"csrf_token": token_of(form), "quoi": text})
    assert page.status_code == 200
    assert "ont été lus" in page.text
    assert "PROPRETE D&#39;ESSAI" in page.text
    long = {"csrf_token": token_of(form), "quoi": "linge " * 100_000, "lieu": "Lille"}
    too_long = filled.post("/besoins/nouveau", data=long)
    assert too_long.status_code == 400
    kept = re.findall(r"<textarea[^>]*>([^<]*)", too_long.text)
    assert [len(each) for each in kept] == [0, 600_000]
    refused = filled.post("/besoins/nouveau", data={"csrf_token": token_of(form), "quoi": ""})
    assert (refused.status_code, "Collez le texte" in refused.text) == (400, True)
