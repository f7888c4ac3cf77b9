"""Le marché's list: activities by the crosswalk, and a status for the EA and EATT alone."""

import json
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annuaire.activities.crosswalk import sector_names
from annuaire.activities.taxonomy import taxonomy
from annuaire.bench.files import invented_siret
from annuaire.structures.records import Known, StatusRecord, StructureRecord
from importers.files.fields import Warnings
from importers.rows import InvalidRow, SkipRow, UnreadableFile
from importers.sources.marche import read
from importers.sources.marche.reader import read_items
from importers.sources.marche.record import transform
from tests.factories.services import market_item

SIRET = invented_siret(1)
KNOWN = Known(frozenset({SIRET}))
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=6,
)


def one(kind: str = "EI", known: Known = KNOWN, **changes: Any) -> StructureRecord:
    return transform(market_item(7, SIRET, kind) | changes, known, [])


def test_a_known_structure_is_told_what_it_declares_and_holds_nothing_by_it() -> None:
    record = one()
    assert (record.source_key, record.statuses) == (f"{SIRET}-EI", ())
    assert record.declared_activities == ("nettoyage-locaux",)
    assert record.website == "https://essai.example"
    assert record.description == "Nettoyage : Bureaux et ateliers."
    assert record.source_updated_on == date(2026, 9, 1)
    assert (record.address, record.city) == (None, None)  # its own directory places it
    assert record.extra == {
        "id": "7",
        "nature": "HEAD_OFFICE",
        "prestations": "mise à disposition de personnel, prestation de service",
        "networks": "Réseau du Spécimen",
        "references": "Ville d'essai",
        "labels": "Label d'essai",
    }


@pytest.mark.parametrize("kind", ["EA", "EATT"])
def test_an_ea_holds_its_status_by_this_list_known_or_not(kind: str) -> None:
    for known in (KNOWN, Known()):
        record = one(kind, known)
        assert record.statuses == (StatusRecord(kind),)
        assert (record.name, record.city, record.code_insee) == (
            "STRUCTURE D'ESSAI 7", "Lille", "59350",
        )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "known", "changes"),
    [("EI", Known(), {}), ("ESAT", Known(), {}), ("OPCS", Known(), {}),
     ("EI", KNOWN, {"siret": "123"}), ("EA", KNOWN, {"is_active": False}),
     ("EI", KNOWN, {"is_active": False})],
)  # fmt: skip
def test_what_is_not_ours_is_skipped(kind: str, known: Known, changes: dict[str, Any]) -> None:
    with pytest.raises(SkipRow):
        one(kind, known, **changes)


@pytest.mark.parametrize(
    ("kind", "changes", "code"),
    [("XX", {}, "type"), ("EA", {"siret": "123"}, "siret"), ("EA", {"name": ""}, "vide"),
     ("EA", {"department": "", "post_code": "", "city": ""}, "departement")],
)  # fmt: skip
def test_what_cannot_be_used_is_refused(kind: str, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(InvalidRow) as refusal:
        one(kind, **changes)
    assert refusal.value.code == code


@pytest.mark.parametrize("sector", sector_names())
def test_every_sector_of_the_crosswalk_gives_activities_of_ours(sector: str) -> None:
    record = one(sectors=[{"name": sector}])
    assert record.declared_activities
    assert all(taxonomy().get(code) for code in record.declared_activities)


@pytest.mark.parametrize(
    ("sectors", "activities"),
    [
        ([], ()),
        (None, ()),
        (["Nettoyage de locaux"], ("nettoyage-locaux",)),
        ([{"name": "Nettoyage de locaux"}, {"name": "Nettoyage de locaux"}],
         ("nettoyage-locaux",)),
        ([{"name": "Blanchisserie"}, {"name": "Nettoyage de locaux"}],
         ("blanchisserie", "nettoyage-locaux")),
    ],
)  # fmt: skip
def test_sectors_come_in_either_form(sectors: Any, activities: tuple[str, ...]) -> None:
    assert one(sectors=sectors).declared_activities == activities


def test_a_sector_without_activity_is_said_once() -> None:
    items = [(n, market_item(n, invented_siret(n), "EA", sectors=["Inconnu"])) for n in range(1, 4)]
    rows = list(read_items(items, Known()))
    assert [[w.code for w in row.warnings] for row in rows] == [["secteur"], [], []]


def test_a_list_without_its_details_is_read(tmp_path: Path) -> None:
    bare = ("sectors", "presta_types", "networks", "offers", "client_references", "labels_old")
    item = {k: v for k, v in market_item(1, SIRET).items() if k not in bare}
    path = tmp_path / "pages.json"
    path.write_text(json.dumps({"count": 1, "results": [item, item]}), encoding="utf-8")
    rows = list(read(path, KNOWN))
    assert [row.record and row.record.declared_activities for row in rows] == [(), None]


@given(st.sampled_from(sorted(market_item(1, SIRET))), ANY_JSON, st.sampled_from(["EA", "EI"]))
def test_any_value_of_a_structure(name: str, value: Any, kind: str) -> None:
    warnings: Warnings = []
    try:
        record = transform(market_item(1, SIRET, kind) | {name: value}, KNOWN, warnings)
    except (InvalidRow, SkipRow):
        return
    assert bool(record.statuses) == (record.source_key[15:] in ("EA", "EATT"))
    assert (record.lat is None) == (record.geo_precision is None)


@given(st.sampled_from([b"", b'{"results": [']), st.binary(max_size=200))
def test_any_bytes(start: bytes, data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pages.json"
        path.write_bytes(start + data)
        try:
            rows = list(read(path, KNOWN))
        except UnreadableFile:
            return
    assert all(row.record is None or row.refusal is None for row in rows)


@given(ANY_JSON)
def test_any_json(value: Any) -> None:
    for row in read_items([(1, value), (2, [value])], KNOWN):
        assert row.record is None or row.refusal is None
