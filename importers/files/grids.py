"""The cells of any list that people send: CSV, text, XLSX, ODS, XLS, whatever its columns.

Unlike `tables` and `listings`, nothing is known of the columns, and the whole list is held: the
caller says how many lines it takes.
"""

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from importers.files.lines import MAX_LINE, decode, iter_lines
from importers.files.sheets import is_workbook, iter_sheets
from importers.rows import UnreadableFile

DELIMITERS: Final = (";", "\t", ",", "|")
MAX_CELL_LINES: Final = 5  # a cell of more lines is a quote that nothing closes

Grid = list[tuple[int, list[str]]]  # rows with the number of their line, from 1


def grids_of_file(path: Path, most_lines: int, *, fill: bool = False) -> list[Grid]:
    """The possible readings of a file: a workbook's sheets, or a text by each delimiter. With
    `fill`, each cell of a merged block has its value.

    Raises UnreadableFile for what is no list, or has more than `most_lines` lines.
    """
    if is_workbook(path):
        return _sheets(path, most_lines, fill=fill)
    lines: list[str] = []
    for line in iter_lines(path):
        if len(lines) >= most_lines:
            raise too_long(most_lines)
        try:
            lines.append(decode(line.data)[0].rstrip("\r"))
        except UnicodeDecodeError:
            lines.append("")
    return grids_of_text(lines)


def grids_of_text(lines: list[str]) -> list[Grid]:
    """A text read by each delimiter that stands in it, and as one value a line."""
    found = [_split(lines, mark) for mark in DELIMITERS if any(mark in line for line in lines)]
    return [*found, [(number, [line]) for number, line in enumerate(lines, 1)]]


def too_long(most_lines: int) -> UnreadableFile:
    """The error of a list longer than what is taken."""
    return UnreadableFile(
        f"La liste a plus de {most_lines} lignes : rien n’a été lu. Envoyez-la en plusieurs fois."
    )


def _sheets(path: Path, most_lines: int, *, fill: bool) -> list[Grid]:
    grids: dict[int, Grid] = {}
    for count, row in enumerate(iter_sheets(path, fill=fill)):
        if count >= most_lines:
            raise too_long(most_lines)
        grids.setdefault(row.sheet, []).append((row.number, row.cells))
    return list(grids.values())


def _split(lines: list[str], delimiter: str) -> Grid:
    csv.field_size_limit(MAX_LINE)
    try:
        rows = list(_records(lines, delimiter))
    except csv.Error:
        rows = []
    spread = any(cell.count("\n") >= MAX_CELL_LINES for _, cells in rows for cell in cells)
    if rows and not spread:
        return rows
    return [
        (number, [cell.strip('" ') for cell in line.split(delimiter)])
        for number, line in enumerate(lines, 1)
    ]


def _records(lines: Iterable[str], delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader((f"{line}\n" for line in lines), delimiter=delimiter)
    before = 0
    for cells in reader:
        yield before + 1, cells
        before = reader.line_num
