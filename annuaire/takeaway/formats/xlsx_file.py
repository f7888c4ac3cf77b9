"""XLSX in two sheets: what was searched and from which sources, then the table."""

import tempfile
from datetime import date
from typing import IO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from annuaire.cells import plain
from annuaire.takeaway.formats.covering import cover_rows
from annuaire.takeaway.tables import Cover, Table

#: Rows go to the disk one by one; what looks like a formula, a link or a number stays text.
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def write_xlsx(out: IO[bytes], cover: Cover, table: Table) -> None:
    """Texts are written as texts, numbers as numbers, dates as dates."""
    with tempfile.TemporaryDirectory() as folder:  # the rows on their way, whatever happens
        book = xlsxwriter.Workbook(out, OPTIONS | {"tmpdir": folder})
        try:
            _cover_sheet(book, cover)
            _table_sheet(book, table)
            book.close()
        except BaseException:
            for sheet in book.worksheets():
                sheet.row_data_fh.close()  # what the library does in `close` alone
            raise


def _cover_sheet(book: xlsxwriter.Workbook, cover: Cover) -> None:
    bold = book.add_format({"bold": True})
    sheet = book.add_worksheet("Recherche")
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 3, 60)
    for y, texts in enumerate(cover_rows(cover)):
        for x, text in enumerate(texts):
            sheet.write_string(y, x, plain(text), bold if x == 0 else None)


def _table_sheet(book: xlsxwriter.Workbook, table: Table) -> None:
    bold = book.add_format({"bold": True})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    sheet = book.add_worksheet(table.name)
    sheet.freeze_panes(1, 1)
    for x, column in enumerate(table.columns):
        sheet.set_column(x, x, column.width)
        sheet.write_string(0, x, column.heading, bold)
    last = 0
    for last, row in enumerate(table.rows, 1):
        for x, cell in enumerate(row.cells):
            _write(sheet, last, x, cell, day)
    sheet.autofilter(0, 0, last, len(table.columns) - 1)


def _write(sheet: Worksheet, y: int, x: int, cell: object, day: Format) -> None:
    if isinstance(cell, str):
        sheet.write_string(y, x, plain(cell))
    elif isinstance(cell, date):
        sheet.write_datetime(y, x, cell, day)
    elif isinstance(cell, int | float):
        sheet.write_number(y, x, cell)
