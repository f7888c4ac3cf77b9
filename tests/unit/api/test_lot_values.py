"""A lot as the API gives it: as the site's own page and files say it."""

import pytest

from annuaire.api.contracts import lot_values
from annuaire.contracts.models import Contract, Finding, Lot


def told(lot: Lot, *findings: Finding) -> dict[str, object]:
    contract = Contract(reference="boamp-26-1", lots=[lot, Lot(number="02")], findings=[*findings])
    return lot_values(contract, lot, "https://annuaire.test", {})


def lot(**values: object) -> Lot:
    return Lot(number="01", title="Nettoyage", activities=[], awards=[], **values)


@pytest.mark.parametrize(
    ("named", "concerned"),
    [([], True), (["01"], True), (["1"], True), (["9"], True), (["2"], False)],
)
def test_clauses_of_a_lot_are_those_that_its_page_shows(
    named: list[str], *, concerned: bool
) -> None:
    found = told(lot(), Finding(type="execution_insertion", lots=named))
    assert (found["clause_types"] == ["execution_insertion"]) is concerned


@pytest.mark.parametrize(
    ("amount", "expected"), [(50_000.0, False), (999_999_999.0, True), (None, False)]
)
def test_unlikely_is_said_of_the_amount_that_is_given(
    amount: float | None, *, expected: bool
) -> None:
    other = lot(amount_eur=amount, maximum_eur=999_999_999.0, absurd=True)
    assert told(other)["unlikely_amount"] is expected
