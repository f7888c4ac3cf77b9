"""Rows of a workbook (XLSX, ODS, XLS), as texts, without its weight or its traps in our process.

The library holds a sheet whole; it does so in a helper process under limits of memory and time
(`sheet_worker`), which hands over one row at a time.
"""

import subprocess
import sys
import zipfile
from collections.abc import Generator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import orjson

from importers.files.lines import BROKEN
from importers.rows import UnreadableFile

MAX_UNPACKED = 1_000_000_000  # bytes that the parts of a workbook may declare
_OLE = b"\xd0\xcf\x11\xe0"
_MARKS = frozenset({"[Content_Types].xml", "mimetype"})
_WORKER = Path(__file__).with_name("sheet_worker.py")
_TOO_BIG = (
    "le classeur est abîmé, ou demande trop de mémoire ou de temps ; enregistrez la liste seule "
    "au format CSV"
)
_WRONG = {
    "password": "le classeur est protégé par un mot de passe ; enregistrez-le sans",
    "size": _TOO_BIG,
    "broken": "le classeur est abîmé ou d'un format inconnu ; enregistrez-le à nouveau en XLSX",
}


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row: `sheet` counts visible sheets from 0, `number` its lines from 1, as one sees them."""

    sheet: int
    sheet_name: str
    number: int
    cells: list[str]


def is_workbook(path: Path) -> bool:
    """Whether the file is an XLSX, ODS or XLS by its content, whatever its name."""
    try:
        with path.open("rb") as file:
            magic = file.read(4)
        if magic != b"PK\x03\x04":
            return magic == _OLE
        with zipfile.ZipFile(path) as archive:
            return not _MARKS.isdisjoint(archive.namelist())
    except BROKEN:
        return False


def iter_sheets(path: Path, *, fill: bool = False) -> Generator[SheetRow, None, None]:
    """The rows of every visible sheet, streamed; dates come as ISO texts, whole numbers bare.
    With `fill`, each cell of a merged block (XLSX, XLS) has its value.

    Raises UnreadableFile for what is no workbook, is protected, or asks for too much.
    """
    _check_size(path)
    command = [sys.executable, "-I", str(_WORKER), str(path.absolute()), *(["fill"] * fill)]
    with subprocess.Popen(  # noqa: S603 - our own script, the path is one argument
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as worker:
        try:
            assert worker.stdout  # noqa: S101 - a pipe was asked for
            yield from _rows(path, worker.stdout)
        finally:
            worker.kill()


def _check_size(path: Path) -> None:
    with suppress(*BROKEN):
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                unpacked = sum(part.file_size for part in archive.infolist())
            if unpacked > MAX_UNPACKED:
                raise UnreadableFile(f"{path.name} : {_TOO_BIG}.")


def _rows(path: Path, lines: IO[bytes]) -> Generator[SheetRow, None, None]:
    sheet, name, number = -1, "", 0
    for line in lines:
        try:
            value: Any = orjson.loads(line)
        except orjson.JSONDecodeError:
            break  # cut in the middle of a row: the helper met its limits
        if isinstance(value, list):
            number += 1
            yield SheetRow(sheet, name, number, value)
        elif "sheet" in value:
            sheet, name, number = sheet + 1, value["sheet"], 0
        elif "error" in value:
            raise UnreadableFile(f"{path.name} : {_WRONG[value['error']]}.")
        else:
            return
    raise UnreadableFile(f"{path.name} : {_TOO_BIG}.")
