"""Where a lot stands: the communes that its words name, or nothing rather than a guess."""

import pytest

from annuaire.matching.spots import buyer_spot, named_departements, named_spots


@pytest.mark.parametrize(
    ("text", "departements", "labels"),
    [
        ("Lot 2 : Foix - Haute Ariège", ["09"], ["Foix"]),
        ("Bernin, Biviers, Crolles", ["38"], ["Bernin", "Biviers", "Crolles"]),
        ("ENTRETIEN A SAINT-LOUIS DE MONTFERRAND", ["33"], ["Saint-Louis-de-Montferrand"]),
        ("Piste cyclable Langon - Bazas (Rd 8)", ["33"], ["Langon", "Bazas"]),
        ("Réfection de la rue de Langon", ["33"], []),
        ("Travaux du bois et du parc", ["33"], []),
        ("Nettoyage à Foix", ["33"], []),
        ("Nettoyage à Foix", [], []),
        ("", ["33"], []),
        ("Insertion dans le 9e arrondissement de Paris", ["75"], ["Paris 9e Arrondissement"]),
    ],
)
def test_named_spots_reads_communes_of_the_departements(
    text: str, departements: list[str], labels: list[str]
) -> None:
    assert [spot.label for spot in named_spots(text, departements)] == labels


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("37-Zone de Chinon", ("37",)),
        ("Départements du Gard et de l'Hérault", ("30", "34")),
        ("Tout le territoire", ("30", "34", "37")),
        ("Lot 37", ("30", "34", "37")),
    ],
)
def test_named_departements_keeps_those_of_the_lot(text: str, named: tuple[str, ...]) -> None:
    assert named_departements(text, ("30", "34", "37")) == named


@pytest.mark.parametrize(
    ("name", "city", "postcode", "label"),
    [
        ("Ville", "ROUEN CEDEX", "76101", "Rouen"),
        ("Ville de Rouen", None, None, "Rouen"),
        ("Office public", None, None, None),
    ],
)
def test_buyer_spot_is_its_town(
    name: str, city: str | None, postcode: str | None, label: str | None
) -> None:
    spot = buyer_spot(name, city, postcode, ["76"])
    assert (spot.label if spot else None) == label
