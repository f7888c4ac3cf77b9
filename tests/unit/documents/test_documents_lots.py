"""Lots as regulations, specifications and notices write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annuaire.documents.amounts import amount_in
from annuaire.documents.lots import stated_lots

#: (what the text looks like, the text, the lots that it states)
CASES = [
    (
        "sentences, with or without sign",
        "Le marché est alloti :\n- Lot n° 1 : Nettoyage des bureaux\n• LOT 02 - Vitrerie\n"
        "Lot 3 Entretien des espaces verts",
        [("1", "Nettoyage des bureaux"), ("2", "Vitrerie"), ("3", "Entretien des espaces verts")],
    ),
    (
        "a table whose rows are lines with tabs",
        "Lot(s)\tDésignation\tMontant maximum\n01\tNettoyage\t120 000 €\n02\tVitrerie\t9 000 €",
        [("1", "Nettoyage"), ("2", "Vitrerie")],
    ),
    (
        "a table whose cells are lines",
        "Lot(s) Désignation\nMontant maximum\nannuel HT\n1\nNettoyage des bureaux et de la\n"
        "vitrerie des bâtiments\n120 000,00 €\n2 Espaces verts (lot réservé) 45 000 €\n"
        "Article 4 – Durée",
        [
            ("1", "Nettoyage des bureaux et de la vitrerie des bâtiments"),
            ("2", "Espaces verts (lot réservé)"),
        ],
    ),
    (
        "a table with « Lot » in each row",
        "N° du lot  Intitulé\nLot 1 Gros œuvre\nLot 2 Peinture\nLot 3 Électricité",
        [("1", "Gros œuvre"), ("2", "Peinture"), ("3", "Électricité")],
    ),
    (
        "lots in letters after their number",
        "Lots\tObjet\n1\tBâtiments\n2a\tÉcoles\n2b\tCrèches",
        [("1", "Bâtiments"), ("2a", "Écoles"), ("2b", "Crèches")],
    ),
    (
        "a table of contents comes before",
        "Lot n° 1 : Traiteur .............. 12\nLot n° 2 : Gardiennage ....... 14\n"
        "Lot n° 1 : autre chose",
        [("1", "Traiteur"), ("2", "Gardiennage")],
    ),
    (
        "a sentence that counts them",
        "La consultation comprend deux lots : lot n°1 : nettoyage des écoles ; lot n°2 - vitrerie.",
        [("1", "nettoyage des écoles"), ("2", "vitrerie")],
    ),
    (
        "their hours after their title",
        "Lot 3 : Carrelage et sols : 60 heures annuelles\nLot 4 : Sols souples - 50 h",
        [("3", "Carrelage et sols"), ("4", "Sols souples")],
    ),
    (
        "a sentence on lots that does not count them",
        "Clause : lot 1 : 60 heures ; lot 2 : 50 heures. Pour le lot 1, les prix ; le lot 2, rien",
        [],
    ),
    (
        "sentences that speak of lots and name none",
        "Lot 2 : 60 heures d'insertion\nLe lot n° 1 est réservé.\nLot 3 sur la durée du marché\n"
        "Les lots 1 et 2 sont attribués.\nLe département du Lot\nlot : 5 %",
        [],
    ),
    (
        "numbers under the word, of no table",
        "Lot\nLa durée est de :\n1 an renouvelable\n2 fois",
        [],
    ),
]


@pytest.mark.parametrize(("text", "lots"), [case[1:] for case in CASES], ids=[c[0] for c in CASES])
def test_lots_of_a_document(text: str, lots: list[tuple[str, str]]) -> None:
    found = stated_lots(text)
    assert [(lot.number, lot.title) for lot in found] == lots
    assert all(lot.title.split()[0] in text[lot.start : lot.end] for lot in found)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("Montant maximum : 120 000,00 € HT", (120_000.0, "maximum")),
        ("estimé à 45\u202f000 euros hors taxes", (45_000.0, "stated")),
        ("minimum 10 000 € HT, maximum 25 000 € HT", (25_000.0, "maximum")),
        ("1.250.000 € HT", (1_250_000.0, "stated")),
        ("30 k€", (30_000.0, "stated")),
        ("12 000 € TTC", None),
        ("pénalité de 150 € par jour de retard", None),
        ("n° 2026-1234 du 12 mars 2026", None),
        ("99999999999 €", None),
    ],
)
def test_amounts_without_tax_are_read(text: str, amount: tuple[float, str] | None) -> None:
    found = amount_in(text)
    assert (found and (found.eur, found.kind)) == amount
    assert found is None or found.words in text


def test_an_amount_said_of_another_lot_is_not_this_lots() -> None:
    text = (
        "Lot 1 : espaces verts\nLot 2 : nettoyage\n"
        "Montant estimé du lot 1 : 45 000 € HT, du lot n° 2 : 60 000 € HT"
    )
    assert [lot.amount and lot.amount.eur for lot in stated_lots(text)] == [None, 60_000.0]


def test_an_amount_belongs_to_the_lot_that_it_follows() -> None:
    lots = stated_lots("Lot n° 1 : Nettoyage\nLot n° 2 : Vitrerie\nMontant : 9 000 € HT\n")
    assert [lot.amount and lot.amount.eur for lot in lots] == [None, 9_000.0]


@given(st.text(alphabet="lotLOT 123n°:-\t\n€Désignationab", max_size=200))
def test_any_text_gives_distinct_lots_within_it(text: str) -> None:
    lots = stated_lots(text)
    assert len({lot.number for lot in lots}) == len(lots)
    assert all(0 <= lot.start < lot.end <= len(text) and lot.title.strip() for lot in lots)
