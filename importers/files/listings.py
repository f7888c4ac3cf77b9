"""Lists that people keep by hand, CSV or workbook: columns are found by what they are called."""

import csv
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from importers.files.lines import MAX_COLUMNS, MAX_LINE, decode, iter_lines
from importers.files.sheets import is_workbook, iter_sheets
from importers.files.tables import DELIMITERS, Cells, _Header, _Records
from importers.rows import Row, UnreadableFile, Warned

HEADER_WITHIN = 30  # lines: titles and blank lines come before the header
HEADER_LINES = 10  # physical lines that quoted names of columns may take

_NOT_ALNUM = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a kind of list: `names` gives for each field the names its column may have,
    best first, as `header_key` writes them; a final `*` allows more words after.

    `required` fields must have a column; columns of `ignored` names are passed over in silence.
    """

    names: Mapping[str, Sequence[str]]
    required: tuple[str, ...]
    ignored: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class _Columns:
    fields: dict[str, int]
    unlisted: tuple[str, ...]

    def named(self, cells: Sequence[str], layout: Layout) -> Cells:
        """A row's cells by field, empty where the list lacks the column or the row is short."""
        places = ((name, self.fields.get(name, len(cells))) for name in layout.names)
        return {name: cells[i] if i < len(cells) else "" for name, i in places}


def header_key(text: str) -> str:
    """The name of a column without case, accents or punctuation: « N° SIREN » is `n siren`."""
    bare = unicodedata.normalize("NFKD", text.replace("°", " ").replace("œ", "oe"))
    letters = "".join(c for c in bare if not unicodedata.combining(c))
    return _NOT_ALNUM.sub(" ", letters.lower()).strip()


def read_listing(path: Path, layout: Layout) -> Iterator[Row[Cells]]:
    """The rows of a CSV or of a workbook's first sheet that has the columns, by field; streamed.

    Every field of the layout is in every row, empty where the list has no such column. Blank rows
    are passed over. Unknown columns and unread sheets are said once, as warnings. Raises
    UnreadableFile when no header has the required columns, or when it has one of them twice.
    """
    return _of_workbook(path, layout) if is_workbook(path) else _of_csv(path, layout)


def _of_csv(path: Path, layout: Layout) -> Iterator[Row[Cells]]:
    csv.field_size_limit(MAX_LINE)
    lines = iter_lines(path)
    for _ in range(HEADER_WITHIN):
        if (line := next(lines, None)) is None:
            break
        try:
            text = decode(line.data)[0]
            for _ in range(HEADER_LINES):
                if text.count('"') % 2 == 0 or (line := next(lines, None)) is None:
                    break
                text = f"{text}\n{decode(line.data)[0]}"
        except UnicodeDecodeError:
            continue
        found = _csv_columns(path, text, layout)
        if found:
            delimiter, width, columns = found
            header = _Header(tuple(str(i) for i in range(width)), delimiter, ())
            yield from _csv_rows(_Records(path, header, lines), columns, layout)
            return
    raise _no_header(path, layout)


def _csv_rows(records: _Records, columns: _Columns, layout: Layout) -> Iterator[Row[Cells]]:
    warnings = _news(columns)
    for row in records:
        if row.record is None:
            yield row
        elif any(cell.strip() for cell in row.record.values()):
            cells = columns.named(list(row.record.values()), layout)
            yield Row(row.number, cells, warnings + row.warnings)
            warnings = ()


def _csv_columns(path: Path, text: str, layout: Layout) -> tuple[str, int, _Columns] | None:
    best: tuple[str, int, _Columns] | None = None
    for delimiter in DELIMITERS:
        try:
            names = next(csv.reader([text.rstrip("\r\n")], delimiter=delimiter), [])
        except csv.Error:
            continue
        columns = _match(path, names, layout)
        if columns and (best is None or len(columns.fields) > len(best[2].fields)):
            best = (delimiter, len(names), columns)
    return best


def _of_workbook(path: Path, layout: Layout) -> Iterator[Row[Cells]]:
    columns: _Columns | None = None
    chosen, unread = -1, set[str]()
    warnings: tuple[Warned, ...] = ()
    for row in iter_sheets(path):
        if columns is None or row.sheet != chosen:
            matched = _match(path, row.cells, layout) if row.number <= HEADER_WITHIN else None
            if matched and columns is None:
                columns, chosen, warnings = matched, row.sheet, _news(matched)
            elif matched:
                unread.add(row.sheet_name)
        elif any(cell.strip() for cell in row.cells):
            yield Row(row.number, columns.named(row.cells, layout), warnings)
            warnings = ()
    if columns is None:
        raise _no_header(path, layout)
    if unread:
        names = ", ".join(sorted(unread))[:200]
        message = f"Seule la première feuille qui a les colonnes est lue ; non lues : {names}."
        yield Row(1, warnings=(Warned("", "feuilles", message),))


def _news(columns: _Columns) -> tuple[Warned, ...]:
    return tuple(
        Warned(
            name, "colonne_nouvelle", f"La colonne « {name[:60]} » est inconnue, elle est ignorée."
        )
        for name in columns.unlisted
    )


def _match(path: Path, names: Sequence[str], layout: Layout) -> _Columns | None:
    """Which column holds which field, or None when this line is not the header."""
    if len(names) > MAX_COLUMNS:
        return None
    keys = [header_key(name) for name in names]
    fields: dict[str, int] = {}
    for name, aliases in layout.names.items():
        ranked = [
            (rank, i)
            for i, key in enumerate(keys)
            if i not in fields.values() and (rank := _rank(key, aliases)) is not None
        ]
        if ranked:
            fields[name] = min(ranked)[1]
    if any(name not in fields for name in layout.required):
        return None
    for name in layout.required:
        if keys.count(keys[fields[name]]) > 1:
            twice = names[fields[name]].strip()[:60]
            raise UnreadableFile(f"{path.name} : la colonne « {twice} » est en double.")
    unlisted = tuple(
        dict.fromkeys(
            name.strip()
            for i, name in enumerate(names)
            if keys[i] and i not in fields.values() and keys[i] not in layout.ignored
        )
    )
    return _Columns(fields, unlisted)


def _rank(key: str, aliases: Sequence[str]) -> int | None:
    """How good a name is for a field, 0 the best: whole names before beginnings."""
    whole = [i for i, alias in enumerate(aliases) if alias == key]
    begun = [len(aliases) + i for i, alias in enumerate(aliases) if _begins(key, alias)]
    return min(whole + begun, default=None)


def _begins(key: str, alias: str) -> bool:
    return alias.endswith("*") and f"{key} ".startswith(f"{alias[:-1]} ")


def _no_header(path: Path, layout: Layout) -> UnreadableFile:
    wanted = ", ".join(f"« {layout.names[name][0]} »" for name in layout.required)
    return UnreadableFile(
        f"{path.name} : aucune des {HEADER_WITHIN} premières lignes n'est un en-tête avec la ou "
        f"les colonnes {wanted}."
    )
