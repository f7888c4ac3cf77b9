"""What is worked out of a notice before it is stored."""

from dataclasses import replace
from datetime import UTC, date, datetime

import orjson
import pytest

from annuaire.contracts.facts import facts_from, kept
from annuaire.contracts.reading import closing_day, read_notice
from annuaire.contracts.records import BuyerRecord, CodeField, NoticeRecord, TextField
from tests.factories.notices import facts, later, lots, won

EXPIRES = date(2026, 6, 30)


@pytest.mark.parametrize(
    ("deadline", "expected"),
    [
        (None, EXPIRES),
        (datetime(2026, 6, 12, 10, 0, tzinfo=UTC), date(2026, 6, 12)),
        (datetime(2026, 6, 11, 22, 0, tzinfo=UTC), date(2026, 6, 12)),  # midnight in Paris
        (datetime(2026, 1, 11, 23, 30, tzinfo=UTC), date(2026, 1, 12)),
    ],
)
def test_closing_day_is_that_of_paris(deadline: datetime | None, expected: date) -> None:
    assert closing_day(deadline, EXPIRES) == expected


def notice(text: str, *codes: CodeField) -> NoticeRecord:
    return NoticeRecord(
        source="boamp",
        source_key="26-1",
        title="Entretien des parcs",
        nature="call",
        buyer=BuyerRecord("Commune d'Essai"),
        published_on=date(2026, 5, 4),
        texts=(TextField("execution", text),),
        codes=codes,
    )


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [
        ("Marché réservé aux ESAT.", CodeField("BT-71", "none"), 1),
        ("Le marché n'est pas réservé.", CodeField("MARCHE_RESERVE", "oui"), 1),
        ("Marché réservé aux ESAT.", CodeField("BT-71", "res-ws"), 0),
        ("Prix fermes.", CodeField("BT-71", "none"), 0),
    ],
)
def test_disagreement_of_codes_and_texts_is_kept_with_the_notice(
    text: str, code: CodeField, told: int
) -> None:
    facts = read_notice(notice(text, code)).facts
    assert len(facts.contradictions) == told
    read_back = facts_from(orjson.loads(orjson.dumps(kept(facts))))
    assert read_back.contradictions == facts.contradictions


def test_bare_reservation_takes_the_kind_told_in_another_text_and_keeps_its_place() -> None:
    texts = (
        TextField("description", "Le marché est réservé aux entreprises adaptées."),
        TextField("lot_title", "Lot 2 réservé : vitres", "2"),
    )
    read = read_notice(replace(notice(""), title="Parcs, marché réservé", texts=texts))
    rows = [row for row in read.facts.findings if row["source"] == "text"]
    assert {row["type"] for row in rows} == {"reserved_handicap"}
    assert [row["lots"] for row in rows] == [[], [], ["2"]]
    for row in rows:
        text = read.texts[row["text_index"]].text
        assert text[row["start"] : row["end"]] == row["evidence"]


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ((), {"1": ["A", "B"]}),
        (("1 Vitres",), {"1": ["A", "B"]}),
        (("1 Vitres", "2 Sols"), {"1": ["A"], "2": [], "3": ["B"]}),
    ],
)
def test_no_holder_is_lost_that_names_no_lot(
    named: tuple[str, ...], expected: dict[str, list[str]]
) -> None:
    first = won("1", "A") if named else won(None, "A")
    record = later("26-2", "award", lots=lots(*named), awards=(first, won(None, "B")))
    (read,) = facts(record)
    assert {lot.number: [a["winner"] for a in lot.awards] for lot in read.lots} == expected
    assert [lot.numbered for lot in read.lots][2:] == [False] * (len(expected) - 2)
