"""Which structure a record belongs to: the rules as cases, and what holds of any facts."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annuaire.structures.identity import (
    Facts,
    Link,
    claims,
    other_keys,
    present_keys,
    structure_key,
)
from annuaire.structures.records import StatusRecord, StructureRecord

OLD, NEW, NEWER = "99000002800011", "99000002800029", "99000002800037"
ESAT, COMPANY = "finess:590000001", "siren:990000028"
STATUS = (StatusRecord("EI"),)


def record(**fields: object) -> StructureRecord:
    given: dict[str, object] = {"source_key": "1", "name": "X", "statuses": STATUS} | fields
    return StructureRecord(**given)  # type: ignore[arg-type]  # a table of fields


def says(key: str, target: str, holds: bool = True, rank: int = 10) -> Link:
    return Link(key, target, holds, rank)


@pytest.mark.parametrize(
    ("fields", "own", "others"),
    [
        ({"siret": NEW}, NEW, ()),
        ({"siret": NEW, "finess": "590000001"}, NEW, (ESAT,)),
        ({"finess": "590000001"}, ESAT, ()),
        ({"siren": "990000028"}, COMPANY, ()),
        ({"siren": "990000028", "siret": NEW}, NEW, (COMPANY,)),
        ({}, "source:1", ()),
        ({"siret": NEW, "extra": {"siret_signature": OLD}}, NEW, (OLD,)),
        ({"siret": NEW, "extra": {"siret_signature": NEW}}, NEW, ()),
        ({"siret": NEW, "extra": {"siret_signature": "99000003600019"}}, NEW, ()),  # other SIREN
        ({"siret": NEW, "extra": {"siret_signature": "9900000280"}}, NEW, ()),  # cut short
    ],
)
def test_a_record_gives_itself_one_key_and_tells_of_others(
    fields: dict[str, object], own: str, others: tuple[str, ...]
) -> None:
    assert structure_key(record(**fields)) == own
    assert other_keys(record(**fields)) == others


@pytest.mark.parametrize(
    ("fields", "listed"),
    [
        ({"siret": NEW}, True),
        ({"siren": "990000028"}, True),
        ({"siret": NEW, "siren": "990000028"}, False),  # a company's status shown there
        ({"siret": NEW, "statuses": ()}, False),  # an enrichment
    ],
)
def test_only_what_grants_a_status_lists_a_structure(
    fields: dict[str, object], listed: bool
) -> None:
    assert claims(record(**fields)) is listed


CASES = {
    "a SIRET alone": ({NEW}, [], {NEW: NEW}),
    "FINESS until a SIRET is told": ({ESAT}, [], {ESAT: ESAT}),
    "FINESS once a SIRET is told": ({ESAT}, [says(ESAT, NEW)], {ESAT: NEW}),
    "several FINESS on one SIRET": (
        {NEW}, [says(ESAT, NEW), says("finess:2", NEW)], {ESAT: NEW, "finess:2": NEW}
    ),
    "the most trusted source tells the SIRET": (
        {OLD, NEW}, [says(ESAT, OLD, rank=50), says(ESAT, NEW, rank=10)], {ESAT: NEW}
    ),
    "FINESS took its SIRET back": ({ESAT}, [says(ESAT, NEW, holds=False)], {ESAT: ESAT, NEW: ESAT}),
    "an ended FINESS leads where it led": ({NEW}, [says(ESAT, NEW, holds=False)], {ESAT: NEW}),
    "a move": ({NEW}, [says(OLD, NEW)], {OLD: NEW}),
    "a move that another source does not know yet": ({OLD, NEW}, [says(OLD, NEW)], {OLD: NEW}),
    "two moves, each told": ({NEWER}, [says(OLD, NEW, False), says(NEW, NEWER)], {OLD: NEWER}),
    "two moves told of the first SIRET": (
        {NEWER}, [says(OLD, NEW, holds=False), says(OLD, NEWER)], {OLD: NEWER, NEW: NEWER}
    ),
    "two establishments out of one": (
        {NEW, NEWER}, [says(OLD, NEW), says(OLD, NEWER)], {OLD: NEW, NEW: NEW, NEWER: NEWER}
    ),
    "a move called off": ({OLD}, [says(OLD, NEW, holds=False)], {OLD: OLD, NEW: OLD}),
    "all ended": (set(), [says(OLD, NEW, holds=False)], {OLD: NEW, NEW: NEW}),
    "sources that contradict one another": (
        {OLD, NEW}, [says(OLD, NEW), says(NEW, OLD)], {OLD: NEW, NEW: NEW}
    ),
    "a company on its first establishment": (
        {NEW, NEWER}, [says(COMPANY, NEW), says(COMPANY, NEWER)], {COMPANY: NEW, NEWER: NEWER}
    ),
    "a company without establishment any more": (
        {COMPANY}, [says(COMPANY, NEW, holds=False)], {COMPANY: COMPANY, NEW: NEW}
    ),
}  # fmt: skip


@pytest.mark.parametrize(("claimed", "links", "expected"), CASES.values(), ids=CASES)
def test_keys_lead_to_the_present_one(
    claimed: set[str], links: list[Link], expected: dict[str, str]
) -> None:
    for order in permutations(links):
        assert present_keys(expected, Facts(claimed, list(order))) == expected


JOINS = {
    "joined": ([(OLD, ESAT)], [], {OLD: ESAT, ESAT: ESAT}),
    "joined, then moved": ([(OLD, ESAT)], [says(OLD, NEW)], {OLD: ESAT, NEW: ESAT}),
    "joined to one that moved": ([(ESAT, OLD)], [says(OLD, NEW)], {ESAT: NEW, OLD: NEW}),
    "a chain": ([(OLD, NEW), (NEW, NEWER)], [], {OLD: NEWER, NEW: NEWER}),
    "a ring keeps the first decisions": (
        [(OLD, NEW), (NEW, NEWER), (NEWER, OLD)], [], {OLD: NEWER, NEW: NEWER, NEWER: NEWER}
    ),
}  # fmt: skip


@pytest.mark.parametrize(("joins", "links", "expected"), JOINS.values(), ids=JOINS)
def test_what_people_joined_follows_the_records(
    joins: list[tuple[str, str]], links: list[Link], expected: dict[str, str]
) -> None:
    facts = Facts({OLD, NEW, NEWER, ESAT}, links, joins)
    assert present_keys(expected, facts) == expected


KEYS = st.sampled_from("abcdef")
LINKS = st.lists(st.builds(Link, KEYS, KEYS, st.booleans(), st.integers(0, 2)), max_size=12)
JOINED = st.lists(st.tuples(KEYS, KEYS), max_size=4)


@given(st.sets(KEYS), LINKS, JOINED, st.randoms())
def test_every_key_leads_to_one_that_stands_for_itself(
    claimed: set[str], links: list[Link], joins: list[tuple[str, str]], draw: object
) -> None:
    leads = present_keys("abcdef", Facts(claimed, links, joins))
    assert all(leads[present] == present for present in leads.values())
    shuffled = sorted(links, key=lambda _: draw.random())  # type: ignore[attr-defined]  # Random
    assert present_keys("fedcba", Facts(claimed, shuffled, joins)) == leads
