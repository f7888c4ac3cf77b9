"""Opening text files: whatever the name says, in any encoding, without trusting any size."""

import gzip
import io
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importers.files import lines
from importers.files.lines import Beginnings, decode, iter_lines
from importers.rows import UnreadableFile

TEXT = "siret;nom\n1;Épicerie du cœur\n2;Ferme\n"


def write(folder: Path, data: bytes, name: str = "fichier.csv") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def zipped(**members: bytes) -> bytes:
    """A zip of no date: workers that run in parallel name a test by these bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def texts(path: Path) -> list[str]:
    return [decode(line.data)[0] for line in iter_lines(path)]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(TEXT.encode(), id="utf-8"),
        pytest.param(TEXT.encode("utf-8-sig"), id="utf-8 with a mark"),
        pytest.param(TEXT.encode("cp1252"), id="cp1252"),
        pytest.param(TEXT.encode("utf-16"), id="utf-16 with its mark"),
        pytest.param(b"\xfe\xff" + TEXT.encode("utf-16-be"), id="utf-16 big-endian"),
        pytest.param(gzip.compress(TEXT.encode(), mtime=0), id="gzip named csv"),
        pytest.param(zipped(a=TEXT.encode()), id="zip named csv"),
        pytest.param(TEXT.encode().rstrip(b"\n"), id="no end of line at the end"),
    ],
)
def test_a_text_file_is_read_whatever_its_container_and_encoding(
    tmp_path: Path, data: bytes
) -> None:
    assert texts(write(tmp_path, data)) == TEXT.splitlines()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "vide"),
        (b" \n\n ", "vide"),
        (gzip.compress(b"", mtime=0), "vide"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "image PNG"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"<!DOCTYPE html><html><body>Erreur 503</body></html>", "page web"),
        (b"<?xml version='1.0'?><avis/>", "XML"),
        (zipped(**{"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>"}), "classeur"),
        (zipped(a=b"1", b=b"2"), "2 fichiers"),
        (zipped(a=b"1")[:20], "archive zip"),
        (b"PK\x03\x04 no archive", "archive zip"),
        (bytes(range(32)) * 40, "pas un fichier texte"),
        (TEXT.encode("utf-16-le"), "UTF-16"),
        (gzip.compress(b"\x89PNG" + b"\0" * 50, mtime=0), "image PNG"),
    ],
)
def test_what_is_not_the_text_it_claims_is_refused_by_its_nature(
    tmp_path: Path, data: bytes, said: str
) -> None:
    with pytest.raises(UnreadableFile, match=said) as caught:
        list(iter_lines(write(tmp_path, data)))
    assert caught.value.message.startswith("fichier.csv")


def test_a_missing_file_or_a_folder_is_refused_by_its_name(tmp_path: Path) -> None:
    for path in (tmp_path / "absent.csv", tmp_path):
        with pytest.raises(UnreadableFile, match=path.name):
            list(iter_lines(path))


@pytest.mark.parametrize("kept", [0.3, 0.9])
def test_a_truncated_gzip_gives_its_rows_then_the_line_where_it_stops(
    tmp_path: Path, kept: float
) -> None:
    rows = [f"{n};{n * 7919 % 10007}" for n in range(20_000)]
    whole = gzip.compress("\n".join(rows).encode(), mtime=0)
    path = write(tmp_path, whole[: int(len(whole) * kept)])
    read: list[str] = []
    with pytest.raises(UnreadableFile, match=r"ligne \d+") as caught:
        read.extend(line.data.decode() for line in iter_lines(path))
    assert read == rows[: len(read)]
    assert len(read) > 100
    assert f"ligne {len(read) + 1} " in caught.value.message


def test_a_gzip_cut_before_its_first_line_is_truncated_and_not_empty(tmp_path: Path) -> None:
    path = write(tmp_path, gzip.compress(b"siret;nom\n", mtime=0)[:8])
    with pytest.raises(UnreadableFile, match="ligne 1 : le fichier est tronqué"):
        list(iter_lines(path))


def test_a_gzip_with_rubbish_after_it_gives_its_rows_then_says_so(tmp_path: Path) -> None:
    path = write(tmp_path, gzip.compress(TEXT.encode(), mtime=0) + b"rubbish")
    read: list[str] = []
    with pytest.raises(UnreadableFile):
        read.extend(line.data.decode() for line in iter_lines(path))
    assert read == TEXT.splitlines()


def test_a_zip_bomb_is_refused_before_it_fills_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "BOMB_BYTES", 1_000_000)
    path = write(tmp_path, gzip.compress((b"a" * 99 + b"\n") * 100_000))
    with pytest.raises(UnreadableFile, match="prudence"):
        list(iter_lines(path))


def test_a_long_line_keeps_its_beginning_and_the_next_ones_stand(tmp_path: Path) -> None:
    path = write(tmp_path, b"a\n" + b"x" * 3_000_000 + b"\nb\n")
    found = [(line.number, len(line.data), line.skipped) for line in iter_lines(path)]
    assert found == [(1, 1, 0), (2, 1_000_000, 2_000_000), (3, 1, 0)]


def test_an_endless_line_stops_the_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MAX_SKIPPED", 2_000_000)
    path = write(tmp_path, b"a\n" + b"x" * 9_000_000)
    with pytest.raises(UnreadableFile, match="ligne 2"):
        list(iter_lines(path))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("Épicerie".encode(), ("Épicerie", True)),
        ("Épicerie à 5 €".encode("cp1252"), ("Épicerie à 5 €", False)),
        ("L’œuvre".encode("cp1252"), ("L’œuvre", False)),
        ("Été ".encode() + "été".encode("cp1252"), ("Été été", False)),
        ("CAFÉ» à Sète".encode("cp1252"), ("CAFÉ» à Sète", False)),
    ],
)
def test_decode_reads_either_encoding_and_both_on_one_line(
    data: bytes, expected: tuple[str, bool]
) -> None:
    assert decode(data) == expected


@given(
    st.lists(st.binary(max_size=12), max_size=12),
    st.frozensets(st.binary(min_size=1, max_size=2), max_size=4),
    st.integers(1, 9),
)
def test_wanted_lines_are_those_that_begin_so_and_the_first(
    parts: list[bytes], listed: frozenset[bytes], chunk: int
) -> None:
    only = Beginnings(2, listed)
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "CHUNK", chunk)
        patch.setattr(lines, "SNIFFED", 1)
        path = write(Path(folder), b"siren\n" + b"\n".join(parts))
        whole = [*iter_lines(path, max_line=8)]
        wanted = [line for line in whole if line.number == 1 or line.data[:2] in listed]
        assert [*iter_lines(path, max_line=8, only=only)] == wanted
