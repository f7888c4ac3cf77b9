"""A need says what it assumed, whatever is typed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annuaire.matching.need import MAX_TEXT, need_from_form, need_of, placed_for_buyer
from tests.unit.matching.test_matching_scoring import suggestions

TODAY = date(2026, 5, 4)


@pytest.mark.parametrize(
    ("place", "amount", "said"),
    [
        ("", 1_000.0, "Lieu non précisé : toute la France a été cherchée."),
        (None, 1_000.0, "Lieu non précisé : toute la France a été cherchée."),
        ("Zzyzx", 1_000.0, "Lieu inconnu : « Zzyzx »"),
        ("Bretagne", 1_000.0, "Lieu étendu : les distances partent du centre de Bretagne"),
        ("Lyon", -5.0, "Montant invraisemblable"),
        ("Lyon", 1e15, "Montant invraisemblable"),
        ("Lyon", float("nan"), "Montant invraisemblable"),
    ],
)
def test_form_says_what_could_not_be_used(place: str | None, amount: float, said: str) -> None:
    need = need_from_form("nettoyage de bureaux", on=TODAY, place=place, amount_eur=amount)
    assert any(said in sentence for sentence in need.assumptions)


def test_form_with_a_town_has_a_point_and_an_activity() -> None:
    need = need_from_form("nettoyage de bureaux", on=TODAY, place="Lyon", amount_eur=30_000)
    assert need.activities[0][0] == "nettoyage-locaux"
    assert need.departements == ("69",)
    assert need.lat == pytest.approx(45.76, abs=0.05)
    assert need.amount_eur == 30_000
    assert not need.wide


def test_nonsense_says_that_no_activity_was_found() -> None:
    need = need_from_form("xyzzy", on=TODAY)
    assert need.activities == ()
    assert any("Aucune activité reconnue" in s for s in need.assumptions)


@pytest.mark.parametrize(
    ("text", "lent"),
    [
        ("Mise à disposition de personnel", True),
        ("Mise à disposition d'agents d'entretien", True),
        ("Missions d'intérim", True),
        ("Travail temporaire d'insertion", True),
        ("Mise à disposition de bennes", False),
        ("Entretien des locaux du personnel", False),
    ],
)
def test_lent_staff_is_told_from_a_service(text: str, *, lent: bool) -> None:
    assert need_of(text, TODAY).lent is lent


def test_buyer_of_a_whole_territory_makes_distance_count_less() -> None:
    need = need_of("Entretien de sentiers", TODAY, departements=("09",))
    placed = placed_for_buyer(need, "Conseil départemental de l'Ariège", "Foix", "09000")
    assert placed.wide
    assert any("la distance compte moins" in s for s in placed.assumptions)
    named = placed_for_buyer(
        need_of("Entretien de sentiers à Pamiers", TODAY, departements=("09",)),
        "Conseil départemental de l'Ariège", "Foix", "09000",
    )  # fmt: skip
    assert named.place_label == "Pamiers"
    assert not named.wide


@given(
    what=st.text(max_size=300),
    place=st.text(max_size=40),
    amount=st.none() | st.floats(),
    nature=st.none() | st.text(max_size=12),
    cpv=st.none() | st.text(max_size=12),
)
def test_any_form_makes_a_need_that_can_be_scored(
    what: str, place: str, amount: float | None, nature: str | None, cpv: str | None
) -> None:
    need = need_from_form(what, on=TODAY, place=place, amount_eur=amount, nature=nature, cpv=cpv)
    assert need.assumptions
    assert need.amount_eur is None or need.amount_eur > 0
    assert suggestions(need, [], TODAY) == []


def test_a_text_of_a_hundred_pages_is_cut() -> None:
    assert len(need_from_form("nettoyage " * 50_000, on=TODAY).text) <= MAX_TEXT
