"""What notices, read together, make of a contract and its lots."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from annuaire.contracts.merging import MergedContract, merge
from annuaire.contracts.records import CodeField, LotRecord, NoticeRecord
from tests.factories.notices import call, facts, later, lots, won

LATER = datetime(2026, 6, 30, 10, tzinfo=UTC)


def merged(*records: NoticeRecord) -> MergedContract:
    return merge(facts(*records))


def state(*records: NoticeRecord) -> tuple[str, str | None]:
    found = merged(*records)
    return found.state, found.outcome


def test_a_contract_is_named_after_its_first_notice() -> None:
    found = merged(later("26-2", "award"), call("26-10"), call("26-9", nature="correction"))
    assert [n.reference for n in found.notices] == ["boamp-26-10", "boamp-26-9", "boamp-26-2"]


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ([call()], ("published", None)),
        ([later("26-0", "planned", -30)], ("planned", None)),
        ([later("26-0", "planned", -30), call()], ("published", None)),
        ([later("26-2", "correction")], ("published", None)),
        ([call(), later("26-2", "award")], ("awarded", None)),
        ([call(), later("26-2", "award"), later("26-3", "correction", 40)], ("awarded", None)),
        ([later("26-2", "correction", awards=(won(None, "A"),))], ("awarded", None)),
        ([later("26-2", "modification")], ("awarded", None)),
        ([later("26-2", "other")], ("unknown", None)),
        ([call(), later("26-2", "cancellation")], ("cancelled", None)),
        (
            [call(), later("26-2", "cancellation", outcome="abandoned")],
            ("cancelled", "abandoned"),
        ),
        # The award that found nobody, as a whole or lot by lot.
        ([call(), later("26-2", "award", outcome="unsuccessful")], ("cancelled", "unsuccessful")),
        (
            [later("26-2", "award", lots=lots("1 Vitres", "2 Sols", outcome="unsuccessful"))],
            ("cancelled", "unsuccessful"),
        ),
        # A call published since begins again.
        (
            [call(), later("26-2", "cancellation"), later("26-3", "call", 60)],
            ("published", None),
        ),
    ],
)
def test_the_state_is_what_the_notices_make_it(
    records: list[NoticeRecord], expected: tuple[str, str | None]
) -> None:
    assert state(*records) == state(*records[::-1]) == expected


def test_a_contract_is_awarded_as_soon_as_one_lot_is() -> None:
    named = lots("1 Vitres", "2 Sols")
    ended = (named[0], replace(named[1], outcome="unsuccessful"))
    award = later("26-2", "award", lots=ended, awards=(won("1", "Vitres d'essai"),))
    found = merged(call(lots=(*named, *lots("3 Bureaux"))), award)
    assert found.state == "awarded"
    assert [(lot.number, lot.state, lot.outcome) for lot in found.lots] == [
        ("1", "awarded", None),
        ("2", "cancelled", "unsuccessful"),
        ("3", "published", None),
    ]


def test_a_correction_that_lists_some_lots_leaves_the_others() -> None:
    correction = later(
        "26-2", "correction", 10, deadline=LATER, lots=lots("2 Sols souples", "3 Bureaux")
    )
    found = merged(call(lots=lots("1 Vitres", "2 Sols")), correction)
    assert [(lot.number, lot.title) for lot in found.lots] == [
        ("1", "Vitres"),
        ("2", "Sols souples"),
        ("3", "Bureaux"),
    ]
    assert found.said(lambda n: n.deadline) == LATER
    assert found.lots[1].sources["title"] == "boamp-26-2"


@pytest.mark.parametrize("written", ["LOT-0002", "02", "Lot 2", "lot n° 02", "Lot n°2", "2"])
def test_lots_are_one_whatever_way_their_number_is_written(written: str) -> None:
    award = later(
        "26-2",
        "award",
        lots=(LotRecord(written, "Un tout autre intitulé"),),
        awards=(won(written, "Sols d'essai", 41000.0),),
    )
    found = merged(call(lots=lots("1 Vitres", "2 Sols")), award)
    assert [lot.number for lot in found.lots] == ["1", "2"]
    assert found.lots[1].awards[0]["winner"] == "Sols d'essai"
    assert found.lots[1].title == "Sols"  # the call's own word
    assert found.lots[1].amount == (41000.0, "awarded")
    assert found.lots[1].awards[0]["published_on"] == "2026-06-03"  # known from that day only


def test_a_lot_that_its_notice_does_not_number_is_known_by_its_title() -> None:
    award = later(
        "26-2",
        "award",
        lots=lots("1 SOLS", "2 Bureaux", numbered=False),
        awards=(won("1", "Sols d'essai"), won("2", "Bureaux d'essai")),
    )
    found = merged(call(lots=lots("1 Vitres", "2 Sols")), award)
    assert [(lot.number, lot.title, [a["winner"] for a in lot.awards]) for lot in found.lots] == [
        ("1", "Vitres", []),
        ("2", "Sols", ["Sols d'essai"]),
        ("3", "Bureaux", ["Bureaux d'essai"]),
    ]


def test_who_won_a_contract_of_one_lot_won_that_lot() -> None:
    award = later("26-2", "award", awards=(won(None, "Vitres d'essai"),))
    found = merged(call(lots=lots("1 Vitres")), award)
    assert [(lot.title, lot.awards[0]["winner"]) for lot in found.lots] == [
        ("Vitres", "Vitres d'essai")
    ]


def test_the_newest_notice_says_who_won() -> None:
    first = later("26-2", "award", 30, awards=(won(None, "Premier titulaire"),))
    second = later("26-3", "correction", 40, awards=(won(None, "Titulaire corrigé"),))
    (lot,) = merged(call(), first, second).lots
    assert [award["winner"] for award in lot.awards] == ["Titulaire corrigé"]


def test_absurd_amounts_are_kept_and_marked() -> None:
    (lot,) = merged(call(lots=lots("1 Vitres", amount_eur=1e15, amount_kind="estimated"))).lots
    assert (lot.amounts, lot.absurd, lot.amount) == (
        {"estimated": 1e15},
        True,
        (1e15, "estimated"),
    )
    (lot,) = merged(
        call(lots=lots("1 Vitres", amount_eur=1e15, amount_kind="estimated", maximum_eur=50_000.0))
    ).lots
    assert (lot.absurd, lot.amount) == (True, (50_000.0, "maximum"))


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        ([("MARCHE_RESERVE", "ateliers protégés", None)], ["reserved_handicap"] * 2),
        ([("MARCHE_RESERVE", "ateliers protégés", "02")], [None, "reserved_handicap"]),
        ([], [None, None]),
    ],
)
def test_a_lot_says_whether_it_is_reserved(
    codes: list[tuple[str, str, str | None]], expected: list[str | None]
) -> None:
    found = merged(
        call(lots=lots("1 Vitres", "2 Sols"), codes=tuple(CodeField(*code) for code in codes))
    )
    assert [lot.reserved for lot in found.lots] == expected


def test_clauses_of_a_corrected_call_stay_each_with_its_notice() -> None:
    clause = "Le lot 1 est réservé à une structure d'insertion (article L. 2113-13)."
    found = merged(call(description=clause), later("26-2", "correction"))
    assert {notice.source_key for notice, _ in found.findings} == {"26-1"}
    assert found.social


def test_one_publication_in_two_journals_and_a_plan_count_once() -> None:
    code = (CodeField("criteres_sociaux", "oui"),)
    twin = call("111-2026", source="ted", own_keys=("eforms:x",), codes=code)
    plan = later("26-0", "planned", -30, codes=code)
    found = merged(call(own_keys=("eforms:x",), codes=code), twin, plan)
    assert found.in_force == {"boamp-26-1"}
    assert len(found.findings) == 1
    assert found.first.published_on == date(2026, 4, 4)


def test_places_are_read_from_nuts() -> None:
    found = merged(call(departements=(), lots=lots("1 Vitres", nuts="FRE11", city="Lille")))
    assert (found.lots[0].departement, found.lots[0].code_insee) == ("59", "59350")
    assert found.said(lambda n: n.departements) == ("59",)
