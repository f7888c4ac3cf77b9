"""Documents of a zip: what is damaged is refused, by itself or with the file."""

import struct
import zipfile
from pathlib import Path

import pytest

from importers.files.bundles import holds_documents, iter_documents
from importers.rows import UnreadableFile

WORDS = {"é.xml": "<a>" + "Lot n° 1 : nettoyage. " * 3 + "</a>", "b.xml": "<b/>" * 10}


def zipped(path: Path, method: int) -> bytes:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, text in WORDS.items():
            archive.writestr(name, text)
    return path.read_bytes()


@pytest.mark.filterwarnings("ignore:.*:UserWarning")  # zipfile's own, on names that come twice
@pytest.mark.parametrize(
    "method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
def test_any_damaged_byte_refuses_a_document_or_the_zip(method: int, tmp_path: Path) -> None:
    path = tmp_path / "avis.zip"
    sound = zipped(path, method)
    refused = read = unreadable = 0
    for place in range(4, len(sound)):
        damaged = bytearray(sound)
        damaged[place] ^= 0xFF
        path.write_bytes(damaged)
        holds_documents(path)
        try:
            for document in iter_documents(path):
                refused += document.refusal is not None
                read += document.refusal is None
        except UnreadableFile:
            unreadable += 1
    assert min(refused, read, unreadable) > 0


def test_a_place_past_the_end_of_any_file_refuses_the_document(tmp_path: Path) -> None:
    path = tmp_path / "avis.zip"
    sound = zipped(path, zipfile.ZIP_STORED)
    entry, end = sound.index(b"PK\1\2"), sound.index(b"PK\5\6")
    listed, last = bytearray(sound[entry:end]), bytearray(sound[end:])
    name = 46 + len("é.xml".encode())
    extra = struct.pack("<HHQ", 1, 8, 2**64 - 1)  # ZIP64, APPNOTE 4.5.3: where the member stands
    listed[30:32], listed[42:46] = struct.pack("<H", len(extra)), b"\xff" * 4
    listed[name:name] = extra
    last[12:16] = struct.pack("<I", len(listed))
    path.write_bytes(sound[:entry] + listed + last)
    refused = {document.name: bool(document.refusal) for document in iter_documents(path)}
    assert refused == {"é.xml": True, "b.xml": False}
