"""Decisions stand above what sources say, whatever the sources."""

from typing import Any

import pytest

from annuaire.structures.decided import Decided
from annuaire.structures.merge import Said, merge

SIAE: dict[str, Any] = {
    "name": "PROPRETE D'ESSAI", "brand": "Essai", "address": "1 rue des Essais",
    "postcode": "59000", "city": "Lille", "code_insee": "59350", "departement": "59",
    "lat": 50.6, "lon": 3.1, "geo_precision": "number", "phone": "+33320000001", "naf": "8121Z",
    "statuses": [{"kind": "EI"}],
}  # fmt: skip


def merged(decided: Decided) -> Any:
    return merge([Said("siae", "1", 3, SIAE)], decided)


@pytest.mark.parametrize(
    ("decided", "expected"),
    [
        (Decided(), {"name": "PROPRETE D'ESSAI", "phone": "+33320000001"}),
        (Decided(edits={"phone": ("+33320000002", 7)}), {"phone": "+33320000002"}),
        (Decided(hidden=frozenset({"phone"})), {"phone": None, "name": "PROPRETE D'ESSAI"}),
        (Decided({"phone": ("+33320000002", 7)}, frozenset({"phone"})), {"phone": None}),
        (
            Decided(hidden=frozenset({"lat"})),
            {"lat": None, "lon": None, "address": "1 rue des Essais"},
        ),
        (
            Decided(hidden=frozenset({"address"})),
            {"address": None, "city": "Lille", "geo_precision": "commune"},
        ),
        (Decided(hidden=frozenset({"address", "lat"})), {"lat": None, "geo_precision": None}),
    ],
)
def test_decisions_are_applied_over_the_merge(decided: Decided, expected: dict[str, Any]) -> None:
    found = merged(decided)
    assert {name: found.values[name] for name in expected} == expected
    assert all(found.values[name] is not None for name in found.origins)


def test_edit_is_its_own_origin_and_changes_what_is_guessed() -> None:
    found = merged(Decided(edits={"name": ("Les jardins d'essai", 7)}))
    assert found.origins["name"] == ("structure", 7)
    guessed = {code for code, (origin, *_) in found.activities.items() if origin == "name"}
    before = {
        code for code, (origin, *_) in merged(Decided()).activities.items() if origin == "name"
    }
    assert guessed != before


def test_hidden_address_moves_the_point_away_from_it() -> None:
    found = merged(Decided(hidden=frozenset({"address"})))
    assert (found.values["lat"], found.values["lon"]) != (50.6, 3.1)
    assert "lat" not in found.origins
