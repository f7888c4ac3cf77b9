"""What a user asks of contracts, put to each engine: buyers by name, states, unknown amounts."""

from datetime import date

import pytest

from annuaire.contracts.named_buyers import buyers_named
from annuaire.contracts.search import points_of, search_contracts, suggestions
from search.engine import Engine

DAY = date(2026, 2, 10)  # 101 is open, 102 and 103 are closed, 104 is awarded


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"etat": "ouvert"}, {"101"}),
        ({"etat": "clos"}, {"102", "103"}),
        ({"etat": "attribue"}, {"104"}),
        ({"acheteur": "Ville de Lille"}, {"101"}),
        ({"acheteur": "215 903 501 00017"}, {"101"}),
        ({"acheteur": "215903501"}, {"101"}),
        ({"acheteur": "ville de lyon|69003"}, {"102"}),
        ({"acheteur": "hospitalier"}, {"103"}),
        ({"acheteur": "ville"}, {"101", "102", "104"}),
        ({"acheteur": "hospitalié"}, {"103"}),
        ({"cpv": "9091"}, {"102"}),
        ({"cpv": "espaces verts"}, {"101"}),
        ({"montant_min": "100000"}, {"102", "103"}),
        ({"montant_min": "100000", "montant_max": "300000"}, {"102"}),
        ({"montant_min": "300000", "montant_inconnu": "oui"}, {"103", "104"}),
        ({"heures_min": "36"}, {"101"}),
        ({"echeance_jours": "5"}, {"101"}),
        ({"echeance_du": "2026-02-01", "echeance_au": "2026-02-14"}, {"102"}),
        ({"publie_au": "2025-12-31"}, {"103"}),
        ({"reserve": "siae"}, {"103"}),
        ({"lots": "oui"}, {"101", "103"}),
        ({"lieu": "Lille", "rayon": "5"}, {"101"}),
        ({"departement": "59"}, {"101", "103", "104"}),
        ({"q": "26-103"}, {"103"}),
        ({"q": "BOAMP-26-103"}, {"103"}),
        ({"q": "nettoyage", "social": "oui"}, set()),
    ],
)
def test_criterion_finds_what_it_says(
    filled: Engine, values: dict[str, str], expected: set[str]
) -> None:
    found = search_contracts(filled, {key: [value] for key, value in values.items()}, DAY)
    assert found.asked.errors == ()
    assert {hit.id for hit in found.hits.hits} == expected


def test_each_state_is_counted_with_its_own_filter_left_out(filled: Engine) -> None:
    for values in ({}, {"etat": ["ouvert"]}, {"etat": ["ouvert", "attribue"]}):
        found = search_contracts(filled, values, DAY)
        assert found.hits.facets["state"] == {"ouvert": 1, "clos": 2, "attribue": 1}
        assert sum(found.hits.facets["state"][v] for v in values.get("etat", ())) in (
            0, found.hits.total,
        )  # fmt: skip


def test_yes_and_no_are_counted_while_one_is_chosen(filled: Engine) -> None:
    facets = search_contracts(filled, {"social": ["oui"]}, DAY).hits.facets
    assert facets["social"] == {"oui": 2, "non": 2}
    assert facets["allotted"] == {"oui": 2}


def test_contracts_without_an_amount_are_counted_when_a_bound_leaves_them_out(
    filled: Engine,
) -> None:
    assert search_contracts(filled, {"montant_min": ["1000"]}, DAY).left_out == 1
    assert search_contracts(filled, {"montant_min": ["1"], "social": ["oui"]}, DAY).left_out == 0
    kept = {"montant_min": ["1000"], "montant_inconnu": ["oui"]}
    assert search_contracts(filled, kept, DAY).left_out == 0
    assert search_contracts(filled, {}, DAY).left_out == 0


def test_contract_without_a_place_is_counted_and_is_not_on_the_map(filled: Engine) -> None:
    assert search_contracts(filled, {}, DAY).unplaced == 1
    circle, points = points_of(filled, {}, DAY)
    assert circle is None
    assert {point.id for point in points} == {"101", "102", "103"}


@pytest.mark.parametrize(
    ("name", "said"), [("zzzzz", "Aucun acheteur connu"), ("!!", "Aucun acheteur connu")]
)
def test_buyer_whom_nobody_knows_is_said(filled: Engine, name: str, said: str) -> None:
    found = search_contracts(filled, {"acheteur": [name]}, DAY)
    assert said in found.asked.errors[0].message
    assert found.hits.total == 4


def test_buyers_are_named_by_words_with_their_contracts(filled: Engine) -> None:
    assert buyers_named(filled, "lille") == {"21590350100017": 1}
    assert len(buyers_named(filled, "")) == 4
    assert buyers_named(filled, "lille hospitalier") == {}


def test_typing_proposes_buyers_and_titles(filled: Engine) -> None:
    assert ("buyer", "Ville de Lille") in {(s.kind, s.text) for s in suggestions(filled, "lil")}
    found = {(s.kind, s.text) for s in suggestions(filled, "blanch")}
    assert ("name", "Prestations de blanchisserie") in found
