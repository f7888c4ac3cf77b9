"""What platforms push, among official notices: it joins none of them, and none is changed by it."""

from typing import Any

import pytest

from annuaire.contracts.linking import contracts_of
from annuaire.contracts.merging import merge
from tests.factories.notices import FOLDER, call, facts, later

OFFICIAL = call("26-1", reference="M2026-0042", folder=FOLDER)
OTHER = call("26-2", title="Repas en liaison froide", reference="R2026-0042")
AWARD = later("26-9", "award", 60, reference="M2026-0042")


def pushed(key: str = "p.1", **changes: Any) -> Any:
    return call(key, source="depot", **changes)


#: What a pushed consultation names, and the contract that it is then of (None: its own).
TIES = (
    ({"linked_keys": ("boamp:26-1",)}, "boamp-26-1"),
    ({"folder": FOLDER}, "boamp-26-1"),
    ({"reference": "M2026-0042"}, "boamp-26-1"),
    ({"reference": "M2026-0042", "title": "Fourniture de papier"}, None),
    ({"reference": "M2026-0042", "published_on": AWARD.published_on}, None),
    ({}, None),
    # It names two: it stands with the older, and they are not joined.
    ({"linked_keys": ("boamp:26-2",), "folder": FOLDER}, "boamp-26-1"),
)


@pytest.mark.parametrize(("tie", "home"), TIES)
def test_a_pushed_notice_stands_with_one_contract(tie: dict[str, Any], home: str | None) -> None:
    read = facts(OFFICIAL, OTHER, AWARD, pushed(**tie))
    without = contracts_of(notice for notice in read if notice.official)
    for order in (read, read[::-1]):
        groups = contracts_of(order)
        official = [[n.reference for n in g if n.official] for g in groups]
        assert [refs for refs in official if refs] == [[n.reference for n in g] for g in without]
        (own,) = (group for group in groups if any(not n.official for n in group))
        assert merge(own).first.reference == (home or "depot-p.1")


def test_what_is_pushed_says_nothing_of_an_official_contract() -> None:
    lie = pushed(
        folder=FOLDER, title="Nettoyage gratuit", nature="cancellation",
        published_on=later("x", "call", -90).published_on,
    )  # fmt: skip
    alone, both = merge(facts(OFFICIAL)), merge(facts(OFFICIAL, lie))
    for part in ("state", "outcome", "lots", "findings", "in_force", "first", "believed"):
        assert getattr(both, part) == getattr(alone, part)
    assert [n.reference for n in both.notices] == ["depot-p.1", "boamp-26-1"]
    assert merge(facts(lie)).state == "cancelled"
