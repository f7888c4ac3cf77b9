"""Which facilitators are named at a need's place: those whose territory covers it, the most precise
first."""

from datetime import date

import pytest

from annuaire.facilitators import ASK, MOST, NO_PLACE, NOBODY, Facilitator, Ground, nearest
from annuaire.matching.ground import ground_of
from annuaire.matching.need import need_from_form, need_of, placed_for_buyer

MEL, NORTH, NORTHERN = "epci:200093201", "59", "region:32"
DAY = date(2026, 5, 15)


def someone(user_id: int, code: str, employer: str = "Maison de l'emploi") -> Facilitator:
    return Facilitator(user_id, code, code, employer, "chargé des clauses", None, "+33320000000")


@pytest.mark.parametrize(
    ("place", "tiers"),
    [
        ("Lille", ({MEL}, {"59"}, {NORTHERN})),
        ("59000", ({MEL}, {"59"}, {NORTHERN})),
        ("12 rue de la Paix, 59000 Lille", ({MEL}, {"59"}, {NORTHERN})),
        # A whole territory is covered by itself and by what holds it, not by a part of it.
        ("Métropole Européenne de Lille", ({MEL}, {"59"}, {NORTHERN})),
        ("Nord", ({"59"}, {NORTHERN})),
        ("Hauts-de-France", ({NORTHERN},)),
        # In Greater Paris a town is of the métropole and of its own territory.
        ("Saint-Denis (93)", ({"epci:200054781", "epci:200057867"}, {"93"}, {"region:11"})),
        ("Lyon 3e", ({"epci:200046977"}, {"69"}, {"region:84"})),
        ("Ajaccio", ({"epci:242010056"}, {"2A"}, {"region:94"})),
        ("Atlantide", ()),
        (None, ()),
    ],
)  # fmt: skip
def test_a_place_is_held_by_its_territories(place: str | None, tiers: tuple[set[str], ...]) -> None:
    need = need_from_form("nettoyage de bureaux", on=DAY, place=place)
    assert ground_of(need).tiers == tuple(frozenset(tier) for tier in tiers)


def test_a_lot_of_a_buyer_of_a_whole_territory_is_not_held_by_the_town_of_its_seat() -> None:
    lot = need_of("Nettoyage des collèges", DAY, departements=["59"])
    wide = placed_for_buyer(lot, "Département du Nord", "Lille", "59000")
    town = placed_for_buyer(lot, "Commune de Lille", "Lille", "59000")
    assert ground_of(wide).tiers == (frozenset({"59"}), frozenset({NORTHERN}))
    assert MEL in ground_of(town).codes


def test_the_most_precise_come_first_each_once_and_few() -> None:
    ground = ground_of(need_from_form("nettoyage", on=DAY, place="Lille"))
    known = [
        someone(1, NORTHERN), someone(2, NORTH, "PLIE"), someone(3, NORTH, "Conseil départemental"),
        someone(4, MEL), someone(1, MEL, "Zélée"), someone(5, "62"), someone(6, "epci:000000000"),
    ]  # fmt: skip
    assert [(one.user_id, one.code) for one in nearest(known, ground)] == [
        (4, MEL), (1, MEL), (3, NORTH)
    ]  # fmt: skip
    assert len(nearest([someone(n, NORTH) for n in range(9)], ground)) == MOST
    assert nearest(known, Ground()) == ()


def test_where_nobody_is_named_the_words_say_why_and_whom_to_ask() -> None:
    assert ground_of(need_from_form("nettoyage", on=DAY, place="Lille")).nobody == NOBODY
    assert ground_of(need_from_form("nettoyage", on=DAY)).nobody == NO_PLACE
    assert "PLIE" in ASK
    assert someone(1, NORTH).sentence.endswith("chargé des clauses, 03\xa020\xa000\xa000\xa000")
