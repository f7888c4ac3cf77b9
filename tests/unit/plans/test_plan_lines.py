"""A purchase plan read line by line: which cell says what, and why one is refused."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from annuaire.errors import InvalidInputError
from annuaire.plans import values
from annuaire.plans.reading import MAX_LINES, PlanLine, plan_lines
from annuaire.plans.service import read_content, read_file
from importers.rows import UnreadableFile
from tests.factories.archives import write_xlsx

HEADER = "Objet;Montant;Lieu;Date;Nature;CPV;Durée;Réservé"


def read(*lines: str) -> list[PlanLine]:
    return read_content("\n".join(lines).encode())


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("montant", "25 000,50 € HT", 25_000.5),
        ("montant", "25k€", 25_000.0),
        ("montant", "1,5 M€", 1_500_000.0),
        ("montant", "1.234.567,00", 1_234_567.0),
        ("montant", "1,234,567.00", 1_234_567.0),
        ("montant", "25.000", 25_000.0),
        ("montant", "25000.5", 25_000.5),
        ("montant", "25 000 ¤", 25_000.0),  # the euro of ISO-8859-15, read as Latin-1
        ("montant", "-5", None),
        ("montant", "0", None),
        ("montant", "abc", None),
        ("montant", "10 000 à 20 000", None),
        ("montant", "12 000 € TTC", None),
        ("montant", "99999999999999", None),
        ("montant", "٣", None),
        ("jour", "2026-05-01 00:00:00", date(2026, 5, 1)),
        ("jour", "1/6/2026", date(2026, 6, 1)),
        ("jour", "15/05/26", date(2026, 5, 15)),
        ("jour", "15/05/0202", None),
        ("jour", "0202-05-15", None),
        ("jour", "06/2026", date(2026, 6, 1)),
        ("jour", "T2 2026", date(2026, 4, 1)),
        ("jour", "3e trimestre 2026", date(2026, 7, 1)),
        ("jour", "Août 2026", date(2026, 8, 1)),
        ("jour", "2026", date(2026, 1, 1)),
        ("jour", "32/01/2026", None),
        ("jour", "13/2026", None),
        ("jour", "demain", None),
        ("jour", "1830", None),
        ("nature", "Serv.", "services"),
        ("nature", "FOURNITURE", "fournitures"),
        ("nature", "Prestations intellectuelles", "services"),
        ("nature", "Prestation de services", "services"),
        ("nature", "Prestations de travaux", "travaux"),
        ("nature", "TVX", None),
        ("mois", "2 ans", 24.0),
        ("mois", "18", 18.0),
        ("mois", "un peu", None),
        ("reserve", "Insertion (L2113-13)", "reserved_siae"),
        ("reserve", "L2113-12", "reserved_handicap"),
        ("reserve", "peut-être", None),
        ("objet", "Total HT", None),
        ("objet", "12", None),
        ("objet", "  Totaliseurs \n neufs ", "Totaliseurs neufs"),
    ],
)
def test_cell_is_a_value_or_is_refused(field: str, text: str, value: Any) -> None:
    reader: Callable[[str], Any] = getattr(values, field)
    if value is None:
        with pytest.raises(values.RefusedCellError, match=r"\w"):
            reader(text)
    else:
        assert reader(text) == value


def test_a_refusal_says_what_is_wrong_and_not_the_form_that_is_right() -> None:
    for reader, text, said in (
        (values.jour, "15/05/0202", "l'année est entre 2000 et 2099"),
        (values.montant, "1" + "0" * 16, "dix milliards d'euros au plus"),
    ):
        with pytest.raises(values.RefusedCellError, match=said):
            reader(text)


def test_as_many_lines_are_read_as_are_promised_and_no_more() -> None:
    title, line = "Plan 2026;;;;;;;", "Nettoyage;5000;Lille;;;;;"
    assert len(read(title, HEADER, *[line] * MAX_LINES)) == MAX_LINES
    with pytest.raises(InvalidInputError, match="5\u202f001 lignes"):
        read(title, HEADER, *[line] * (MAX_LINES + 1))


def test_headings_that_come_again_are_no_lines() -> None:
    """Under merged headings, or at the top of each printed page."""
    found = read(HEADER, HEADER, "Nettoyage;5000;Lille;;;;;", HEADER.upper(), "Peinture;9000;;;;;;")
    assert [(line.number, line.what) for line in found] == [(3, "Nettoyage"), (5, "Peinture")]


@given(st.text(max_size=60))
def test_any_cell_is_a_value_or_is_refused(text: str) -> None:
    for name in ("objet", "montant", "jour", "nature", "mois", "reserve"):
        with suppress(values.RefusedCellError):
            getattr(values, name)(text)


def test_bad_cells_are_refused_by_line_and_field_and_the_rest_is_read() -> None:
    found = read(
        "Plan 2026;;;;;;;",
        HEADER,
        "Nettoyage;25 000;Lille;T2 2026;services;90910000-9;12;non",
        ";;;;;;;",
        "Peinture;-5;Lyon;demain;travaux;;;",
        "Total;25 000;;;;;;",
    )
    assert [(line.number, [r.field for r in line.refusals]) for line in found] == [
        (3, []), (5, ["montant", "date"]), (6, ["objet"]),
    ]  # fmt: skip
    good = found[0]
    assert (good.what, good.amount_eur, good.place, good.on) == (
        "Nettoyage", 25_000.0, "Lille", date(2026, 4, 1),
    )  # fmt: skip
    assert (good.nature, good.cpv, good.months, good.reserved) == (
        "services", "90910000-9", 12.0, None,
    )  # fmt: skip


@pytest.mark.parametrize(
    "header",
    [
        "Intitulé du marché;Montant estimé HT;Lieu d'exécution",
        "LIBELLE;BUDGET;COMMUNE",
        "Lieu;Objet;Montant",
        "Nature des prestations;Désignation;Montant;Ville",
    ],
)
def test_headings_are_known_by_other_names(header: str) -> None:
    names = header.split(";")
    row = {"Nature": "services", "Lieu": "Lille", "COMMU": "Lille", "Ville": "Lille"}
    cells = [
        next(
            (v for k, v in row.items() if name.startswith(k)),
            "25000" if name.lower().startswith(("montant", "budget")) else "Nettoyage",
        )
        for name in names
    ]
    (line,) = read(header, ";".join(cells))
    assert (line.what, line.amount_eur, line.place) == ("Nettoyage", 25_000.0, "Lille")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "vide"),
        (b"\n\n", "vide"),
        (HEADER.encode(), "vide"),
        (f"{HEADER}\n;;;;;;;\n".encode(), "vide"),
        (b"a;b;c\n1;2;3\n", "Aucune colonne"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"PK\x03\x04broken", "zip"),
    ],
)
def test_file_that_is_no_plan_is_refused_with_a_sentence(content: bytes, said: str) -> None:
    with pytest.raises((InvalidInputError, UnreadableFile), match=said):
        read_content(content)


def test_merged_cells_count_for_each_line_and_merged_titles_for_none(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "plan.xlsx"))
    sheet = book.add_worksheet()
    sheet.merge_range(0, 0, 0, 3, "Plan d'achat 2026")
    sheet.write_row(1, 0, ["Objet", "Lieu", "Montant", "Date"])
    sheet.merge_range(2, 0, 2, 3, "DIRECTION DES BÂTIMENTS")
    sheet.write_row(3, 0, ["Nettoyage", "", 25_000])
    sheet.write_row(4, 0, ["Vitrerie", "", 9_000.5])
    sheet.merge_range(3, 1, 4, 1, "Lille")
    sheet.merge_range(3, 3, 4, 3, "2026")
    book.close()
    found = read_file(tmp_path / "plan.xlsx")
    assert [(line.number, line.what, line.place, line.amount_eur) for line in found] == [
        (4, "Nettoyage", "Lille", 25_000.0), (5, "Vitrerie", "Lille", 9_000.5),
    ]  # fmt: skip
    assert [line.on for line in found] == [date(2026, 1, 1)] * 2


def test_codes_that_a_spreadsheet_took_for_numbers_are_whole_again(tmp_path: Path) -> None:
    rows = [["Objet", "Code postal", "CPV"], ["Nettoyage", 1000, 3_000_000], ["Tonte", 59_000, ""]]
    found = read_file(write_xlsx(tmp_path / "plan.xlsx", rows))
    assert [(line.place, line.cpv) for line in found] == [("01000", "03000000"), ("59000", None)]


@given(st.lists(st.lists(st.text(max_size=12), max_size=6), max_size=40))
def test_any_table_is_lines_or_a_refusal(table: list[list[str]]) -> None:
    grid = list(enumerate([["Objet", "Montant", "Lieu"], *table], 1))
    try:
        found = plan_lines([grid])
    except InvalidInputError:
        return
    assert 0 < len(found) <= len(table)
    numbers = [line.number for line in found]
    assert numbers == sorted(set(numbers))
