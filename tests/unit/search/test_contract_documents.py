"""What the index holds of a contract."""

from datetime import date

import pytest

from annuaire.contracts.models import Buyer, Contract, Finding, Lot
from search.contract_documents import contract_document

WHOLE: list[str] = []


@pytest.mark.parametrize(
    ("said", "hours"),
    [
        ([(["1"], 70), (["2"], 70), (["3"], 70)], 210),
        ([(["1"], 70), (["1"], 70), (["2"], 30)], 100),  # a call and its correction
        ([(WHOLE, 300), (["1"], 70), (["2"], 70)], 300),  # the whole, and its parts
        ([(["1"], 70), (["9"], 50)], 70),  # of a lot that was taken away
        ([(["1"], None)], None),
        ([], None),
    ],
)
def test_hours_of_a_contract_are_those_of_its_lots_together(
    said: list[tuple[list[str], float | None]], hours: float | None
) -> None:
    lots = [Lot(number=n, title=f"Lot {n}", state="published", activities=[]) for n in "123"]
    gone = Lot(number="9", title="Retiré", state="removed", activities=[])
    findings = [
        Finding(type="execution_insertion", source="text", evidence="…", confidence=1.0,
                lots=numbers, hours=each)
        for numbers, each in said
    ]  # fmt: skip
    contract = Contract(
        id=1, reference="boamp-26-1", title="Entretien", state="published", types=[],
        published_on=date(2026, 5, 4), departements=["59"], social=True, environmental=False,
        buyer=Buyer(key="x", name="Commune d'essai"), lots=[*lots, gone], findings=findings,
    )  # fmt: skip
    document = contract_document(contract)
    assert (document.get("hours"), document["_stored"]["hours"]) == (hours, hours)
