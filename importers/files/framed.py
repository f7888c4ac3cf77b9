"""Exports of the ASP: a first line that says what follows, a header, rows cut by `|`, a last line.

A file without its last line may have been cut: a broken last row then proves it.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from importers.files.lines import MAX_COLUMNS, Line, decode, iter_lines
from importers.files.tables import Cells
from importers.rows import InvalidRow, Row, UnreadableFile, Warned

MAX_LINE = 100_000  # bytes; rows of 128 columns take 3 000


@dataclass(frozen=True, slots=True)
class Frame:
    """What begins and ends a file; the first group of `closes`, if any, counts its rows."""

    opens: re.Pattern[str]
    closes: re.Pattern[str]
    required: tuple[str, ...]
    known: re.Pattern[str]  # columns that are no news
    what: str  # « le fichier … de l'ASP »


@dataclass(slots=True)
class _Reading:
    """Where the reading stands."""

    rows: int = 0
    last: Line | None = None
    broken: bool = False
    closed: bool = False
    counted: int | None = None
    news: tuple[Warned, ...] = field(default=())


def read_framed(path: Path, frame: Frame) -> Iterator[Row[Cells]]:
    """The rows as cells by column, or as refusals; streamed.

    Raises UnreadableFile for another format, for a file cut on its way, and at the end when the
    last line counts other than what was read.
    """
    lines = iter_lines(path, MAX_LINE)
    names = _header(path, lines, frame)
    state = _Reading(
        news=tuple(
            Warned(
                n, "colonne_nouvelle", f"La colonne « {n[:60]} » est inconnue, elle est ignorée."
            )
            for n in names
            if n and not frame.known.fullmatch(n)
        )
    )
    for line in lines:
        if not line.data.strip():
            continue
        if state.closed:
            yield _refused(line, "", "apres_la_fin", "Des lignes suivent la fin du fichier.")
            return
        if closing := frame.closes.match(line.data.decode("latin-1")):
            state.closed = True
            state.counted = int(closing[1]) if closing.groups() and closing[1] else None
            continue
        row = _row(line, names, state.news)
        state.rows, state.last, state.broken = state.rows + 1, line, row.record is None
        if row.record is not None:
            state.news = ()
        yield row
    yield from _end(path, state)


def _header(path: Path, lines: Iterator[Line], frame: Frame) -> list[str]:
    filled = (line for line in lines if line.data.strip())
    first, second = next(filled, None), next(filled, None)
    if first is None or not frame.opens.match(first.data.decode("latin-1")):
        raise UnreadableFile(f"{path.name} : ce n'est pas {frame.what}.")
    try:
        names = [name.strip() for name in _cells(decode(second.data)[0])] if second else []
    except UnicodeDecodeError:
        names = []
    missing = [name for name in frame.required if name not in names]
    if missing:
        raise UnreadableFile(
            f"{path.name} : ce n'est pas {frame.what}, il manque la ou les colonnes "
            f"{', '.join(missing)}."
        )
    if len(names) > MAX_COLUMNS:
        raise UnreadableFile(f"{path.name} : l'en-tête a plus de {MAX_COLUMNS} colonnes.")
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        raise UnreadableFile(f"{path.name} : colonnes en double : {', '.join(twice)[:200]}.")
    return names


def _row(line: Line, names: list[str], news: tuple[Warned, ...]) -> Row[Cells]:
    if line.skipped:
        return _refused(line, "", "trop_long", f"La ligne dépasse {MAX_LINE} octets.")
    if b"\0" in line.data:
        return _refused(line, "", "nul", "La ligne contient un caractère nul ; elle est abîmée.")
    try:
        cells = _cells(decode(line.data)[0], len(names))
    except UnicodeDecodeError:
        return _refused(
            line, "", "encodage", "La ligne n'est lisible ni en UTF-8 ni en Windows-1252."
        )
    if len(cells) != len(names):
        message = f"La ligne a {len(cells)} cellules au lieu de {len(names)}."
        return _refused(line, names[min(len(cells), len(names)) - 1], "cellules", message)
    return Row(line.number, {n: c for n, c in zip(names, cells, strict=True) if n}, news)


def _cells(text: str, expected: int = 0) -> list[str]:
    """The cells of a line; quotes count only where the line makes no sense without them."""
    text = text.rstrip("\r\n")
    cells = text.split("|")
    if '"' not in text or (len(cells) == expected and '"' not in {c[:1] for c in cells}):
        return cells
    try:
        quoted = next(csv.reader([text], delimiter="|", strict=True), [])
    except csv.Error:
        return cells
    return quoted if len(quoted) == expected else cells


def _end(path: Path, state: _Reading) -> Iterator[Row[Cells]]:
    cut = "le fichier est tronqué, les lignes précédentes ont été lues ; téléchargez-le à nouveau"
    if state.counted is not None and state.counted != state.rows:
        raise UnreadableFile(
            f"{path.name} : la dernière ligne annonce {state.counted} lignes, {state.rows} ont été "
            f"trouvées : {cut}."
        )
    if not state.closed and (state.broken or state.last is None):
        raise UnreadableFile(f"{path.name} : la ligne de fin manque : {cut}.")
    if not state.closed and state.last:
        message = f"{path.name} : la ligne de fin manque, le fichier est peut-être tronqué."
        yield Row(state.last.number, warnings=(Warned("", "fin_absente", message),))


def _refused(line: Line, name: str, code: str, message: str) -> Row[Cells]:
    return Row(line.number, refusal=InvalidRow(name, code, message))
