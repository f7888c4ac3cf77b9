"""What must be found, and what comes first, whichever engine answers."""

import pytest

from search.engine import Engine, Query, Terms
from tests.integration.search.register import Find


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("nettoyage", {"1", "2"}),
        ("NETTOYAGE", {"1", "2"}),
        ("netoyage", {"1", "2"}),  # a letter missing
        ("nettoiyage", {"1", "2"}),  # a letter too many
        ("nettoyaeg", {"1", "2"}),  # two letters swapped
        ("nettoyages", {"1", "2"}),  # plural
        ("propreté", {"1"}),
        ("proprete", {"1"}),  # without its accent
        ("l'entretien", {"1"}),  # elision, straight apostrophe
        ("l’entretien", {"1"}),  # elision, typographic apostrophe
        ("d’œuvre", {"10"}),  # ligature
        ("main d'oeuvre", {"10"}),
        ("bâtiment", {"9"}),
        ("batiments", {"9"}),
        ("blanchiss", {"6", "7"}),  # the last word is still being typed
        ("espaces verts", {"3", "4", "5"}),  # synonyms
        ("espace vert", {"3", "4", "5"}),  # … and their singular
        ("jardinage", {"3", "4", "5"}),
        ("paysagiste", {"3", "4", "5"}),
        ("jardinnage", {"3", "4", "5"}),  # … and their typos
        ("ESAT", {"6", "8"}),  # abbreviation
        ("E.S.A.T.", {"6", "8"}),
        ("BTP", {"9"}),
        ("recyclage déchet", {"11", "12"}),
    ],
)
def test_words_find_structures(find: Find, typed: str, expected: set[str]) -> None:
    assert expected <= set(find(typed))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("nettoyage Lyon", ["1"]),  # a town in the text
        ("nettoyage lyno", ["1"]),  # four letters are forgiven when nothing else is found …
        ("nettoyage lien", []),  # … one of them at most
        ("blanchisserie 59", ["6", "7"]),  # a département by its code
        ("blanchisserie Nord", ["6", "7"]),  # … and by its name
        ("interim 2a", ["10"]),
        ("recyclage 974", ["11"]),
        ("nettoyage 59000", ["2"]),  # a postcode
        ("nettoyage 59 000", ["2"]),
        ("59100", ["7", "15"]),
        ("80000000600015", ["6"]),  # a SIRET
        ("800 000 006 00015", ["6"]),
        ("800 000 006", ["6"]),  # its SIREN
        ("saint etienne", ["5"]),
        ("Paysages d’Avenir", ["5"]),
    ],
)
def test_all_the_words_are_wanted(
    filled: Engine, find: Find, typed: str, expected: list[str]
) -> None:
    answer = filled.search("structures", Query(typed))
    if answer.relaxed:
        assert expected == []
    else:
        assert sorted(find(typed), key=int) == expected


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("blanchisserie", "6"),  # in the name, before the activity (7), before the description (8)
        ("jardins", "4"),
        ("lyon", "13"),  # a name before a town
        ("espaces verts", "3"),  # the words themselves before their synonyms
        ("linge", "7"),
        ("numeris etude", "15"),
        ("vert demain", "3"),
    ],
)
def test_the_best_field_comes_first(find: Find, typed: str, first: str) -> None:
    assert find(typed)[0] == first


def test_description_comes_last(find: Find) -> None:
    assert find("blanchisserie") == ["6", "7", "8"]


def test_nothing_found_drops_words_and_says_so(filled: Engine) -> None:
    answer = filled.search("structures", Query("blanchisserie Ajaccio"))
    assert answer.relaxed
    assert {"6", "7"} <= {hit.id for hit in answer.hits}


def test_words_dropped_are_said_each_time_they_are_only_counted(filled: Engine) -> None:
    counting = Query("blanchisserie Ajaccio", limit=0, highlight=False)
    told = [filled.search("structures", counting) for _ in range(2)]
    assert [(answer.total, answer.relaxed) for answer in told] == [(told[0].total, True)] * 2
    assert told[0].total


def test_when_words_are_dropped_the_rarest_count_most(engine: Engine) -> None:
    towns = [{"id": f"paris-{i}", "name": "Paris Services", "city": "Paris"} for i in range(9)]
    engine.index("structures", [*towns, {"id": "r", "name": "Ressourcerie", "city": "Roanne"}])
    answer = engine.search("structures", Query("ressourcerie paris"))
    assert answer.relaxed
    assert answer.hits[0].id == "r"


def test_when_words_are_dropped_the_number_of_a_place_counts_least(engine: Engine) -> None:
    away = [{"id": f"b{i}", "name": "Blanchisserie", "departement": "69"} for i in range(9)]
    engine.index("structures", [*away, {"id": "59", "name": "Service 59", "departement": "59"}])
    answer = engine.search("structures", Query("blanchisserie 59"))
    assert answer.relaxed
    assert answer.hits[0].id.startswith("b")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("espaces verts", {"1", "5"}),
        ("espace vert", {"1", "5"}),
        ("espasces verts", {"1", "5"}),
        ("nord espaces verts", {"1"}),
        ("espaces", {"2"}),
        ("verts", {"3"}),
        ("travail", set()),
    ],
)
def test_a_phrase_means_more_than_its_words(engine: Engine, typed: str, expected: set[str]) -> None:
    engine.index(
        "structures",
        [
            {"id": "1", "name": "Alpha", "activity_words": ["jardinage"], "place_words": ["Nord"]},
            {"id": "2", "name": "Bêta Espaces"},
            {"id": "3", "name": "Gamma Verts", "status_words": ["ESAT"]},
            {"id": "4", "name": "Delta", "activity_words": ["entretien de machines", "jardins"]},
            {"id": "5", "name": "Epsilon", "activity_words": ["l’entretien des jardins"]},
        ],
    )
    assert {hit.id for hit in engine.search("structures", Query(typed)).hits} == expected


def test_a_phrase_that_nothing_holds_is_not_cut_into_its_words(engine: Engine) -> None:
    engine.index(
        "structures",
        [
            {"id": "1", "name": "Bêta Espaces", "departement": "59"},
            {"id": "2", "name": "Alpha", "activity_words": ["jardinage"], "departement": "69"},
        ],
    )
    query = Query("espaces verts", filters=(Terms("departement", ("59",)),))
    answer = engine.search("structures", query)
    assert (answer.total, answer.relaxed) == (0, False)


def test_a_whole_town_comes_before_one_that_holds_its_name(engine: Engine) -> None:
    towns = ["Montreuil-Juigné", "Montreuil", "Montreuil-le-Gast", "La Rochelle", "Rochelle-Bourg"]
    engine.index("structures", [{"id": t, "name": "Tri", "city": t} for t in towns])
    for text, first in (("montreuil", "Montreuil"), ("tri la rochelle", "La Rochelle")):
        assert engine.search("structures", Query(text)).hits[0].id == first


def test_unknown_word_alone_finds_nothing(filled: Engine) -> None:
    answer = filled.search("structures", Query("xylophonique"))
    assert (answer.total, answer.hits, answer.relaxed) == (0, (), False)


def test_any_word_finds_all_that_hold_one_and_ranks_those_with_more_first(find: Find) -> None:
    found = find("nettoyage vitrerie blanchisserie", any_word=True)
    assert found[0] == "2"
    assert {"1", "2", "6", "7", "8"} <= set(found)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("espaces verts", ["101"]),
        ("elagage", ["101"]),  # a lot's title
        ("ville de lille", ["101"]),  # the buyer
        ("nettoyage", ["102", "104"]),  # the contract's title before a lot's
        ("linge plat", ["103"]),
        ("nettoyage 69", ["102"]),
    ],
)
def test_words_find_contracts_first(find: Find, typed: str, expected: list[str]) -> None:
    assert find(typed, name="contracts")[: len(expected)] == expected


@pytest.mark.parametrize(
    ("typed", "key", "field", "marked"),
    [
        ("proprete", "1", "name", "Clair <mark>Propreté</mark>"),
        ("netoyage", "1", "activity_words", "<mark>nettoyage</mark> de locaux"),
        ("haie", "3", "description", "Tonte, taille de <mark>haies</mark> et élagage."),
        ("dunker", "6", "city", "<mark>Dunkerque</mark>"),
        ("jardinage", "3", "activity_words", "<mark>espaces</mark> <mark>verts</mark>"),
        ("etude", "15", "name",
         "Numéris <mark>Étude</mark> &lt;b&gt;&amp;amp;&lt;/b&gt; Fils"),
    ],
)  # fmt: skip
def test_words_found_are_marked(
    filled: Engine, typed: str, key: str, field: str, marked: str
) -> None:
    hits = {hit.id: hit for hit in filled.search("structures", Query(typed)).hits}
    assert hits[key].highlights[field] == marked


def test_hits_hand_back_what_lists_show(filled: Engine) -> None:
    (hit,) = filled.search("structures", Query("vert demain")).hits
    assert hit.document == {"id": "3", "name": "Vert Demain", "city": "Lille"}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("netoyage Lyon", "nettoyage Lyon"),
        ("Blanchiserie dunkerqe", "blanchisserie dunkerque"),
        ("proprete", ""),  # an accent is no mistake
        ("vitreries", ""),  # nor a plural, of a word that few documents hold
        ("nettoyage", ""),
        ("blanchiss", ""),  # still being typed
        ("xylophonique", ""),
        ("", ""),
    ],
)
def test_typos_are_put_right(filled: Engine, typed: str, expected: str) -> None:
    assert filled.search("structures", Query(typed)).correction == expected
