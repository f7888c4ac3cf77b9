"""An analysis as JSON and back, between the helper process and ours."""

from typing import Any

import orjson

from annuaire.activities.classify import Guess
from annuaire.clauses.findings import Finding, Negation
from annuaire.documents.amounts import Amount
from annuaire.documents.analysing import Analysis, ReadLot
from annuaire.documents.stated import StatedLot
from annuaire.documents.text import DocumentText


def packed(analysis: Analysis) -> bytes:
    """One JSON object."""
    return orjson.dumps(analysis)


def unpacked(row: dict[str, Any]) -> Analysis:
    """The analysis of the object that `packed` wrote."""
    document = row["document"]
    return Analysis(
        document=DocumentText(
            **document | {"starts": tuple(document["starts"]), "blind": tuple(document["blind"])}
        ),
        subject=row["subject"],
        lots=tuple(_lot(lot) for lot in row["lots"]),
        findings=tuple(Finding(**f | {"lots": tuple(f["lots"])}) for f in row["findings"]),
        denied=tuple(Negation(**n) for n in row["denied"]),
        activities=_guesses(row["activities"]),
        more=row["more"],
    )


def _lot(row: dict[str, Any]) -> ReadLot:
    lot = row["lot"]
    amount = Amount(**lot["amount"]) if lot["amount"] else None
    return ReadLot(StatedLot(**lot | {"amount": amount}), _guesses(row["activities"]), row["words"])


def _guesses(rows: list[dict[str, Any]]) -> tuple[Guess, ...]:
    return tuple(Guess(**row) for row in rows)
