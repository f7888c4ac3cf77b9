"""« Ma sélection » and the comparison, without script: forms, cookie, address."""

import re
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from annuaire.app import create_app
from annuaire.bench.files import invented_siret
from annuaire.config import Settings
from annuaire.db import writing
from annuaire.errors import InvalidInputError
from annuaire.structures.models import Structure
from annuaire.takeaway.selection import MAX_KEYS, added, parse_keys
from tests.factories.commands import Run
from tests.factories.files import LYON, awards, notice, siae, write_csv
from tests.factories.pages import token_of
from tests.integration.conftest import ReadSites, StartFrom

ONE, TWO, THREE, FOUR, FIVE = (siae(n)["siret"] for n in range(1, 6))


def fill(run: Run, folder: Path) -> None:
    """A site of five structures, one of which won a lot."""
    rows = [
        siae(1, name="PROPRETE LAUREATE D'ESSAI", employees_range="10 à 19 salariés"),
        siae(2, **LYON),
        siae(3, name="JARDINS D'ESSAI", naf="8130Z", kind="ACI"),
        siae(4),
        siae(5),
    ]
    run("import", "siae", write_csv(folder / "siae.csv", rows))
    won = awards(("Lot 1 : nettoyage des vitres", "PROPRETE LAUREATE D'ESSAI", 9000.0))
    run(
        "import",
        "boamp",
        write_csv(folder / "b.csv", [notice(1, nature="attribution", attributions_json=won)]),
    )


@pytest.fixture
def filled(read_sites: ReadSites) -> FlaskClient:
    """A browser on such a site, which nothing here changes."""
    return read_sites(fill).test_client()


@pytest.fixture
def own(start_from: StartFrom, client: FlaskClient) -> FlaskClient:
    """A browser on such a site of the test's own."""
    start_from(fill)
    return client


def post(client: FlaskClient, **values: str) -> TestResponse:
    return client.post(
        "/ma-selection", data={"csrf_token": token_of(client.get("/structures").text), **values}
    )


def names(client: FlaskClient, path: str = "/ma-selection") -> list[str]:
    page = client.get(path).text
    return [unescape(n) for n in re.findall(r'<h2 class="h5"><a href="[^"]+">([^<]+)', page)]


def test_structures_are_kept_in_the_order_of_their_choice(filled: FlaskClient) -> None:
    answer = post(filled, ajouter=THREE, retour="/structures?q=jardins")
    assert answer.status_code == 303
    assert answer.location == f"/structures?q=jardins#choix-{THREE}"
    post(filled, ajouter=ONE)
    post(filled, ajouter=THREE)
    assert names(filled) == ["JARDINS D'ESSAI", "PROPRETE LAUREATE D'ESSAI"]
    post(filled, retirer=THREE)
    assert names(filled) == ["PROPRETE LAUREATE D'ESSAI"]
    post(filled, vider="1")
    assert "Votre sélection est vide" in filled.get("/ma-selection").text


def test_buttons_say_what_is_chosen_on_every_page(filled: FlaskClient) -> None:
    post(filled, ajouter=ONE)
    for path in (
        "/structures",
        f"/structures/{ONE}",
        f"/structures/comparer?structures={ONE}",
        "/besoins/nouveau?quoi=nettoyage+de+bureaux&lieu=Lille",
    ):
        page = filled.get(path).text
        assert f'name="retirer" value="{ONE}"' in page, path
        assert "Ma sélection<span" in page
        assert "&nbsp;(1)" in page


def test_htmx_gets_the_button_alone_with_the_count(filled: FlaskClient) -> None:
    answer = filled.post(
        "/ma-selection",
        data={"csrf_token": token_of(filled.get("/structures").text), "ajouter": ONE},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert 'name="retirer"' in answer.text
    assert "&nbsp;(1)" in answer.text
    assert "est dans votre sélection" in answer.text


@pytest.mark.parametrize("path", ["/ma-selection", "/verifier"])
def test_a_form_without_its_token_changes_nothing(filled: FlaskClient, path: str) -> None:
    answer = filled.post(path, data={"ajouter": ONE, "liste": ONE})
    assert answer.status_code == 400
    assert "Ce formulaire n’est plus valable" in answer.text
    assert names(filled) == []


@pytest.mark.parametrize(
    "back", ["https://ailleurs.example", "//ailleurs.example", "/\\ailleurs.example", "x", "\n/a"]
)
def test_a_form_leads_back_to_this_site_only(filled: FlaskClient, back: str) -> None:
    assert post(filled, ajouter=ONE, retour=back).location == f"/ma-selection#choix-{ONE}"


def test_an_unknown_structure_is_not_added(filled: FlaskClient) -> None:
    assert post(filled, ajouter="12345").status_code == 404
    assert names(filled) == []


def test_a_selection_is_shared_by_its_address_and_copied(filled: FlaskClient) -> None:
    post(filled, ajouter=FOUR)
    shared = f"/ma-selection?structures={TWO},{ONE},nulle-part"
    page = filled.get(shared).text
    assert names(filled, shared) == ["PROPRETE D'ESSAI 2", "PROPRETE LAUREATE D'ESSAI"]
    assert "nulle-part" in page
    assert 'name="retirer"' not in page
    assert names(filled) == ["PROPRETE D'ESSAI 4"]
    post(filled, copier=f"{TWO},{ONE}")
    assert len(names(filled)) == 3


def test_distances_are_from_the_place_asked_for(filled: FlaskClient) -> None:
    page = filled.get(f"/ma-selection?structures={TWO},{ONE}&lieu=Lyon").text
    assert "distances depuis Lyon" in page
    assert re.search(r"à (moins de 1|\d+(,\d)?)\u00a0km", page)
    wrong = filled.get(f"/ma-selection?structures={TWO}&lieu=Xyzabc")
    assert wrong.status_code == 400
    assert "Lieu inconnu" in wrong.text
    assert "Xyzabc" in wrong.text


def test_a_structure_that_ended_since_is_said(own: FlaskClient, session: Session) -> None:
    post(own, ajouter=ONE)
    with writing(session):
        session.execute(
            update(Structure).where(Structure.key == ONE).values(ended_on=date(2026, 3, 2))
        )
    assert "ne figure plus dans les annuaires d’origine depuis le 2" in own.get(
        "/ma-selection"
    ).text.replace("\u00a0", " ")


def test_a_full_selection_refuses_and_keeps_what_it_holds() -> None:
    keys = [invented_siret(n) for n in range(1, MAX_KEYS + 1)]
    assert added(keys, keys[:3]) == keys
    with pytest.raises(InvalidInputError, match="100 structures"):
        added(keys, [invented_siret(999)])
    with pytest.raises(InvalidInputError, match="cookie"):
        added([], ["x" * 3_000])


def test_a_full_selection_fits_in_a_cookie(filled: FlaskClient) -> None:
    with filled.session_transaction() as cookie:
        cookie["selection"] = [invented_siret(n * 997) for n in range(1, MAX_KEYS + 1)]
    post(filled, ajouter=ONE)  # refused, said by a message that the cookie holds too
    cookie_sent = filled.get_cookie("session")
    assert cookie_sent is not None
    assert len(cookie_sent.value) < 3_800


def test_keys_of_an_address_are_bounded() -> None:
    assert parse_keys(" a ,b,,a,") == ["a", "b"]
    assert len(parse_keys(",".join(map(str, range(100_000))))) <= MAX_KEYS


def test_the_cookie_is_sent_over_https_only_in_production(settings: Settings) -> None:
    values = {name: getattr(settings, name) for name in settings.__slots__}
    app = create_app(Settings(**values | {"environment": "production"}))
    assert app.config["SESSION_COOKIE_SECURE"] is True
    assert app.config["SESSION_COOKIE_SAMESITE"] == "Lax"


def test_pages_that_change_nothing_set_no_cookie(filled: FlaskClient) -> None:
    for path in ("/", "/aide", "/ma-selection", "/marches"):
        assert "Set-Cookie" not in filled.get(path).headers, path


def row(page: str, heading: str) -> list[str]:
    """The cells of the comparison's line that begins with a heading."""
    line = re.search(rf'<th scope="row">{heading}.*?</tr>', page, re.DOTALL)
    assert line, heading
    cells = re.findall(r"<td>(.*?)</td>", line.group(), re.DOTALL)
    return [unescape(re.sub(r"<[^>]+>", " ", cell)).strip() for cell in cells]


def test_comparison_tells_what_is_common_and_what_differs(filled: FlaskClient) -> None:
    page = filled.get(f"/structures/comparer?structures={ONE},{TWO},{THREE}&lieu=Lille").text
    assert row(page, "Statuts") == [
        "EI : fin non précisée",
        "EI : fin non précisée",
        "ACI : fin non précisée",
    ]
    assert row(page, "Activités communes à toutes") == ["aucune"] * 3
    near = row(page, "Distance depuis Lille")
    first = "parmi les plus proches"  # both in Lille
    assert [cell.partition(" : ")[2] for cell in near] == [first, "", first]
    assert row(page, "Autres activités")[0].count("aussi chez PROPRETE D'ESSAI 2") > 0
    assert "aussi chez" not in row(page, "Autres activités")[2]
    assert row(page, "Effectif")[0] == "10 à 19 salariés"
    assert "1\u00a0lot" in row(page, "Lots gagnés")[0]
    assert row(page, "Lots gagnés")[1] == "aucun dans les avis lus"
    assert "différent" in page
    two = filled.get(f"/structures/comparer?structures={TWO}&structures={FOUR}").text
    assert row(two, "Autres activités") == ["aucune autre"] * 2
    assert "pareil" in two


def test_a_fifth_structure_is_refused_with_a_sentence(filled: FlaskClient) -> None:
    answer = filled.get(f"/structures/comparer?structures={ONE},{TWO},{THREE},{FOUR},{FIVE}")
    assert answer.status_code == 400
    assert "4 structures au plus" in answer.text
    assert FIVE in answer.text
    assert len(row(answer.text, "Statuts")) == 4


@pytest.mark.parametrize(
    "query", ["", "structures=", "structures=x,y", "structures=%01,'\"<b>", f"structures={ONE}"]
)
def test_a_comparison_of_nothing_leads_on(filled: FlaskClient, query: str) -> None:
    answer = filled.get(f"/structures/comparer?{query}")
    assert answer.status_code == 200
    assert "<b>" not in answer.text
