"""The sample data: genuine formats, nothing refused, nothing real, made again to the byte."""

import runpy
import shutil
from pathlib import Path

import pytest

from annuaire.geo.gazetteer import gazetteer
from importers.sources import boamp, siae
from importers.sources.siae.reader import KINDS

ROOT = Path(__file__).resolve().parents[3]
OVERSEAS = {"01", "02", "03", "04", "06"}


def test_structures_cover_every_kind_and_region_without_a_warning() -> None:
    rows = list(siae.read(ROOT / "samples" / "siae.csv"))
    records = [row.record for row in rows if row.record]
    assert 390 <= len(records) == len(rows) <= 420
    assert [row.warnings for row in rows if row.warnings] == []
    kinds = {status.kind for record in records for status in record.statuses}
    assert kinds == set(KINDS) - {"RQ", "SEP"}
    departements = [gazetteer().departement(r.departement or "") for r in records]
    regions = {d.region for d in departements if d}
    assert regions >= OVERSEAS | {"11", "24", "27", "28", "32", "44", "52", "53"}
    assert regions >= {"75", "76", "84", "93", "94"}


def test_structures_are_plainly_invented() -> None:
    for row in siae.read(ROOT / "samples" / "siae.csv"):
        record = row.record
        assert record
        assert (record.siret or "").startswith("0000")
        assert not record.website or record.website.endswith(".example.org")
        assert (record.email, record.phone) == (None, None)


def test_notices_come_in_the_four_shapes_with_clauses_lots_and_awards() -> None:
    path = ROOT / "samples" / "boamp.jsonl"
    rows = list(boamp.read(path))
    notices = [row.record for row in rows if row.record]
    assert len(notices) == len(rows) == 60
    assert [row.warnings for row in rows if row.warnings] == []
    text = path.read_text(encoding="utf-8")
    assert all(shape in text for shape in ("EFORMS", "FNSimple", "MAPA", "CONDITION_PARTICIPATION"))
    assert "@" not in text.replace('\\"@', "")
    assert all("fictif" in n.buyer.name or "fictive" in n.buyer.name for n in notices)
    calls = [n for n in notices if n.nature == "call"]
    assert {n.deadline.year for n in calls if n.deadline} == {2026, 2027}
    assert all(n.deadline and n.deadline.date() > n.published_on for n in calls)
    names = {r.record.name for r in siae.read(ROOT / "samples" / "siae.csv") if r.record}
    winners = {award.winner for n in notices for award in n.awards}
    assert winners
    assert winners <= names


def test_the_tool_writes_the_same_bytes_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(ROOT / "tools", tmp_path / "tools")
    monkeypatch.syspath_prepend(str(tmp_path / "tools"))
    runpy.run_path(str(tmp_path / "tools" / "make_samples.py"), run_name="__main__")
    for name in ("siae.csv", "boamp.jsonl"):
        assert (tmp_path / "samples" / name).read_bytes() == (
            ROOT / "samples" / name
        ).read_bytes(), name
