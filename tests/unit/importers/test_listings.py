"""Lists kept by hand: the columns are found by what they are called, wherever they stand."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importers.files.listings import Layout, header_key, read_listing
from importers.files.tables import Cells
from importers.rows import Row, UnreadableFile
from tests.factories.archives import write_xlsx

LAYOUT = Layout(
    names={
        "siren": ("siren", "numero siren", "n siren", "siren*", "siret"),
        "start": ("date d agrement", "date d agrement*"),
        "city": ("commune", "ville"),
    },
    required=("siren",),
    ignored=frozenset({"region"}),
)


def read(folder: Path, text: str | bytes) -> list[Row[Cells]]:
    path = folder / "liste.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return list(read_listing(path, LAYOUT))


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("N° SIREN", "n siren"),
        ("Numéro_SIREN", "numero siren"),
        ("  Date d’agrément\n(jj/mm/aaaa) ", "date d agrement jj mm aaaa"),
        ("\ufeffSIREN", "siren"),
        ("", ""),
    ],
)
def test_names_of_columns_are_compared_without_case_accents_or_signs(name: str, key: str) -> None:
    assert header_key(name) == key


@pytest.mark.parametrize(
    "text",
    [
        "SIREN,Ville\n1,Lyon\n",
        "Ville;N° SIREN\nLyon;1\n",
        "\ufeffCOMMUNE\tnuméro siren\r\nLyon\t1\r\n",
        "Liste des agréments;;\n;;\nRégion;Siren (1);Commune\nBretagne;1;Lyon\n",
        '"Siren\n(9 chiffres)";Ville\n1;Lyon\n',
        "SIRET;Siren;Ville\n2;1;Lyon\n",
    ],
)
def test_columns_are_found_by_name_in_any_order_after_any_title(tmp_path: Path, text: str) -> None:
    (row,) = read(tmp_path, text)
    assert row.record == {"siren": "1", "start": "", "city": "Lyon"}


def test_a_workbook_reads_as_its_csv(tmp_path: Path) -> None:
    path = write_xlsx(
        tmp_path / "liste.bin",
        [["Liste 2026"], [], [None, "SIREN", "Commune"], ["x", 990000416, "Lyon"], [], [None, 2]],
    )
    rows = list(read_listing(path, LAYOUT))
    assert [(r.number, r.record) for r in rows] == [
        (4, {"siren": "990000416", "start": "", "city": "Lyon"}),
        (6, {"siren": "2", "start": "", "city": ""}),
    ]


def test_the_first_sheet_with_the_columns_is_read_and_the_next_ones_are_named(
    tmp_path: Path,
) -> None:
    path = write_xlsx(
        tmp_path / "a.xlsx",
        [["Lisez-moi"], ["texte"]],
        [["SIREN"], ["1"]],
        [["Notice"]],
        [["SIREN"], ["2"]],
    )
    *rows, last = read_listing(path, LAYOUT)
    assert [r.record and r.record["siren"] for r in rows] == ["1"]
    assert [(w.code, "Sheet4" in w.message) for w in last.warnings] == [("feuilles", True)]


def test_an_unknown_column_is_said_once_and_an_ignored_one_never(tmp_path: Path) -> None:
    rows = read(tmp_path, "Région;Siren;Surprise;;\na;1;b;;\na;2;b;;\n")
    assert [[w.field for w in r.warnings] for r in rows] == [["Surprise"], []]


def test_a_broken_row_is_refused_and_blank_ones_are_passed_over(tmp_path: Path) -> None:
    rows = read(tmp_path, "Siren;Ville\n;\n1;a;b\n\n2;c\n")
    assert [(r.number, r.refusal and r.refusal.code) for r in rows] == [(3, "cellules"), (5, None)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nom;ville\na;b\n", "siren"),
        ("Siren;SIREN\n1;2\n", "double"),
        ("{}\n", "siren"),
        ("\n" * 40 + "Siren\n1\n", "premières lignes"),
    ],
)
def test_a_list_without_its_column_is_unreadable(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(UnreadableFile, match=said):
        read(tmp_path, text)


@given(st.binary(max_size=300))
def test_any_bytes_give_rows_or_an_unreadable_file(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for start in (b"", b"\x1f\x8b", b"Siren;Ville\n"):
            try:
                rows = read(Path(folder), start + data)
            except UnreadableFile:
                continue
            assert all((r.record is None) != (r.refusal is None) for r in rows)
