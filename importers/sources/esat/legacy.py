"""The legacy CSV of FINESS: cs1100502 (establishments) and cs1100507 (then their points).

The file has no header: its first line is metadata, each next one begins with its section. Points
come after all establishments, so the file is read twice, and only the points of ours are kept.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

from annuaire.structures.records import StructureRecord
from importers.files.lines import MAX_LINE, Line, decode, iter_lines
from importers.rows import InvalidRow, Row, UnreadableFile, Warned
from importers.sources.esat.legacy_row import COLUMNS, POINT_COLUMNS, Point, transform
from importers.sources.esat.record import Reading, pad_finess

MAX_SPAN = 20  # lines that one quoted cell may span
_METADATA = (b"finess", b'"finess')
_ESTABLISHMENT = (b"structureet;", b'"structureet"')
_POINT = (b"geolocalisation;", b'"geolocalisation"')


def read_legacy(path: Path, reading: Reading) -> Iterator[Row[StructureRecord]]:
    """The establishments of the file; raises UnreadableFile when it holds none at all."""
    csv.field_size_limit(MAX_LINE)
    points = _points(path, reading)
    marks = _marks(reading)
    met = False
    for line in _records(path):
        data = line.data
        if data.startswith(_POINT):
            continue
        establishment = data.startswith(_ESTABLISHMENT)
        met = met or establishment
        if (
            establishment
            and b'"' not in data
            and data.count(b";") == len(COLUMNS) - 1
            and not any(mark in data for mark in marks)
        ):
            yield Row(line.number)  # another category: most lines, and not worth decoding
        else:
            yield _row(line, points, reading)
    if not met:
        raise UnreadableFile(f"{path.name} : le fichier n'a aucune ligne « structureet ».")


def _row(line: Line, points: dict[str, Point], reading: Reading) -> Row[StructureRecord]:
    warnings: list[Warned] = []
    try:
        row = dict(zip(COLUMNS, _cells(line, COLUMNS, "structureet"), strict=True))
        if row["categetab"].strip() not in reading.categories:
            return Row(line.number)
        record = transform(row, points.get(pad_finess(row["nofinesset"])), warnings)
        reading.note(record.source_key, line.number, "nofinesset")
    except InvalidRow as refusal:
        return Row(line.number, warnings=tuple(warnings), refusal=refusal)
    return Row(line.number, record, tuple(warnings))


def _marks(reading: Reading) -> tuple[bytes, ...]:
    """What a line of our categories holds somewhere."""
    return tuple(
        mark for c in reading.categories for mark in (f";{c};".encode(), f'"{c}"'.encode())
    )


def _points(path: Path, reading: Reading) -> dict[str, Point]:
    """The points of the establishments of our categories, by FINESS number.

    A broken file gives the points before the break: the second reading says where it broke.
    """
    marks = _marks(reading)
    ours: set[str] = set()
    points: dict[str, Point] = {}
    try:
        for line in _records(path):
            if line.data.startswith(_ESTABLISHMENT):
                if any(mark in line.data for mark in marks):
                    ours.add(_number(line))
            elif line.data.startswith(_POINT) and (number := _number(line)) in ours:
                points[number] = _point(line)
    except UnreadableFile:
        pass
    return points


def _point(line: Line) -> Point:
    """The point of a line; a broken line gives one that nothing can be read from."""
    try:
        return Point(*_cells(line, POINT_COLUMNS, "geolocalisation")[2:5])
    except InvalidRow:
        return Point("?", "?", "")


def _number(line: Line) -> str:
    """The FINESS number of a line, from its bytes."""
    return pad_finess(line.data[:64].split(b";", 2)[1].strip(b'" ').decode("latin-1"))


def _records(path: Path) -> Iterator[Line]:
    """The lines after the metadata, those of a cell that spans several joined.

    Every record begins with its section, so that an open quote never swallows the next one:
    its lines are then given apart.
    """
    held: list[Line] = []
    try:
        for line in iter_lines(path):
            if not line.data.strip() or (line.number == 1 and line.data.startswith(_METADATA)):
                continue
            odd = b'"' in line.data and line.data.count(b'"') % 2 == 1
            begins = line.data.startswith(_ESTABLISHMENT + _POINT)
            if held and not begins and len(held) < MAX_SPAN and not line.skipped:
                held.append(line)
                if odd:
                    yield Line(held[0].number, b"\n".join(part.data for part in held))
                    held = []
                continue
            yield from held
            held = [line] if odd and begins and not line.skipped else []
            if not held:
                yield line
    except UnreadableFile:
        yield from held
        raise
    yield from held


def _cells(line: Line, columns: tuple[str, ...], section: str) -> list[str]:
    """The cells of a record, as many as its columns. Raises InvalidRow."""
    if line.skipped:
        size = len(line.data) + line.skipped
        message = f"La ligne est trop longue ({size} octets, {MAX_LINE} au plus)."
        raise InvalidRow("", "trop_long", message)
    text = _text(line)
    if text.count('"') % 2:
        message = "Un guillemet ouvert n'est pas refermé ; fermez-le ou doublez-le."
        raise InvalidRow("", "guillemet", message)
    try:
        cells = next(csv.reader([text], delimiter=";"), []) if '"' in text else text.split(";")
    except csv.Error as e:
        message = "Une cellule est illisible ; vérifiez ses guillemets."
        raise InvalidRow("", "guillemet", message) from e
    if cells[:1] != [section]:
        message = f"La ligne ne commence pas par « {section} », elle est illisible."
        raise InvalidRow("section", "section", message)
    while len(cells) > len(columns) and not cells[-1].strip():
        cells.pop()  # a spreadsheet evens out the rows
    if len(cells) == len(columns) - 1:
        cells.append("")  # the last cell is most often empty, and its separator forgotten
    if len(cells) != len(columns):
        column = columns[min(len(cells), len(columns)) - 1]
        message = (
            f"La ligne a {len(cells)} cellules au lieu de {len(columns)} ; "
            "vérifiez les séparateurs et les guillemets."
        )
        raise InvalidRow(column, "cellules", message)
    return cells


def _text(line: Line) -> str:
    """The line decoded, UTF-8 or Windows-1252 each for itself. Raises InvalidRow."""
    try:
        text = decode(line.data.rstrip(b"\r"))[0]
    except UnicodeDecodeError as e:
        message = "La ligne n'est lisible ni en UTF-8 ni en Windows-1252."
        raise InvalidRow("", "encodage", message) from e
    if "\0" in text:
        message = "La ligne contient un caractère nul ; le fichier a été abîmé ici."
        raise InvalidRow("", "nul", message)
    return text
