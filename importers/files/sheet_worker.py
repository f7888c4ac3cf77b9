"""Reads one workbook in a process of its own, and writes its rows as JSON lines.

A workbook of two cells can ask for gigabytes (a cell at A1, another at XFD1048576), and the
library then ends its whole process. So it runs here, under limits, and only this process ends.
Run as a script by `importers.files.sheets`; imports nothing of the project.

Lines written: `{"sheet": name}` where a visible sheet begins, a list of texts for each of its
rows, `{"error": code}`, and `{"end": true}` last.
"""

import json
import resource
import sys
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import IO

import python_calamine as calamine

MEMORY = 1 << 30  # bytes of address space
SECONDS = 120  # of processor
COLUMNS = 256  # wider is no list
CELL = 32_767  # characters, Excel's own limit
EXACT = 10**15  # Excel keeps 15 digits: larger numbers have lost their last ones

Value = int | float | str | bool | time | date | datetime | timedelta


def limit() -> None:
    """Bound what this process may take."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def text_of(value: Value) -> str:
    """A cell as text: ISO dates, whole numbers without a point, rounded ones as 2.601E+13."""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, int | float):
        if not abs(value) < EXACT:  # not a number included
            return f"{value:.3E}"
        return str(int(value)) if value == int(value) else repr(value)
    if isinstance(value, datetime):
        midnight = value.time() == time()
        return value.date().isoformat() if midnight else value.isoformat(" ", "seconds")
    return str(value)[:CELL]


Merged = list[tuple[tuple[int, int], tuple[int, int]]]


def fill_merged(rows: list[list[str]], merged: Merged) -> None:
    """Give each cell of a merged block the value that the block shows."""
    for (top, left), (bottom, right) in merged:
        if left >= COLUMNS or top >= len(rows):
            continue
        value = rows[top][left] if left < len(rows[top]) else ""
        for row in rows[top : bottom + 1]:
            for at in range(left, min(right + 1, len(row))):
                row[at] = value


def write_rows(path: str, out: IO[str], *, fill: bool = False) -> None:
    """Write the rows of every visible sheet, in order; `fill` repeats merged cells."""
    with calamine.CalamineWorkbook.from_path(path) as book:
        for index, sheet in enumerate(book.sheets_metadata):
            shown = sheet.visible is calamine.SheetVisibleEnum.Visible
            if not shown or sheet.typ is not calamine.SheetTypeEnum.WorkSheet:
                continue
            json.dump({"sheet": sheet.name[:100]}, out)
            out.write("\n")
            table = book.get_sheet_by_index(index)
            rows: Iterable[list[str]] = (
                [text_of(value) for value in row[:COLUMNS]] for row in table.iter_rows()
            )
            if fill and (merged := table.merged_cell_ranges):
                rows = filled = list(rows)
                fill_merged(filled, merged)
            for row in rows:
                json.dump(row, out)
                out.write("\n")
    out.write('{"end": true}\n')


def main() -> None:
    """The command: the workbook's path, then « fill » to repeat merged cells."""
    limit()
    try:
        write_rows(sys.argv[1], sys.stdout, fill=sys.argv[2:] == ["fill"])
    except calamine.PasswordError:
        sys.stdout.write('{"error": "password"}\n')
    except MemoryError:
        sys.stdout.write('{"error": "size"}\n')
    except (calamine.CalamineError, OSError, ValueError, OverflowError):
        sys.stdout.write('{"error": "broken"}\n')


if __name__ == "__main__":
    main()
