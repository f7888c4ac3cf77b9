"""Lots that a buyer only wrote in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annuaire.clauses.lot_titles import lots_in_description, lots_in_title


@pytest.mark.parametrize(
    ("title", "lots"),
    [
        ("Réhabilitation de l'école - Lot n° 3 : menuiseries", [("3", "menuiseries")]),
        ("Travaux. LOT 04 - ÉLECTRICITÉ", [("4", "ÉLECTRICITÉ")]),
        ("Relance du lot 7 Etanchéité", [("7", "Etanchéité")]),
        ("Travaux divers Lot no1 : VRDLot no2 : Peinture", [("1", "VRD"), ("2", "Peinture")]),
        (
            "Marché alloti : - lot 1: maçonnerie - lot 2 : peinture, sols",
            [("1", "maçonnerie"), ("2", "peinture, sols")],
        ),
        ("Nettoyage (Lot 2 : vitrerie) de la ville", [("2", "vitrerie")]),
        ('Salle des fêtes - lot 5 " menuiserie " relancé', [("5", "menuiserie")]),
        ("Centre aquatique - Lot5a : Finitions", [("5a", "Finitions")]),
        ("Relance des lots 3-étanchéité et 6-électricité",
         [("3", "étanchéité"), ("6", "électricité")]),
        ("École : lots 8a (menuiseries), 8b (mobilier) et n° 9 (peinture) relancés",
         [("8a", "menuiseries"), ("8b", "mobilier"), ("9", "peinture")]),
        ("Lot 8 - Peinture (rectificatif)", [("8", "Peinture")]),
        ("Lot 3 : charpente suite à infructuosité", [("3", "charpente")]),
        # No lot is named here.
        ("Fourniture de mobilier en 4 lots", []),
        ("Travaux de voirie - lots 1 à 5", []),
        ("Relance des lots 2, 3 et 5 du marché de façades", []),
        ("Relance du lot 1 et du lot 5 infructueux", []),
        ("Denrées pour 20 établissements du Lot-et-Garonne", []),
        ("Travaux à Villeneuve-sur-Lot", []),
        ("Construction de 14 lots à bâtir", []),
        ("Pilotage de la phase 2", []),
        ("Lot 3 : charpente, 12 - 14 rue du Port", [("3", "charpente, 12 - 14 rue du Port")]),
    ],
)  # fmt: skip
def test_lots_of_a_title(title: str, lots: list[tuple[str, str]]) -> None:
    assert lots_in_title(title) == lots


def test_a_description_lists_its_lots_one_a_line() -> None:
    text = (
        "La consultation comprend :\n- Lot n°01 : Terrassements\n• LOT 2 - Espaces verts\n"
        "Clause d'insertion : lot 2 : 60 heures.\nLot 2 Espaces verts : 60 heures annuelles"
    )
    assert lots_in_description(text) == [("1", "Terrassements"), ("2", "Espaces verts")]


@given(st.text(alphabet="lot LOT123n°:-()\"'\n,aé", max_size=120))
def test_any_text_gives_distinct_numbers(text: str) -> None:
    for lots in (lots_in_title(text), lots_in_description(text)):
        assert len({number for number, _ in lots}) == len(lots)
        assert all(title.strip() for _, title in lots)
