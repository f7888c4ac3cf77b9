"""CSV tables by their header: a broken row costs that row, and never the rest of the file."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from importers.files.lines import MAX_COLUMNS, MAX_LINE, Beginnings, Line, decode, iter_lines
from importers.files.lookahead import Lookahead
from importers.rows import InvalidRow, Row, UnreadableFile, Warned

DELIMITERS = ",;\t|"
MAX_RECORD_LINES = 100  # lines that one quoted cell may span
MAX_UNCLOSED = 10_000  # unclosed quotes after which the file is no CSV

Cells = dict[str, str]


class _OpenQuoteError(Exception):
    """The text ends inside a quoted cell."""


@dataclass(frozen=True, slots=True)
class _Header:
    names: tuple[str, ...]
    delimiter: str
    unlisted: tuple[str, ...]


@dataclass(slots=True)
class _Unclosed:
    """A quote that nothing closes, and the lines lost to it until a good row comes."""

    first: int
    last: int
    field: str

    def refusal(self) -> Row[Cells]:
        where = (
            f"ligne {self.first}"
            if self.first == self.last
            else (f"lignes {self.first} à {self.last}")
        )
        return _refused(
            self.first,
            self.field,
            "guillemet",
            f"{where} : un guillemet ouvert n'est pas refermé ; fermez-le ou doublez-le.",
        )


def read_table(
    path: Path,
    required: Sequence[str],
    optional: Sequence[str] = (),
    only: Beginnings | None = None,
) -> Iterator[Row[Cells]]:
    """The rows of a CSV as cells by column, or as refusals; streamed. `only`: as `iter_lines`.

    The delimiter is the one that gives the required columns. Columns neither required nor
    optional are given with the rest, and said once, as warnings of the first row. Raises
    UnreadableFile when the header lacks a required column or the file breaks on the way.
    """
    csv.field_size_limit(MAX_LINE)
    lines = iter_lines(path, only=only)
    header = _read_header(path, lines, required, optional)
    first: tuple[Warned, ...] = tuple(
        Warned(
            name, "colonne_nouvelle", f"La colonne « {name[:60]} » est inconnue, elle est ignorée."
        )
        for name in header.unlisted
    )
    for row in _Records(path, header, lines):
        if first and row.record is not None:
            yield Row(row.number, row.record, first + row.warnings)
            first = ()
        else:
            yield row


def _read_header(
    path: Path, lines: Iterator[Line], required: Sequence[str], optional: Sequence[str]
) -> _Header:
    line = next(lines, None)
    if line is None:
        raise UnreadableFile(f"{path.name} : le fichier est vide.")
    try:
        text = decode(line.data)[0].rstrip("\r")
        found = {
            d: tuple(c.strip() for c in next(csv.reader([text], delimiter=d), []))
            for d in DELIMITERS
        }
    except (UnicodeDecodeError, csv.Error) as e:
        raise UnreadableFile(f"{path.name} : la première ligne n'est pas un en-tête de CSV.") from e
    delimiter = max(DELIMITERS, key=lambda d: len(set(required) & set(found[d])))
    names = found[delimiter]
    if len(names) > MAX_COLUMNS:
        raise UnreadableFile(f"{path.name} : l'en-tête a plus de {MAX_COLUMNS} colonnes.")
    missing = [c for c in required if c not in names]
    if missing:
        raise UnreadableFile(
            f"{path.name} : il manque la ou les colonnes {', '.join(missing)}. "
            f"Colonnes attendues : {', '.join(required)}."
        )
    twice = sorted({c for c in names if names.count(c) > 1})
    if twice:
        raise UnreadableFile(
            f"{path.name} : colonnes en double dans l'en-tête : {', '.join(twice)[:200]}."
        )
    return _Header(names, delimiter, tuple(c for c in names if c not in {*required, *optional}))


class _Records:
    """Joins lines into records: strict as RFC 4180, and losing one row at a time."""

    def __init__(self, path: Path, header: _Header, lines: Iterator[Line]) -> None:
        self._path = path
        self._header = header
        self._lines = Lookahead(lines)
        self._unclosed: _Unclosed | None = None
        self._unclosed_count = 0
        self._cp1252_said = False

    def __iter__(self) -> Iterator[Row[Cells]]:
        while (line := self._lines.take()) is not None:
            if not line.data.strip():
                continue
            row = self._record(line)
            if self._unclosed and row is not None and row.record is None:
                self._unclosed.last = line.number
            elif row is not None:
                yield from self._closing()
                yield row
        yield from self._closing()
        self._lines.finish()

    def _closing(self) -> Iterator[Row[Cells]]:
        if self._unclosed:
            yield self._unclosed.refusal()
            self._unclosed = None

    def _record(self, line: Line) -> Row[Cells] | None:
        """The row that begins on this line; None when its quote was noted as unclosed."""
        if line.skipped:
            return self._oversized(line)
        try:
            text, utf8 = _text(line)
            if '"' not in text:
                return self._row(line, text.split(self._header.delimiter), utf8)
            try:
                return self._row(line, self._parse(text), utf8)
            except _OpenQuoteError:
                return self._spanning(line, text, utf8)
        except UnicodeDecodeError:
            return _refused(
                line.number,
                "",
                "encodage",
                "La ligne n'est lisible ni en UTF-8 ni en Windows-1252 ; "
                "enregistrez le fichier en UTF-8.",
            )
        except csv.Error:
            return _refused(
                line.number,
                self._last_field(line),
                "guillemet",
                "Un guillemet est mal placé ; doublez les guillemets à l'intérieur d'une cellule.",
            )

    def _spanning(self, first: Line, text: str, utf8: bool) -> Row[Cells] | None:
        """A record whose quoted cell goes on over the next lines, if it does end in time."""
        read: list[Line] = []
        size = len(text)
        while len(read) < MAX_RECORD_LINES and (line := self._lines.take()) is not None:
            read.append(line)
            size += len(line.data)
            if line.skipped or size > MAX_LINE:
                break
            try:
                more, more_utf8 = _text(line)
                text, utf8 = f"{text}\n{more}", utf8 and more_utf8
                if '"' not in more:
                    continue
                cells = self._parse(text)
            except _OpenQuoteError:
                continue
            except (csv.Error, UnicodeDecodeError):
                break
            if len(cells) == len(self._header.names):
                return self._row(first, cells, utf8)
            break
        self._lines.give_back(read)
        self._note_unclosed(first)
        return None

    def _note_unclosed(self, line: Line) -> None:
        self._unclosed_count += 1
        if self._unclosed_count > MAX_UNCLOSED:
            raise UnreadableFile(
                f"{self._path.name}, ligne {line.number} : plus de {MAX_UNCLOSED} guillemets non "
                "refermés, ce fichier n'est pas un CSV correct."
            )
        if self._unclosed:
            self._unclosed.last = line.number
        else:
            self._unclosed = _Unclosed(line.number, line.number, self._last_field(line))

    def _parse(self, text: str) -> list[str]:
        try:
            return next(csv.reader([text], delimiter=self._header.delimiter, strict=True), [])
        except csv.Error as e:
            if "unexpected end of data" in str(e):
                raise _OpenQuoteError from e
            raise

    def _row(self, line: Line, cells: list[str], utf8: bool) -> Row[Cells]:
        names = self._header.names
        if len(cells) != len(names):
            column = names[len(cells)] if len(cells) < len(names) else names[-1]
            return _refused(
                line.number,
                column,
                "cellules",
                f"La ligne a {len(cells)} cellules au lieu de {len(names)} ; "
                "vérifiez les séparateurs et les guillemets.",
            )
        record = dict(zip(names, cells, strict=True))
        if "\0" in line.data.decode("latin-1"):
            column = next((n for n in names if "\0" in record[n]), "")
            return _refused(
                line.number,
                column,
                "nul",
                "La ligne contient un caractère nul ; le fichier a été abîmé ici.",
            )
        return Row(line.number, record, () if utf8 else self._say_cp1252())

    def _say_cp1252(self) -> tuple[Warned, ...]:
        if self._cp1252_said:
            return ()
        self._cp1252_said = True
        return (
            Warned(
                "",
                "encodage",
                "Des lignes sont en Windows-1252 au lieu d'UTF-8.",
            ),
        )

    def _oversized(self, line: Line) -> Row[Cells]:
        size = len(line.data) + line.skipped
        return _refused(
            line.number,
            self._last_field(line),
            "trop_long",
            f"La cellule rend la ligne trop longue ({size} octets, {MAX_LINE} au plus) ; "
            "raccourcissez-la.",
        )

    def _last_field(self, line: Line) -> str:
        """The column where the line's text stops: that of a cell too long or never closed."""
        text = line.data.decode("latin-1")
        try:
            count = len(next(csv.reader([text], delimiter=self._header.delimiter), [""]))
        except csv.Error:
            count = 1
        return self._header.names[min(count, len(self._header.names)) - 1]


def _text(line: Line) -> tuple[str, bool]:
    text, utf8 = decode(line.data)
    return text.removesuffix("\r"), utf8


def _refused(number: int, field: str, code: str, message: str) -> Row[Cells]:
    return Row(number, refusal=InvalidRow(field, code, message))
