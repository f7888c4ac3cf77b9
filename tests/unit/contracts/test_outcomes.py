"""Why a procedure found no holder, as notices say it in words."""

import pytest

from annuaire.contracts.outcomes import outcome_of, outcome_of_lot
from annuaire.contracts.records import TextField
from tests.factories.notices import call, later, won


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("La procédure a été déclarée sans suite pour motif d'intérêt général.", "abandoned"),
        ("Le marché est déclaré infructueux, aucune offre n'ayant été remise.", "unsuccessful"),
        ("Consultation classée sans suite", "abandoned"),
        ("L'appel d'offres est rendu infructueux", "unsuccessful"),
        ("Le lot 2 est déclaré infructueux.", None),  # a lot is not the whole
        ("Marché relancé suite à une première procédure infructueuse.", None),
        ("Suite à une procédure infructueuse, un nouvel avis est publié.", None),
        (
            "Relance : le premier appel d'offres a été infructueux. Le marché est sans suite.",
            "abandoned",
        ),
        ("Le marché n'est pas déclaré sans suite.", None),
        ("Entretien des espaces verts", None),
    ],
)
def test_the_end_of_a_procedure_is_read_in_its_texts(text: str, expected: str | None) -> None:
    record = later("26-2", "award", texts=(TextField("complement", text),))
    assert outcome_of(record) == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Nettoyage des locaux (infructueux)", "unsuccessful"),
        ("Nettoyage des locaux - sans suite", "abandoned"),
        ("Nettoyage des locaux - relance du lot 2 infructueux", None),
        ("Nettoyage des locaux (suite à consultation infructueuse)", None),
        ("Nettoyage des locaux, procédure négociée suite appel d'offres infructueux", None),
        ("Nettoyage des locaux (relance d'une procédure déclarée sans suite)", None),
        ("2e consultation suite marché déclaré sans suite : nettoyage", None),
        ("Aménagement d'une voie sans suite de travaux", None),
    ],
)
def test_the_end_of_a_procedure_is_read_in_its_title(title: str, expected: str | None) -> None:
    assert outcome_of(later("26-2", "award", title=title)) == expected


def test_words_end_nothing_in_a_call_nor_where_somebody_won() -> None:
    said = (TextField("complement", "La procédure est déclarée sans suite."),)
    assert outcome_of(call(texts=said)) is None
    assert outcome_of(later("26-2", "award", texts=said, awards=(won("1", "A"),))) is None


def test_lot_without_holder_in_a_former_procedure_is_without_none_in_this_one() -> None:
    said = (TextField("complement", "Relance après que le lot n° 2 fut déclaré infructueux."),)
    assert outcome_of_lot(later("26-2", "award", texts=said), "2") is None


def test_a_lot_without_holder_is_known_by_its_number() -> None:
    said = (TextField("complement", "Lot n° 02 : infructueux ; lot 3 : classé sans suite."),)
    record = later("26-2", "award", texts=said, awards=(won("1", "A"),))
    found = [outcome_of_lot(record, number) for number in ("1", "2", "3", "4")]
    assert found == [None, "unsuccessful", "abandoned", None]
