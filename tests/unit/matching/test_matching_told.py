"""What a structure says of itself, before a need: its area, its availability, its amounts."""

from dataclasses import replace
from datetime import date

import pytest

from annuaire.geo.areas import ServiceArea
from annuaire.matching.candidates import from_stored
from annuaire.matching.scoring import Suggestion, in_words, rank
from annuaire.matching.told import Told, told_of
from tests.unit.matching.test_matching_scoring import PARIS, TODAY, at, need, structure

REGION = ServiceArea(regions=("32",))


def suggested(told: Told | None, **changes: object) -> Suggestion:
    """A structure of Paris that says this, before a need of Lille."""
    far = structure("FAR", **at(PARIS, "75", "11"), told=told)
    asked = replace(need(), **changes)  # type: ignore[arg-type]  # fields of a need
    return in_words(asked, rank(asked, [far], TODAY))[0]


@pytest.mark.parametrize(
    ("area", "words"),
    [
        (REGION, "Hauts-de-France"),
        (ServiceArea(departements=("59",)), "Nord (59)"),
        (ServiceArea(communes=("59350",)), "Lille"),
        (ServiceArea(radius_km=250), "rayon de 250 km"),
        (ServiceArea(country=True), "toute la France"),
    ],
)
def test_area_that_holds_the_need_counts_however_far(area: ServiceArea, words: str) -> None:
    silent, told = suggested(None), suggested(Told(area=area))
    assert told.score >= silent.score + 20
    said = [sentence for sentence, _ in told.reasons]
    assert f"Intervient sur place, d'après sa fiche : {words}." in said
    assert any("dans la zone où elle dit intervenir" in sentence for sentence in said)
    assert not any("vérifiez qu'elle intervient sur place" in each for each in told.cautions)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (Told(area=ServiceArea(radius_km=50)), "hors de la zone où elle dit intervenir : 50 km"),
        (Told(available=False, available_on=TODAY), "Dit ne pas être disponible"),
        (Told(amount_max=10_000), "au-dessus de ce qu'elle dit lui convenir"),
        (Told(amount_min=90_000), "en dessous de ce qu'elle dit lui convenir"),
        (Told(ways=("lent",)), "que de la mise à disposition"),
    ],
)
def test_what_it_says_of_itself_is_a_caution_and_takes_no_point(told: Told, said: str) -> None:
    found = suggested(told)
    assert any(said in caution for caution in found.cautions), found.cautions
    assert found.score == suggested(None).score


@pytest.mark.parametrize(
    "told",
    [
        Told(),
        Told(available=False, available_on=date(2025, 1, 1)),  # too long ago
        Told(available=True, available_on=TODAY, amount_min=1_000, amount_max=50_000),
        Told(ways=("lent", "service")),
    ],
)
def test_what_suits_is_no_caution(told: Told) -> None:
    assert suggested(told).cautions == suggested(None).cautions


def test_lent_staff_is_asked_of_who_lends_some() -> None:
    found = suggested(Told(ways=("service",)), lent=True)
    assert any("Ne dit pas mettre de personnel" in caution for caution in found.cautions)


def test_what_the_index_stores_is_read_again() -> None:
    stored = {
        "area": REGION.as_data(), "available": "non", "available_on": "2026-05-01",
        "amount_max": 9_000.0, "ways": ["service"], "cocontract": "non",
    }  # fmt: skip
    told = Told(REGION, False, date(2026, 5, 1), None, 9_000.0, ("service",), False)
    assert told_of(stored) == told
    assert from_stored({"name": "A", "told": stored}).told == told
    assert from_stored({"name": "A"}).told is None
