"""What a notice says is kept whole, as JSON."""

from datetime import UTC, date, datetime

import orjson
import pytest

from annuaire.contracts.facts import facts_from, kept, plain_number
from annuaire.contracts.records import CodeField, NoticeRecord
from tests.factories.notices import FOLDER, call, facts, later, lots, won


@pytest.mark.parametrize(
    "record",
    [
        call(),
        call(
            folder=FOLDER,
            reference="2026S0042",
            own_keys=("eforms:x",),
            linked_keys=("26-0",),
            expires_on=date(2026, 7, 1),
            codes=(CodeField("criteres_sociaux", "oui"),),
            lots=lots(
                "1 Vitres",
                "2 Sols",
                numbered=False,
                deadline=datetime(2026, 6, 1, tzinfo=UTC),
                amount_eur=1e15,
                amount_kind="estimated",
                cpvs=("90911300",),
                nuts="FRE11",
            ),
        ),
        later("26-2", "award", awards=(won(None, "Vitres d'essai", 12.0),), outcome="abandoned"),
    ],
)
def test_facts_come_back_as_they_were(record: NoticeRecord) -> None:
    (found,) = facts(record)
    back = facts_from(orjson.loads(orjson.dumps(kept(found))))
    assert orjson.dumps(back) == orjson.dumps(found)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("LOT-0001", "1"),
        ("Lot n° 03", "3"),
        ("lot n°3", "3"),
        ("003", "3"),
        ("3 a", "3A"),
        ("A", "A"),
        ("3-2", "3-2"),
        ("  Lot unique  ", "Lot unique"),
        ("", ""),
    ],
)
def test_lots_are_numbered_in_one_form(written: str, expected: str) -> None:
    assert plain_number(written) == expected
