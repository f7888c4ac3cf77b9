"""Workbooks: cells as texts, sheets that count, and nothing of their weight in our process."""

import zipfile
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from importers.files.sheets import is_workbook, iter_sheets
from importers.rows import UnreadableFile
from tests.factories.archives import Cell, write_xlsx

ODS = "application/vnd.oasis.opendocument.spreadsheet"
MANIFEST = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
ODS_CONTENT = """<?xml version="1.0"?><office:document-content
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>
<table:table table:name="A"><table:table-row{repeat}>
<table:table-cell office:value-type="string"{across}><text:p>SIREN</text:p></table:table-cell>
<table:table-cell office:value-type="date" office:date-value="2021-03-12"><text:p>12/03/21</text:p>
</table:table-cell></table:table-row></table:table></office:spreadsheet></office:body>
</office:document-content>"""


def write_ods(path: Path, repeat: str = "", across: str = "") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", ODS)
        archive.writestr(
            "content.xml", ODS_CONTENT.format(repeat=repeat, across=across).replace("\n", "")
        )
        archive.writestr(
            "META-INF/manifest.xml",
            f'<manifest:manifest xmlns:manifest="{MANIFEST}"/>',
        )
    return path


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("  Été ", "  Été "),
        (99000001000019, "99000001000019"),
        (1.5, "1.5"),
        (44267, "44267"),
        (date(2021, 3, 12), "2021-03-12"),
        (True, "oui"),
        (26010000000000000, "2.601E+16"),
        (None, ""),
    ],
)
def test_a_cell_becomes_the_text_that_a_reader_of_lists_knows(
    tmp_path: Path, cell: Cell, text: str
) -> None:
    path = write_xlsx(tmp_path / "a.bin", [["début", cell, "fin"]])
    assert is_workbook(path)
    assert [row.cells for row in iter_sheets(path)] == [["début", text, "fin"]]


def test_rows_have_the_numbers_that_one_sees_and_sheets_their_rank(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [[], [], ["a"], [], ["b"]], [["c"]])
    rows = [(r.sheet, r.number, r.cells[0]) for r in iter_sheets(path) if any(r.cells)]
    assert rows == [(0, 3, "a"), (0, 5, "b"), (1, 1, "c")]


def test_a_hidden_sheet_is_not_read(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    book.add_worksheet("vue").write(0, 0, "a")
    hidden = book.add_worksheet("cachée")
    hidden.write(0, 0, "b")
    hidden.hide()
    book.close()
    assert [row.cells for row in iter_sheets(tmp_path / "a.xlsx")] == [["a"]]


def test_an_ods_is_read_like_an_xlsx(tmp_path: Path) -> None:
    path = write_ods(tmp_path / "a.ods")
    assert is_workbook(path)
    assert [row.cells for row in iter_sheets(path)] == [["SIREN", "2021-03-12"]]


def test_two_far_cells_that_ask_for_gigabytes_cost_a_message(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "far.xlsx"))
    sheet = book.add_worksheet()
    sheet.write(0, 0, "a")
    sheet.write(1_048_575, 16_383, "b")
    book.close()
    with pytest.raises(UnreadableFile, match="mémoire"):
        list(iter_sheets(tmp_path / "far.xlsx"))


def test_a_cell_repeated_to_the_end_of_the_sheet_costs_a_message(tmp_path: Path) -> None:
    path = write_ods(
        tmp_path / "a.ods",
        ' table:number-rows-repeated="1048576"',
        ' table:number-columns-repeated="16383"',
    )
    with pytest.raises(UnreadableFile):
        list(iter_sheets(path))


def test_parts_that_declare_too_much_are_refused_unread(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [["a"]])
    data = path.read_bytes()
    start = data.index(b"PK\x01\x02") + 24  # size, unpacked, of the first part
    path.write_bytes(data[:start] + (4_000_000_000).to_bytes(4, "little") + data[start + 4 :])
    with pytest.raises(UnreadableFile, match="mémoire"):
        list(iter_sheets(path))


@pytest.mark.parametrize("cut", [0.1, 0.5, 0.9])
def test_a_cut_workbook_is_unreadable(tmp_path: Path, cut: float) -> None:
    data = write_xlsx(tmp_path / "a.xlsx", [["SIREN", i] for i in range(50)]).read_bytes()
    (tmp_path / "b.xlsx").write_bytes(data[: int(len(data) * cut)])
    assert not is_workbook(tmp_path / "b.xlsx")
    with pytest.raises(UnreadableFile):
        list(iter_sheets(tmp_path / "b.xlsx"))


@pytest.mark.parametrize("place", range(5, 100, 12))
def test_a_damaged_workbook_gives_rows_or_is_unreadable(tmp_path: Path, place: int) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [["SIREN", f"nom {i}", i] for i in range(50)])
    data = bytearray(path.read_bytes())
    middle = len(data) * place // 100
    data[middle : middle + 8] = b"\xff\x00\xfe\x80\x7f\x00\x01<"
    path.write_bytes(bytes(data))
    with suppress(UnreadableFile):
        assert all(len(row.cells) == 3 for row in iter_sheets(path))


def test_reading_may_stop_at_any_row(tmp_path: Path) -> None:
    rows = iter_sheets(write_xlsx(tmp_path / "a.xlsx", [[i] for i in range(20_000)]))
    assert next(rows).cells == ["0"]
    rows.close()


@pytest.mark.parametrize("data", [b"", b"siren,nom\n", b"PK\x03\x04", b"\x1f\x8b\x08"])
def test_what_is_no_workbook_is_not_taken_for_one(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.xlsx").write_bytes(data)
    assert not is_workbook(tmp_path / "a.xlsx")
