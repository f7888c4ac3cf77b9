"""The search page without script: a point as a place, the tree of activities, what to relax."""

import re
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from annuaire import relaxing
from annuaire.paging import Arguments
from search.filters import STRUCTURE_FILTERS, STRUCTURE_SORTS, Search, parse
from tests.factories.commands import Run, last_json
from tests.factories.files import LYON, siae, write_csv
from tests.integration.conftest import ReadSites, StartFrom


def fill(run: Run, folder: Path) -> None:
    """A site with three structures: one in Lille, two in Lyon."""
    rows = [
        siae(1),
        siae(2, **LYON),
        siae(3, name="BLANCHISSERIE D'ESSAI", naf="9601A", **LYON),
    ]
    run("import", "siae", write_csv(folder / "siae.csv", rows))


@pytest.fixture
def filled(read_sites: ReadSites) -> FlaskClient:
    """A browser on such a site, which nothing here changes."""
    return read_sites(fill).test_client()


@pytest.fixture
def own(start_from: StartFrom, client: FlaskClient) -> FlaskClient:
    """A browser on such a site of the test's own."""
    start_from(fill)
    return client


def test_point_is_searched_around_and_shown_in_words(filled: FlaskClient) -> None:
    page = filled.get("/structures?lieu=point:45.76,4.84&rayon=20").text.replace(
        "\N{NO-BREAK SPACE}", " "
    )
    assert "2 structures, zone de la carte" in page
    assert 'value="zone de la carte (45.76 ; 4.84)"' in page
    assert "Lieu : zone de la carte, 20 km autour de son centre" in page
    points = filled.get("/structures/carte.json?lieu=point:45.76,4.84&rayon=20").get_json()
    assert points["circle"] == {"lat": 45.76, "lon": 4.84, "radius_km": 20}
    assert len(points["features"]) == 2
    assert "circle" not in filled.get("/structures/carte.json").get_json()


def test_code_of_a_place_is_shown_in_words_where_these_lead_back_to_it(filled: FlaskClient) -> None:
    assert 'value="Lyon (69)"' in filled.get("/structures?lieu=commune:69123").text
    assert 'value="Lyon (69)"' in filled.get("/marches?lieu=commune:69123").text
    # The département has this name too: its words would lead elsewhere.
    assert 'value="commune:53147"' in filled.get("/structures?lieu=commune:53147").text
    assert 'value="lyon"' in filled.get("/structures?lieu=lyon").text  # typed: left as it is


def test_point_without_radius_has_the_usual_one(filled: FlaskClient) -> None:
    points = filled.get("/structures/carte.json?lieu=point:45.76,4.84").get_json()
    assert points["circle"]["radius_km"] == 25


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("point:91,2", "Point impossible : « point:91,2 »"),
        ("point:nan,inf", "Point impossible : « point:nan,inf »"),
        ("point:0,0", "Ce point est trop loin de la France"),
        ("point:40.71,-74", "Ce point est trop loin de la France"),
    ],
)
@pytest.mark.parametrize("path", ["/structures", "/marches"])
def test_point_that_cannot_be_used_is_said(
    filled: FlaskClient, path: str, place: str, said: str
) -> None:
    answer = filled.get(f"{path}?lieu={place}&rayon=20")
    assert answer.status_code == 400
    assert said in answer.text


def test_point_at_sea_is_searched_and_told_as_such(filled: FlaskClient) -> None:
    answer = filled.get("/structures?lieu=point:42.8,4.8&rayon=300")
    assert answer.status_code == 200
    assert "en mer ou hors de France" in answer.text


def test_command_line_searches_near_a_point(own: FlaskClient, run: Run) -> None:
    found = last_json(run("search", "--near", "point:45.76,4.84", "--radius", "20", "--json"))
    assert found["total"] == 2
    refused = run("search", "--near", "point:91,2")
    assert refused.exit_code != 0
    assert "Point impossible" in str(refused.exception)


def links(page: str) -> list[tuple[str, str, int]]:
    """What an empty page proposes: sentence, address, announced number."""
    found = re.findall(r'<li><a href="([^"]+)">([^<]+)</a> \((\d+)\xa0réponses?\)</li>', page)
    return [(unescape(sentence), unescape(url), int(count)) for url, sentence, count in found]


@pytest.mark.parametrize(
    ("query", "sentences"),
    [
        ("q=blanchisserie&lieu=Lille&rayon=10", ["Chercher dans toute la France",
            "Retirer les mots de la recherche"]),
        ("q=blanchisserie&lieu=Vienne+(38)&rayon=5&type=EI", ["Élargir à 50 km"]),
        ("q=blanchisserie&type=ACI&famille=handicap", ["Retirer tous les filtres"]),
        ("q=blanchisserie&lieu=Vienne+(38)&rayon=5&type=ESAT",
            ["Retirer les filtres et élargir à 50 km"]),
        ("q=blanchisserie&lieu=Brest&rayon=5&type=ESAT",
            ["Retirer les filtres et chercher dans toute la France"]),
        ("q=zzzzzz&lieu=Brest", []),
        ("q=zzzzzz&type=EI", ["Retirer les mots de la recherche"]),
        ("departement=01&type=EI", ["Retirer le filtre « Département : Ain (01) »"]),
        ("lieu=Bastia&rayon=10&reseau=Aucun", []),
    ],
)  # fmt: skip
def test_empty_page_proposes_only_what_leads_to_as_many_results_as_it_says(
    filled: FlaskClient, query: str, sentences: list[str]
) -> None:
    page = filled.get(f"/structures?{query}").text
    assert "Aucune structure ne répond à tous ces critères" in page
    proposed = links(page)
    assert set(sentences) <= {sentence for sentence, _, _ in proposed}
    for sentence, url, count in proposed:
        led = filled.get(url).text
        assert re.search(rf'id="nombre"[^>]*>{count}\xa0structure', led), sentence
    if not proposed:
        assert "Essayez un mot plus général" in page
        assert 'href="/activites">parcourez les activités' in page


def test_misspelt_place_proposes_the_same_search_where_it_may_be(filled: FlaskClient) -> None:
    page = filled.get("/structures?q=blanchisserie&lieu=lion&rayon=20").text
    assert "Lieu inconnu : « lion ». Vouliez-vous dire Lyon (69)" in page
    led = re.search(r'Vouliez-vous dire\u00a0: <a href="([^"]+)">Lyon \(69\)', page)
    assert led
    assert re.search(r'id="nombre"[^>]*>1\xa0structure', filled.get(unescape(led[1])).text)


def test_proposals_ask_the_engine_seven_times_at_most() -> None:
    values = {
        "q": ["menuiserie"], "lieu": ["Lille"], "rayon": ["10"], "type": ["EI", "ACI", "AI"],
        "departement": ["01", "02"],
    }  # fmt: skip
    asked = parse(STRUCTURE_FILTERS, STRUCTURE_SORTS, values)
    arguments: Arguments = [(key, value) for key, several in values.items() for value in several]
    counted: list[Search] = []

    def nothing(search: Search) -> int:
        counted.append(search)
        return 0

    assert relaxing.proposals(asked, "/structures", arguments, nothing) == []
    assert relaxing.MOST < len(counted) <= relaxing.MOST + 2


def test_correction_says_how_many_it_finds(filled: FlaskClient) -> None:
    page = filled.get("/structures?q=blanchiserie").text
    said = re.search(r'Essayez avec\s: <a href="([^"]+)">[^<]+</a> \((\d+)\xa0réponse', page)
    assert said
    led = filled.get(unescape(said[1])).text
    assert re.search(rf'id="nombre"[^>]*>{said[2]}\xa0structure', led)


def test_activities_are_a_tree_of_boxes(filled: FlaskClient) -> None:
    page = filled.get("/structures?activite=blanchisserie").text
    start = page.index('class="facet facet-tree"')
    tree = page[start : page.index("</fieldset>", start)]
    assert 'name="domaine" value="linge"' in tree
    branch = tree[tree.index('id="branche-linge" open') :]
    assert 'name="activite" value="blanchisserie" checked' in branch
    assert 'id="branche-proprete">' in tree  # closed
    both = filled.get("/structures?domaine=linge&activite=blanchisserie").text
    assert re.search(r'id="nombre"[^>]*>1\xa0structure', both)


@pytest.mark.parametrize(
    ("asked", "canonical", "robots"),
    [
        ("/structures", "/structures", ""),
        ("/structures?page=2&tri=nom", "/structures", ""),
        ("/structures?type=EI&page=2&tri=nom", "/structures?type=EI", "noindex, follow"),
        (
            "/structures?lieu=zone+de+la+carte+(45.76+;+4.84)&rayon=20",
            "/structures?lieu=point%3A45.76%2C4.84&amp;rayon=20",
            "noindex, follow",
        ),
        ("/structures?lieu=Nulle+part", "/structures?lieu=Nulle+part", "noindex, follow"),
        ("/marches", "/marches", ""),
        ("/marches?social=oui&tri=date", "/marches?social=oui", "noindex, follow"),
        ("/aide", "/aide", ""),
        ("/", "/", ""),
    ],
)
def test_head_says_the_one_address_of_a_list(
    filled: FlaskClient, asked: str, canonical: str, robots: str
) -> None:
    page = filled.get(asked).text
    url = f"http://127.0.0.1:8000{canonical}"
    assert f'<link rel="canonical" href="{url}">' in page
    assert f'<meta property="og:url" content="{url}">' in page
    assert re.findall(r'<meta name="robots" content="([^"]+)">', page) == (
        [robots] if robots else []
    )
    title = re.search(r"<title>(.+) – annuaire</title>", page)
    assert title
    assert f'<meta property="og:title" content="{title[1]}">' in page


def test_head_names_the_list_as_files(filled: FlaskClient) -> None:
    page = filled.get("/structures?type=EI&page=2").text
    files = re.findall(r'<link rel="alternate" type="([^"]+)" title="[^"]+" href="([^"]+)">', page)
    assert [kind for kind, _ in files] == [
        "text/csv", "application/geo+json", "application/feed+json", "application/atom+xml",
    ]  # fmt: skip
    for kind, url in files:
        with filled.get(unescape(url)) as answer:
            assert (answer.status_code, answer.mimetype, bool(answer.data)) == (200, kind, True)


def test_page_that_is_an_error_has_no_address_to_keep(filled: FlaskClient) -> None:
    page = filled.get("/rien").text
    assert 'content="noindex"' in page
    assert "canonical" not in page
