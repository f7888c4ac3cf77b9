"""Every reader of a directory on hurt files: records or refusals out, never a crash, never a row
in part, and nothing that a database would refuse."""

import gzip
import io
import json
import os
import random
import tempfile
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from functools import cache
from pathlib import Path

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annuaire.structures.records import StructureRecord
from importers.files.lines import MAX_COLUMNS, MAX_SKIPPED
from importers.rows import Row, UnreadableFile
from importers.sources import ea, esat, esus, siae
from tests.factories.archives import protected_zip, write_xlsx
from tests.factories.files import siae as siae_row

FIXTURES = Path(__file__).parents[2] / "fixtures"
DAY = date(2026, 11, 6)
EXAMPLES = 40  # hurt files of each reader
Read = Callable[[Path], Iterator[Row[StructureRecord]]]


def pair(path: Path) -> Iterator[Row[StructureRecord]]:
    """The hurt file as structures of the pair, with whole annexes."""
    return siae.read_pair(path, FIXTURES / "siae" / "fluxIAE_AnnexeFinanciere.csv", DAY)


def annexes(path: Path) -> Iterator[Row[StructureRecord]]:
    """Whole structures, with the hurt file as annexes."""
    return siae.read_pair(FIXTURES / "siae" / "fluxIAE_Structure.csv", path, DAY)


def protected(path: Path) -> Iterator[Row[StructureRecord]]:
    return ea.read(path, password="secret")  # noqa: S106 - of an invented archive


def table() -> bytes:
    rows = [siae_row(number) for number in (1, 2, 3)]
    lines = [",".join(rows[0]), *(",".join(row.values()) for row in rows)]
    return "\n".join(lines).encode() + b"\n"


@cache
def workbook() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = write_xlsx(
            Path(folder) / "x.xlsx",
            [
                ["Raison sociale", "SIREN", "SIRET", "Code postal", "Commune", "Date d'agrément"],
                ["SOCIETE D'ESSAI", "990000019", "99000001900018", "59000", "Lille", DAY],
                ["AUTRE D'ESSAI", 990000027, 2.601e13, "69003", "Lyon", "03/2025"],
            ],
        )
        return path.read_bytes()


def fixture(name: str) -> Callable[[], bytes]:
    return lambda: (FIXTURES / name).read_bytes()


def archived() -> bytes:
    return protected_zip("EA2_ITOU.txt", fixture("ea/EA2_ITOU.txt")(), "secret")


#: A reader, and whole bytes that it reads.
DOORS: dict[str, tuple[Read, Callable[[], bytes]]] = {
    "siae table": (siae.read, table),
    "siae emplois": (siae.read, fixture("siae/api_v1_siaes.json")),
    "siae data.inclusion": (siae.read, fixture("siae/data_inclusion_v1.json")),
    "siae structures": (pair, fixture("siae/fluxIAE_Structure.csv")),
    "siae annexes": (annexes, fixture("siae/fluxIAE_AnnexeFinanciere.csv")),
    "finess legacy": (esat.read, fixture("finess/cs1100507.csv")),
    "finess plus": (esat.read, fixture("finess/structures.json")),
    "ea of finess": (esat.read_ea, fixture("finess/cs1100507.csv")),
    "ea2": (ea.read, fixture("ea/EA2_ITOU.txt")),
    "ea2 protected": (protected, archived),
    "esus": (esus.read, fixture("esus/agrements-esus.csv")),
}
WORKBOOKS: dict[str, Read] = {"geiq": siae.read_geiq, "ea": ea.read, "esus": esus.read}


def plain(data: bytes) -> bytes:
    return data


def zipped(data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("fichier", data)
    return out.getvalue()


PACKINGS = {"plain": plain, "gzip": gzip.compress, "zip": zipped}
PIECES = (
    b"\0", b"\xff", b"\r", b"\n", b'"', b";", b"|", b",", b"{", b"]", b"\xc3", b"\xef\xbb\xbf",
    b"\xff\xfe", b"\x81", b"2,601E+13", b"\\u0000", b"\\ud800", b"\\udfff", b"1e999", b"PK\x03\x04",
    b"\x1f\x8b", b"\xe2\x80\xae", b"9" * 5_000,
)  # fmt: skip


def hurt(data: bytes, draw: random.Random) -> bytes:
    """The bytes with a few things cut, doubled, turned or put in."""
    found = bytearray(data)
    for _ in range(draw.randrange(1, 6)):
        at, size = draw.randrange(len(found) + 1), draw.randrange(1, 40)
        match draw.randrange(6):
            case 0:
                del found[at : at + size]
            case 1:
                found[at:at] = found[at : at + size]
            case 2 if at < len(found):
                found[at] ^= 1 << draw.randrange(8)
            case 3:
                found[at:at] = draw.choice(PIECES)
            case 4:
                found[at : at + size] = draw.randbytes(size)
            case _:
                found[draw.randrange(len(found) // 2, len(found) + 1) :] = b""
    return bytes(found)


def read(reader: Read, data: bytes) -> list[Row[StructureRecord]]:
    """The rows until the file breaks, if it does; each whole, and such as a database takes."""
    rows: list[Row[StructureRecord]] = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "fichier"
        path.write_bytes(data)
        with suppress(UnreadableFile):
            rows.extend(reader(path))
    for row in rows:
        assert row.record is None or row.refusal is None
        if row.record:
            check(row.record)
    return rows


def check(record: StructureRecord) -> None:
    assert record.source_key
    assert record.name.strip()
    assert record.statuses
    assert (record.lat is None) == (record.lon is None) == (record.geo_precision is None)
    orjson.dumps(record.as_data())  # refuses halves of a surrogate pair
    texts = [v for v in record.as_data().values() if isinstance(v, str)]
    assert not any("\0" in text for text in (*texts, *record.extra.values()))


@pytest.mark.parametrize("packing", sorted(PACKINGS))
@pytest.mark.parametrize("door", sorted(DOORS))
def test_a_whole_file_is_read_in_every_packing(door: str, packing: str) -> None:
    reader, whole = DOORS[door]
    rows = read(reader, PACKINGS[packing](whole()) if door != "ea2 protected" else whole())
    assert any(row.record for row in rows)


@pytest.mark.parametrize("door", sorted(DOORS))
@settings(max_examples=EXAMPLES)
@given(draw=st.randoms(use_true_random=False), packing=st.sampled_from(sorted(PACKINGS)))
def test_a_hurt_file_gives_rows_or_says_that_it_is_unreadable(
    door: str, draw: random.Random, packing: str
) -> None:
    reader, whole = DOORS[door]
    read(reader, PACKINGS[packing](hurt(whole(), draw)))


@pytest.mark.parametrize("door", sorted(DOORS))
@settings(max_examples=EXAMPLES)
@given(draw=st.randoms(use_true_random=False), packing=st.sampled_from(["gzip", "zip"]))
def test_a_hurt_archive_gives_rows_or_says_that_it_is_unreadable(
    door: str, draw: random.Random, packing: str
) -> None:
    reader, whole = DOORS[door]
    read(reader, hurt(PACKINGS[packing](whole()), draw))


@pytest.mark.parametrize("reader", sorted(WORKBOOKS))
def test_a_hurt_workbook_gives_rows_or_says_that_it_is_unreadable(reader: str) -> None:
    """Few, as each is read by a process of its own."""
    for seed in range(6):
        read(WORKBOOKS[reader], hurt(workbook(), random.Random(seed)))  # noqa: S311


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("door", ["siae table", "esus", "ea2", "finess legacy", "siae structures"])
def test_lines_may_end_in_any_way(door: str, end: bytes) -> None:
    reader, whole = DOORS[door]
    expected = [row.record for row in read(reader, whole()) if row.record]
    lines = whole().replace(b"\r\n", b"\n")
    found = [row.record for row in read(reader, lines.replace(b"\n", end)) if row.record]
    assert found == expected


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("door", ["siae table", "esus", "ea2", "siae structures"])
def test_a_file_may_be_in_any_usual_encoding(door: str, encoding: str) -> None:
    reader, whole = DOORS[door]
    text = whole().decode("utf-8-sig")
    expected = [row.record for row in read(reader, text.encode()) if row.record]
    assert [row.record for row in read(reader, text.encode(encoding)) if row.record] == expected


@pytest.mark.parametrize("count", [MAX_COLUMNS * 5, MAX_COLUMNS * 50])
@pytest.mark.parametrize(
    ("door", "delimiter"), [("siae table", ","), ("esus", ";"), ("siae structures", "|")]
)
def test_a_header_without_end_is_refused(door: str, delimiter: str, count: int) -> None:
    reader, whole = DOORS[door]
    *before, names = whole().split(b"\n")[: 2 if door == "siae structures" else 1]
    wide = names.rstrip(b"\r") + "".join(f"{delimiter}c{n}" for n in range(count)).encode()
    assert read(reader, b"\n".join([*before, wide, b""])) == []


@pytest.mark.parametrize("door", ["siae table", "esus", "ea2", "finess legacy", "siae structures"])
def test_a_line_of_two_gigabytes_is_refused_and_never_held(door: str, tmp_path: Path) -> None:
    reader, whole = DOORS[door]
    path = tmp_path / "fichier"
    path.write_bytes(whole().rstrip(b"\n") + b"\n" + whole().split(b"\n")[0] + b"x" * 8_192)
    os.truncate(path, 2 << 30)  # a hole: NUL bytes that take no room on the disk
    rows = read(reader, whole())  # what is read once for all, as the gazetteer, is not the line's
    rows.clear()
    tracemalloc.start()
    with pytest.raises(UnreadableFile, match=f"dépasse {MAX_SKIPPED // 10**6} Mo"):
        rows.extend(reader(path))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000
    if door != "esus":  # of a cut list of agreements nothing is used
        assert any(row.record for row in rows)


@pytest.mark.parametrize("door", ["siae emplois", "finess plus"])
def test_an_endless_json_text_is_refused(door: str, tmp_path: Path) -> None:
    reader, _ = DOORS[door]
    path = tmp_path / "fichier"
    opened = b'{"pmej":[{"a":"' if door == "finess plus" else b'[{"type":"'
    path.write_bytes(gzip.compress(opened + b"x" * 150_000_000, 1))
    with pytest.raises(UnreadableFile, match="Mo"):
        list(reader(path))


@pytest.mark.parametrize("door", sorted(set(DOORS) - {"ea2", "ea2 protected"}))
def test_an_archive_in_an_archive_is_called_so(door: str, tmp_path: Path) -> None:
    reader, whole = DOORS[door]
    path = tmp_path / "fichier"
    for outer in (gzip.compress, zipped):
        for inner in (gzip.compress, zipped):
            path.write_bytes(outer(inner(whole())))
            with pytest.raises(UnreadableFile, match="dans une archive"):
                list(reader(path))


@pytest.mark.parametrize("door", sorted(DOORS))
def test_an_archive_of_many_files_is_refused(door: str, tmp_path: Path) -> None:
    path = tmp_path / "fichier"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(2_000):
            archive.writestr(f"{number}.csv", b"")
    with pytest.raises(UnreadableFile, match="2000 fichiers"):
        list(DOORS[door][0](path))


@given(st.lists(st.sampled_from(sorted(json.loads(fixture("siae/api_v1_siaes.json")())))))
def test_pages_without_their_parts_are_no_crash(kept: list[str]) -> None:
    page = json.loads(fixture("siae/api_v1_siaes.json")())
    read(siae.read, json.dumps({name: page[name] for name in kept}).encode())
