"""Which notices are of one contract: the rules, case by case."""

from dataclasses import replace
from datetime import date
from itertools import permutations
from typing import Any

import pytest

from annuaire.contracts.keys import folder_of, specific
from annuaire.contracts.linking import contracts_of
from annuaire.contracts.records import NoticeRecord
from tests.factories.notices import FOLDER, OTHER_TOWN, call, facts, later

REFERENCE = "2026S0042"


def joined(*records: NoticeRecord) -> list[list[str]]:
    """The keys of the notices of each contract, whatever the order in which they come."""
    found = {
        tuple(tuple(n.source_key for n in group) for group in contracts_of(given))
        for given in permutations(facts(*records))
    }
    assert len(found) == 1
    return [list(group) for group in found.pop()]


def test_notices_that_say_nothing_of_one_another_are_contracts_apart() -> None:
    assert joined(call("26-1"), call("26-2"), later("26-3", "award")) == [
        ["26-1"], ["26-2"], ["26-3"],
    ]  # fmt: skip


@pytest.mark.parametrize("nature", ["correction", "award", "modification", "cancellation", "other"])
def test_a_notice_joins_the_one_that_it_cites(nature: str) -> None:
    assert joined(call("26-1"), later("26-2", nature, linked_keys=("26-1",))) == [["26-1", "26-2"]]


def test_a_call_that_cites_an_award_announces_the_next_contract() -> None:
    award = later("26-1", "award", 0)
    assert joined(award, later("26-2", "call", linked_keys=("26-1",))) == [["26-1"], ["26-2"]]


def test_followers_of_a_notice_that_nobody_read_are_together_and_calls_are_not() -> None:
    unread = {"linked_keys": ("25-9",)}
    assert joined(later("26-1", "correction", **unread), later("26-2", "award", 40, **unread)) == [
        ["26-1", "26-2"]
    ]
    assert joined(call("26-1", **unread), call("26-2", **unread)) == [["26-1"], ["26-2"]]


def test_a_planning_notice_joins_the_only_procedure_that_cites_it() -> None:
    planned = later("26-1", "planned", -60)
    first, second = (call(f"26-{n}", linked_keys=("26-1",)) for n in (2, 3))
    award = later("26-4", "award", linked_keys=("26-2", "26-1"))
    assert joined(planned, first, award) == [["26-1", "26-2", "26-4"]]
    assert joined(planned, first, second) == [["26-1"], ["26-2"], ["26-3"]]


@pytest.mark.parametrize("field", ["folder", "reference"])
def test_one_european_identifier_is_one_contract_in_two_journals(field: str) -> None:
    ted = call("123456-2026", source="ted", buyer=OTHER_TOWN, **{field: FOLDER.upper()})
    assert joined(call("26-1", folder=FOLDER), ted) == [["26-1", "123456-2026"]]


def test_one_publication_in_two_journals_is_known_by_its_own_identifier() -> None:
    name = f"eforms:{FOLDER}-01"
    ted = call("123456-2026", source="ted", own_keys=(name,), published_on=date(2026, 5, 6))
    change = later("26-3", "correction", linked_keys=(name,))
    assert joined(call("26-1", own_keys=(name,)), ted, change) == [["26-1", "123456-2026", "26-3"]]


def test_a_specific_reference_of_one_buyer_joins_what_follows_its_call() -> None:
    named = {"reference": REFERENCE}
    award = later("26-2", "award", title="Nettoyage des locaux communaux", **named)
    assert joined(call("26-1", **named), award) == [["26-1", "26-2"]]


@pytest.mark.parametrize(
    "apart",
    [
        {"buyer": OTHER_TOWN},
        {"title": "Fourniture de repas en liaison froide"},
        {"nature": "call"},
        {"published_on": date(2031, 5, 4)},
        {"reference": "2026S0043"},
    ],
    ids=["buyer", "title", "call", "years", "reference"],
)
def test_a_reference_joins_nothing_when_something_disagrees(apart: dict[str, Any]) -> None:
    award = replace(later("26-2", "award", reference=REFERENCE), **apart)
    assert joined(call("26-1", reference=REFERENCE), award) == [["26-1"], ["26-2"]]


def test_each_award_goes_to_the_newest_call_of_its_reference() -> None:
    named = {"reference": REFERENCE}
    yearly = [call("26-1", **named), later("27-1", "call", 365, **named)]
    awards = [later("26-2", "award", 60, **named), later("27-2", "award", 425, **named)]
    assert joined(*yearly, *awards) == [["26-1", "26-2"], ["27-1", "27-2"]]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("16ff-Mp-0383-G", "16FFMP0383G"),
        ("201611004", "201611004"),
        ("AO n° 2026/0117", "AON20260117"),
        ("2026-01", None),  # a year with a rank
        ("MAPA 1", None),
        ("LOT1", None),
        ("20260504", None),  # a day
        ("04052026", None),
        ("000000", None),
        ("111111111", None),
        ("MARCHE", None),
        ("", None),
        (None, None),
    ],
)
def test_short_and_generic_references_are_none(written: str | None, expected: str | None) -> None:
    assert specific(written) == expected


@pytest.mark.parametrize(
    "written", ["", "2026S0042", "00000000-0000-0000-0000-000000000000", f"{FOLDER}-01", None]
)
def test_what_is_no_uuid_is_no_folder(written: str | None) -> None:
    assert folder_of(written) is None


def test_sample_notices_never_join_real_ones() -> None:
    sample = later("26-2", "award", source="exemple", realm="exemple", folder=FOLDER,
                   linked_keys=("boamp:26-1",))  # fmt: skip
    assert joined(call("26-1", folder=FOLDER), sample) == [["26-1"], ["26-2"]]


def test_a_reference_of_very_many_notices_is_no_contract() -> None:
    many = [later(f"26-{n}", "award", n, reference=REFERENCE) for n in range(1, 203)]
    assert len(contracts_of(facts(*many[:200]))) == 1
    assert len(contracts_of(facts(*many))) == 202


TITLE = "Entretien des espaces verts de la zone artisanale des Quatre Chemins"


@pytest.mark.parametrize(
    ("nature", "days", "change", "one"),
    [
        ("correction", 12, {}, True),
        ("cancellation", 0, {}, True),
        ("award", 200, {}, True),
        ("award", 200, {"title": TITLE.upper()}, True),
        ("correction", 121, {}, False),  # offers are no longer awaited
        ("award", 731, {}, False),
        ("award", -1, {}, False),  # of another contract: it came before the call
        ("call", 12, {}, False),
        ("modification", 12, {}, False),  # often of a contract of years ago
        ("award", 200, {"title": TITLE + ", lot 2"}, False),
        ("award", 200, {"buyer": OTHER_TOWN}, False),
        ("award", 200, {"reference": REFERENCE}, False),  # it tells by what it is to be joined
        ("award", 200, {"linked_keys": ("25-9",)}, False),
        ("award", 200, {"source": "decp"}, False),  # there each lot is a contract
    ],
)
def test_the_very_title_of_one_call_joins_what_tells_nothing_else(
    nature: str, days: int, change: dict[str, Any], one: bool
) -> None:
    first = call("26-1", title=TITLE)
    found = joined(first, later("26-2", nature, days, **{"title": TITLE} | change))
    assert (len(found) == 1) is one


def test_a_title_that_two_calls_bear_or_that_says_little_joins_nothing() -> None:
    award = later("26-3", "award", 200, title=TITLE)
    again = later("26-2", "call", 100, title=TITLE)
    assert joined(call("26-1", title=TITLE), again, award) == [["26-1"], ["26-2"], ["26-3"]]
    short = {"title": "Travaux de voirie"}
    assert joined(call("26-1", **short), later("26-2", "award", **short)) == [["26-1"], ["26-2"]]
