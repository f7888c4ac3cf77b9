"""The pages, asked without script: what every address answers, and what it cannot use."""

import re

import pytest
from flask.testing import FlaskClient

from search.filters import CONTRACT_FILTERS, STRUCTURE_FILTERS
from tests.factories.files import siae
from tests.factories.site import fill_site
from tests.integration.conftest import ReadSites


@pytest.fixture
def filled(read_sites: ReadSites) -> FlaskClient:
    """A browser on a site with four structures and three contracts, which nothing here changes."""
    return read_sites(fill_site).test_client()


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/structures",
        "/structures?q=nettoyage&lieu=Lyon&rayon=30",
        "/structures?type=ACI",
        "/structures?activite=&tri=distance&lieu=59",
        "/marches",
        "/marches?social=oui",
        "/marches/boamp-26-1",
        "/marches/boamp-26-1/lots/1",
        "/marches/boamp-26-3",
        "/besoins/nouveau",
        "/besoins/nouveau?quoi=nettoyage+de+bureaux&lieu=Lille&montant=25+000",
        "/sources",
        "/sources/siae",
        "/sources/boamp",
        "/aide",
        "/mentions-legales",
        "/confidentialite",
        "/conditions",
        "/accessibilite",
        "/robots.txt",
        "/geo/departements.geojson",
        "/structures/carte.json",
    ],
)
def test_page_answers(filled: FlaskClient, path: str) -> None:
    answer = filled.get(path)
    assert answer.status_code == 200
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/rien", 404, "page"),
        ("/structures/00000000000000", 404, "Aucune structure"),
        ("/structures/%3Cscript%3E", 404, "Aucune structure"),
        ("/marches/boamp-0-0", 404, "Aucun marché"),
        ("/marches/boamp-26-1/lots/9", 404, "lot"),
        ("/sources/inconnue", 404, "Aucune source"),
        ("/structures?lieu=Xyzabc", 400, "Lieu inconnu"),
        ("/structures?lieu=Lille&rayon=-5", 400, "Rayon"),
        ("/structures?lieu=Lille&rayon=10000", 400, "Rayon"),
        ("/structures?lieu=Lille&rayon=nan", 400, "Rayon"),
        ("/structures?type=XXX", 400, "n&#39;existe pas"),
        ("/structures?couleur=bleu", 400, "n&#39;existe pas"),
        ("/structures?page=0", 400, "page"),
        ("/structures?page=-1", 400, "page"),
        ("/structures?tri=hasard", 400, "tri"),
        ("/marches?social=peut-etre", 400, "n&#39;existe pas"),
        ("/besoins/nouveau?quoi=nettoyage&lieu=Xyzabc", 400, "Lieu inconnu"),
        ("/besoins/nouveau?quoi=nettoyage&lieu=Lille&montant=beaucoup", 400, "Montant"),
        ("/besoins/nouveau?quoi=nettoyage&lieu=Lille&montant=-1", 400, "montant"),
        ("/besoins/nouveau?quoi=nettoyage&lieu=Lille&montant=1e400", 400, "Montant"),
        ("/besoins/nouveau?quoi=nettoyage&lieu=Lille&date=hier", 400, "Date"),
    ],
)
def test_what_cannot_be_used_is_said_in_french(
    filled: FlaskClient, path: str, status: int, said: str
) -> None:
    answer = filled.get(path)
    assert answer.status_code == status
    assert said in answer.text
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    "query",
    [
        "q=" + "a" * 10_000,
        "q=%00%01%02",
        "q='\"\\<script>alert(1)</script>",
        "q=a AND (b OR",
        "q=name:essai",
        "q=%F0%9F%8C%BB",
        "q=%ff%fe",
        "q=*&lieu=0,0",
        "activite=" + "x" * 3_000,
        "lieu='; DROP TABLE structure; --",
        "page=99999999999999999999",
        "page=00000001" + "9" * 5_000,
        "rayon=" + "9" * 400 + "&lieu=Lille",
    ],
)
@pytest.mark.parametrize("path", ["/structures", "/marches", "/structures/carte.json"])
def test_hostile_values_get_a_sane_answer(filled: FlaskClient, path: str, query: str) -> None:
    answer = filled.get(f"{path}?{query}")
    assert answer.status_code in {200, 400, 414}
    assert "<script>alert" not in answer.text


def test_siret_with_spaces_leads_to_the_structure(filled: FlaskClient) -> None:
    siret = siae(1)["siret"]
    answer = filled.get(f"/structures/{siret[:3]} {siret[3:6]} {siret[6:9]} {siret[9:]}")
    assert answer.status_code == 301
    assert answer.location.endswith(siret)


def test_other_methods_are_refused(filled: FlaskClient) -> None:
    assert filled.post("/structures").status_code == 405


def test_a_page_after_the_last_says_so_and_leads_back(filled: FlaskClient) -> None:
    for path in ("/structures", "/marches"):
        page = filled.get(f"{path}?page=40").text
        assert "La liste s’arrête avant cette page" in page
        assert "ne répond à tous ces critères" not in page


@pytest.mark.parametrize("path", ["/structures", "/marches"])
def test_every_filter_of_the_address_is_kept_by_the_form(filled: FlaskClient, path: str) -> None:
    kinds = STRUCTURE_FILTERS if path == "/structures" else CONTRACT_FILTERS
    chosen = {
        "activite": "nettoyage-locaux", "domaine": "proprete", "departement": "59", "type": "EI",
        "famille": "insertion", "social": "non", "environnement": "non", "reserve": "handicap",
        "nature": "call", "etat": "clos", "reseau": "Spécimen", "label": "Spécimen",
        "clause": "reserved_siae", "heures_min": "100", "cpv": "9091", "acheteur": "Commune",
        "procedure": "mapa", "lots": "non", "echeance_du": "2026-01-01",
        "echeance_au": "2027-01-01", "echeance_jours": "30", "publie_du": "2026-01-01",
        "publie_au": "2026-12-31", "montant_min": "1000", "montant_max": "90000",
        "montant_inconnu": "oui", "intervient": "Lyon", "cotraitance": "oui",
    }  # fmt: skip
    chosen["type"] = "EI" if path == "/structures" else "services"
    for kind in kinds:
        value = chosen[kind.key]
        page = filled.get(f"{path}?{kind.key}={value}")
        assert page.status_code == 200, page.text
        field = rf'name="{kind.key}"[^>]*value="{value}"( checked|[^>]*id="champ-|\s*autocomplete)'
        assert re.search(field, page.text), kind.key
