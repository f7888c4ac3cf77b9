"""CSV tables: a broken row costs that row, and never the rest of the file."""

import csv
import gzip
import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importers.files.tables import read_table
from importers.rows import Row, UnreadableFile

HEADER = "siret,nom,ville\n"
Outcome = list[tuple[int, str]]


def read(folder: Path, text: str | bytes) -> list[Row[dict[str, str]]]:
    path = folder / "table.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return list(read_table(path, ("siret", "nom"), ("ville",)))


def outcomes(rows: list[Row[dict[str, str]]]) -> Outcome:
    """(line, name read or code of refusal) of each row."""
    return [
        (r.number, r.refusal.code if r.refusal else r.record["nom"] if r.record else "?")
        for r in rows
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_that_gives_the_columns(tmp_path: Path, delimiter: str) -> None:
    rows = read(tmp_path, f"{HEADER}1,a,b\n".replace(",", delimiter))
    assert rows[0].record == {"siret": "1", "nom": "a", "ville": "b"}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param("1,a,b\n2,c,d\n", [(2, "a"), (3, "c")], id="plain"),
        pytest.param("1,a,b\r\n2,c,d\r\n", [(2, "a"), (3, "c")], id="windows ends"),
        pytest.param("1,a,b\n\n2,c,d\n", [(2, "a"), (4, "c")], id="blank line"),
        pytest.param('1,"a, ""b""",c\n', [(2, 'a, "b"')], id="quotes"),
        pytest.param('1,"a\nb",c\n2,d,e\n', [(2, "a\nb"), (4, "d")], id="cell over two lines"),
        pytest.param("1,a\n2,c,d\n", [(2, "cellules"), (3, "c")], id="a cell less"),
        pytest.param("1,a,b,c\n2,c,d\n", [(2, "cellules"), (3, "c")], id="a cell more"),
        pytest.param('1,12" pipe,b\n2,c,d\n', [(2, '12" pipe'), (3, "c")], id="inches"),
        pytest.param('1,"a,b\n2,c,d\n3,e,f\n', [(2, "guillemet"), (3, "c"), (4, "e")], id="stray"),
        pytest.param('1,"a"b,c\n2,c,d\n', [(2, "guillemet"), (3, "c")], id="text after a quote"),
        pytest.param("1,a\0,b\n2,c,d\n", [(2, "nul"), (3, "c")], id="nul"),
        pytest.param('1,"a', [(2, "guillemet")], id="stray at the end"),
        pytest.param('1,"a,b\n2,c,d\n3,"e,f\n', [(2, "guillemet"), (3, "c"), (4, "guillemet")],
                     id="two strays"),
    ],
)  # fmt: skip
def test_each_row_is_read_or_refused_by_itself(
    tmp_path: Path, body: str, expected: Outcome
) -> None:
    assert outcomes(read(tmp_path, HEADER + body)) == expected


def test_a_long_text_with_a_stray_quote_is_one_refusal(tmp_path: Path) -> None:
    prose = "du texte, avec une virgule\n" * 300
    rows = read(tmp_path, f'{HEADER}1,a,b\n2,"{prose}\n3,c,d\n')
    assert outcomes(rows) == [(2, "a"), (3, "guillemet"), (304, "c")]
    assert rows[1].refusal
    assert rows[1].refusal.field == "nom"
    assert "lignes 3 à 302" in rows[1].refusal.message


@pytest.mark.parametrize("quoted", [False, True])
def test_a_field_of_ten_megabytes_is_refused_with_its_row_and_column(
    tmp_path: Path, quoted: bool
) -> None:
    quote = '"' if quoted else ""
    big = f"1,a,b\n2,{quote}{'x' * 10_000_000}{quote},d\n3,e,f\n"
    rows = read(tmp_path, HEADER + big)
    assert outcomes(rows) == [(2, "a"), (3, "trop_long"), (4, "e")]
    assert rows[1].refusal
    assert rows[1].refusal.field == "nom"


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("siret,ville\n", "nom"),
        ("a,b\n", "siret, nom"),
        ("siret,nom,nom\n", "double"),
        ("{}\n", "siret"),
    ],
)
def test_a_header_that_is_not_ours_refuses_the_file_naming_columns(
    tmp_path: Path, header: str, said: str
) -> None:
    with pytest.raises(UnreadableFile, match=said):
        read(tmp_path, header + "1,a,b\n")


def test_a_new_column_is_said_once(tmp_path: Path) -> None:
    rows = read(tmp_path, "siret,nom,surprise\n1,a,b\n2,c,d\n")
    assert [[w.field for w in r.warnings] for r in rows] == [["surprise"], []]


def test_windows_text_is_read_right_and_said_once(tmp_path: Path) -> None:
    rows = read(tmp_path, f"{HEADER}1,Épi,b\n2,Été,d\n".encode("cp1252"))
    assert outcomes(rows) == [(2, "Épi"), (3, "Été")]
    assert [[w.code for w in r.warnings] for r in rows] == [["encodage"], []]


def test_rows_held_while_a_cell_spans_lines_stand_when_the_file_breaks(tmp_path: Path) -> None:
    lines = "".join(f"{n},nom{n * 7919 % 1009},{n}\n" for n in range(30_000))
    whole = gzip.compress((HEADER + lines).encode())
    path = tmp_path / "t.csv"
    path.write_bytes(whole[: len(whole) // 2])
    rows = []
    with pytest.raises(UnreadableFile, match="tronqué"):
        rows.extend(read_table(path, ("siret", "nom"), ("ville",)))
    assert len(rows) > 5000
    assert all(r.record for r in rows)


@given(st.lists(st.sampled_from(['"', ",", "\n", "a", "1", "\r", "é", ";"]), max_size=60))
def test_any_punctuation_gives_rows_or_refusals_in_the_order_of_lines(pieces: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        rows = read(Path(folder), HEADER + "".join(pieces))
    numbers = [r.number for r in rows]
    assert numbers == sorted(set(numbers))
    assert all((r.record is None) != (r.refusal is None) for r in rows)


CELLS = st.text(st.characters(exclude_categories=("Cc", "Cs")) | st.just("\n"))


@given(st.lists(st.tuples(CELLS, CELLS, CELLS).filter(any), min_size=1, max_size=8))
def test_what_python_writes_is_read_back(table: list[tuple[str, str, str]]) -> None:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(table)
    data = (HEADER + buffer.getvalue()).encode()
    with tempfile.TemporaryDirectory() as folder:
        rows = read(Path(folder), data)
    assert [tuple(r.record.values()) for r in rows if r.record] == table
