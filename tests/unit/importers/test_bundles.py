"""Documents of a zip: what is damaged is refused, by itself or with the file."""

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
