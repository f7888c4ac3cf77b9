"""The inverted lookup misses nothing that the search itself finds, and the question then asked of
new contracts alone finds what the search finds."""

from datetime import date
from random import Random
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annuaire.activities.taxonomy import taxonomy
from annuaire.alerts.asking import CONTRACTS, query_of, read_query, search_of
from annuaire.alerts.finding import question
from annuaire.alerts.terms import ALL, terms_needed, terms_of
from annuaire.bench.contract_documents import contract_documents
from annuaire.geo.distance import distance_km
from search.choice import make_batch, make_engine
from search.embedded_batch import EmbeddedBatch
from search.engine import Circle, Engine, Query, Range, Terms

TODAY = date(2026, 5, 10)
COUNT = 150
DOCUMENTS = list(contract_documents(COUNT, 3))
NEW = DOCUMENTS[:: COUNT // 50]
WORDS = ("nettoyage", "locaux", "espaces verts", "blanchisserie", "travaux", "marché de", "netto",
         "élagage Lyon", "repas", "59", "jardinage")  # fmt: skip
TOWNS = ("Lille", "Paris", "59", "Rhône", "Bretagne", "Marseille", "974")


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """All the contracts, the new ones among them."""
    engine = make_engine(tmp_path_factory.mktemp("index"))
    engine.index("contracts", DOCUMENTS)
    return engine


def one_of(*values: str) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=2, unique=True)


def single(*values: str) -> st.SearchStrategy[list[str]]:
    return st.sampled_from(values).map(lambda value: [value])


SEARCHES = st.fixed_dictionaries(
    {},
    optional={
        "q": single(*WORDS),
        "lieu": single(*TOWNS),
        "rayon": single("10", "60", "300"),
        "activite": one_of("nettoyage-locaux", "blanchisserie", "elagage-bucheronnage"),
        "domaine": one_of(*[group.code for group in taxonomy().groups[:4]]),
        "departement": one_of("59", "75", "69", "2A"),
        "social": one_of("oui", "non"),
        "environnement": single("oui"),
        "reserve": one_of("siae", "handicap", "oui"),
        "clause": one_of("execution_insertion", "environment"),
        "etat": one_of("ouvert", "clos", "attribue"),
        "cpv": single("90", "45", "7731"),
        "acheteur": single("ville de lille", "Commune de Paris", "hospitalier", "inconnu zzz"),
        "type": one_of("services", "travaux"),
        "heures_min": single("200"),
        "montant_min": single("25000"),
        "montant_inconnu": single("oui"),
        "echeance_jours": single("30"),
        "publie_du": single("2024-01-01"),
    },
)


@pytest.fixture(scope="module")
def batch() -> EmbeddedBatch:
    """The new contracts alone."""
    return make_batch("contracts", NEW)


@given(SEARCHES)
@settings(max_examples=120)
def test_alert_finds_a_new_contract_when_its_search_does(
    engine: Engine, batch: EmbeddedBatch, values: dict[str, list[str]]
) -> None:
    kept = urlencode(values, doseq=True)
    asked = question(engine, CONTRACTS, kept, TODAY)
    found = set(batch.ids(asked)) if asked else set()
    search = search_of(CONTRACTS, read_query(kept), engine)
    if asked is None:
        assert search.errors
        return
    own = query_of(CONTRACTS, search, TODAY)
    hits = engine.search("contracts", Query(own.text, own.filters, own.circle, limit=COUNT))
    new = {str(document["id"]) for document in NEW}
    expected = set() if hits.relaxed else {int(h.id) for h in hits.hits if h.id in new}
    assert found == expected
    needed = terms_needed(asked)
    for document in NEW:
        if int(str(document["id"])) in found:
            assert needed & terms_of(document), document


CASES = (
    (Query(), {ALL}),
    (Query("nettoyage"), {ALL}),
    (Query(filters=(Range("amount", 5.0),)), {ALL}),
    (Query(filters=(Terms("social", ("oui",)),)), {"social:oui"}),
    (Query(filters=(Terms("departements", ("59", "62")),)), {"departements:59", "departements:62"}),
    (
        Query(filters=(Terms("activities", ("a", "b")), Terms("departements", ("59",)))),
        {"activities:a|departements:59", "activities:b|departements:59"},
    ),
    (Query(filters=(Terms("buyer_ids", ("x",)), Terms("activities", ("a",)))), {"buyer_ids:x"}),
    (Query(circle=Circle(50.6, 3.1, 1)), {"cell:101/6"}),
    (Query(circle=Circle(0, 0, 20_000)), {ALL}),
)


@pytest.mark.parametrize(("query", "terms"), CASES)
def test_search_needs_its_most_telling_terms(query: Query, terms: set[str]) -> None:
    assert terms_needed(query) == terms


def test_a_circle_touches_the_cell_of_whatever_stands_in_it() -> None:
    draw = Random(1)  # noqa: S311
    inside = 0
    for _ in range(2_000):
        lat, lon, radius = draw.uniform(-60, 60), draw.uniform(-180, 180), draw.uniform(1, 300)
        other = lat + draw.uniform(-2, 2), (lon + draw.uniform(-2, 2) + 180) % 360 - 180
        if distance_km(lat, lon, *other) > radius:
            continue
        inside += 1
        needed = terms_needed(Query(circle=Circle(lat, lon, radius)))
        assert needed & terms_of({"id": "1", "lat": other[0], "lon": other[1]})
    assert inside > 500


def test_a_word_that_the_new_contracts_lack_is_no_typo_of_one_that_they_hold() -> None:
    batch = make_batch("contracts", [{"id": "1", "title": "Peinture des façades"}])
    assert batch.ids(Query("peinture")) == [1]
    assert batch.ids(Query("peintures facade")) == [1]
    assert batch.ids(Query("ceinture")) == []
    assert batch.ids(Query("peinture gymnase")) == []
