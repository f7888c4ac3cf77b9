"""The Treasury's list of ESUS: SIREN, agreements renewed, dates as people type them."""

import tempfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annuaire.structures.records import StatusRecord, StructureRecord
from importers.files.fields import Warnings
from importers.rows import InvalidRow, Row, UnreadableFile
from importers.sources.esus import read
from importers.sources.esus.dates import find_dates, find_years
from importers.sources.esus.reader import read_siren
from importers.sources.esus.validity import read_agreement
from tests.factories.archives import write_xlsx

LIST = Path(__file__).parents[2] / "fixtures" / "esus" / "agrements-esus.csv"


def statuses(rows: list[Row[StructureRecord]]) -> dict[str, tuple[str, str]]:
    """SIREN → validity, as texts."""
    found = ((row.record.siren or "", row.record.statuses[0]) for row in rows if row.record)
    return {siren: (str(status.valid_from), str(status.valid_to)) for siren, status in found}


def test_a_company_comes_once_by_its_siren_with_the_whole_of_its_agreements() -> None:
    rows = list(read(LIST))
    assert statuses(rows) == {
        "990000416": ("2021-03-12", "2026-03-11"),  # 5 years by the list
        "990000424": ("2018-03-01", "2028-02-29"),  # renewed the day after
        "990000432": ("2021-03-12", "2023-03-11"),  # an Excel serial, and 2 years
    }
    assert [(r.number, r.refusal and r.refusal.code) for r in rows if not r.record] == [
        (5, None), (9, "siren"),
    ]  # fmt: skip


def test_the_record_is_the_company_s_and_no_establishment_s() -> None:
    record = next(row.record for row in read(LIST) if row.record)
    assert (record.source_key, record.siren, record.siret) == ("990000416", "990000416", None)
    assert record.as_data()["siren"] == "990000416"


def test_a_workbook_with_true_dates_reads_the_same(tmp_path: Path) -> None:
    path = write_xlsx(
        tmp_path / "liste-nationale.xlsx",
        [
            ["Dénomination", "SIREN", "Date de décision"],
            ["SOLIDAIRE DU MODELE", 990000416, date(2021, 3, 12)],
            ["COOPERATIVE DU SPECIMEN", "990 000 424", 44267],
        ],
    )
    assert set(statuses(list(read(path))).values()) == {("2021-03-12", "2026-03-11")}


def test_a_list_of_siren_alone_gives_agreements_without_dates(tmp_path: Path) -> None:
    path = tmp_path / "agrements-esus.csv"  # the layout of June 2023
    path.write_text('numero_siren\n"990 000 416"\n', encoding="utf-8")
    (row,) = read(path)
    assert row.record
    assert row.record.statuses == (StatusRecord("ESUS"),)
    assert (row.record.name, row.warnings) == ("SIREN 990000416", ())


@pytest.mark.parametrize(
    ("text", "siren", "code"),
    [
        ("990000416", "990000416", None),
        (" 990 000 416 ", "990000416", None),
        ("990.000.416", "990000416", None),
        ("99000041600012", "990000416", "siren_coupe"),
        ("5720784", "005720784", "siren_zeros"),
        ("990000417", "990000417", "siren_cle"),
    ],
)
def test_a_siren_is_read(text: str, siren: str, code: str | None) -> None:
    warnings: Warnings = []
    assert read_siren(text, warnings) == siren
    assert [w.code for w in warnings] == ([code] if code else [])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "siren"),
        ("en cours", "siren"),
        ("000000000", "siren"),
        ("12345", "siren"),
        ("12345678", "siren"),  # no zero put before makes its key right
        ("9,9E+08", "siren_tableur"),
        ("٩٩٠٠٠٠٤١٦", "siren"),
    ],
)
def test_what_is_no_siren_is_refused(text: str, code: str) -> None:
    with pytest.raises(InvalidRow) as refusal:
        read_siren(text, [])
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("12/03/2021", [("2021-03-12", "2021-03-12")]),
        ("12.03.21", [("2021-03-12", "2021-03-12")]),
        ("2021-03-12 00:00:00", [("2021-03-12", "2021-03-12")]),
        ("44267", [("2021-03-12", "2021-03-12")]),
        ("le 1er août 2022", [("2022-08-01", "2022-08-01")]),
        ("3 févr. 2020", [("2020-02-03", "2020-02-03")]),
        ("mars 2021", [("2021-03-01", "2021-03-31")]),
        ("02/2024", [("2024-02-01", "2024-02-29")]),
        ("décembre 2023", [("2023-12-01", "2023-12-31")]),
        ("2021", [("2021-01-01", "2021-12-31")]),
        ("du 12/03/2021 au 11/03/2026",
         [("2021-03-12", "2021-03-12"), ("2026-03-11", "2026-03-11")]),
        ("31/02/2021", []),
        ("12/13/2021", []),
        ("0021-03-12", []),
        ("5 ans", []),
        ("à préciser", []),
        ("", []),
    ],
)  # fmt: skip
def test_dates_are_found_in_what_people_type(text: str, found: list[tuple[str, str]]) -> None:
    assert [(str(one.first), str(one.last)) for one in find_dates(text)] == found


@pytest.mark.parametrize(
    ("text", "bare", "years"),
    [
        ("5 ans", False, 5),
        ("cinq ans", False, 5),
        ("Durée : 2 années", False, 2),
        ("24 mois", False, 2),
        ("5", True, 5),
        ("5", False, None),
        ("7 mois", False, None),
        ("500 ans", False, None),
        ("0", True, None),
        ("", True, None),
    ],
)
def test_durations_are_found(text: str, bare: bool, years: int | None) -> None:
    assert find_years(text, bare=bare) == years


@pytest.mark.parametrize(
    ("cells", "first", "last"),
    [
        pytest.param({"start": "12/03/2021"}, "2021-03-12", "2026-03-11", id="5 years by law"),
        pytest.param({"start": "12/03/2021", "created": "13/03/2018"}, "2021-03-12", "2023-03-11",
                     id="2 years for a young company"),
        pytest.param({"start": "12/03/2021", "created": "12/03/2018"}, "2021-03-12", "2026-03-11",
                     id="three years to the day is no longer young"),
        pytest.param({"start": "12/03/2021", "end": "31/12/2024"}, "2021-03-12", "2024-12-31",
                     id="an end that is written goes first"),
        pytest.param({"start": "12/03/2021", "end": "2 ans"}, "2021-03-12", "2023-03-11",
                     id="a duration where the end should be"),
        pytest.param({"start": "12/03/2021", "duration": "2", "created": "1950"}, "2021-03-12",
                     "2023-03-11", id="a bare duration"),
        pytest.param({"start": "du 12/03/2021 au 11/03/2024"}, "2021-03-12", "2024-03-11",
                     id="both in one cell"),
        pytest.param({"start": "12/03/2016", "renewal": "12/03/2021"}, "2016-03-12", "2026-03-11",
                     id="renewed"),
        pytest.param({"start": "mars 2021", "end": "mars 2026"}, "2021-03-01", "2026-03-31",
                     id="months"),
        pytest.param({"start": "12/03/2021", "end": "12/03/2020"}, "2021-03-12", "2026-03-11",
                     id="an end before the start is ignored"),
        pytest.param({"end": "31/12/2026"}, "None", "2026-12-31", id="an end alone"),
        pytest.param({"start": "en cours"}, "None", "None", id="no date"),
        pytest.param({"start": "12/03/1921"}, "None", "None", id="before the label existed"),
    ],
)  # fmt: skip
def test_an_agreement_holds(cells: dict[str, str], first: str, last: str) -> None:
    names = ("start", "renewal", "end", "duration", "created")
    found = read_agreement(*(cells.get(name, "") for name in names), warnings=[])
    assert (str(found.first), str(found.last)) == (first, last)


@pytest.mark.parametrize(
    ("start", "code"),
    [("bientôt", "date"), ("mars 2021", "date_imprecise"), ("2021", "date_imprecise")],
)
def test_an_odd_date_is_said(start: str, code: str) -> None:
    warnings: Warnings = []
    read_agreement(start, "", "", "", "", warnings)
    assert [w.code for w in warnings] == [code]


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=20))
def test_any_text_gives_an_agreement_that_ends_after_it_begins(
    start: str, end: str, duration: str
) -> None:
    found = read_agreement(start, "", end, duration, "", [])
    assert not found.first or not found.last or found.first <= found.last


@given(st.text("0123456789/-. ansmrj", max_size=30))
def test_any_figures_give_true_dates(text: str) -> None:
    assert all(one.first <= one.last for one in find_dates(text))


@given(st.binary(max_size=200), st.integers(0, 7))
def test_any_bytes_give_rows_or_an_unreadable_file(data: bytes, kept: int) -> None:
    lines = LIST.read_bytes().splitlines(keepends=True)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "esus.csv"
        path.write_bytes(b"".join(lines[:kept]) + data)
        try:
            rows = list(read(path))
        except UnreadableFile:
            return
    assert all(row.record is None or row.refusal is None for row in rows)


def test_the_real_siren_are_read(shared_data: Path) -> None:
    rows = list(read(shared_data / "directories" / "esus" / "esus_sirens_naf_numerique_78.csv"))
    assert len(statuses(rows)) == len(rows) == 78
    assert {w.code for r in rows for w in r.warnings} == {"colonne_nouvelle"}
