"""The archive of notices: one row a notice, awards as JSON."""

import csv
import itertools
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annuaire.contracts.records import CodeField, NoticeRecord
from importers.rows import InvalidRow, Row, UnreadableFile
from importers.sources.boamp import read
from importers.sources.boamp.archive import transform

COLUMNS: dict[str, str] = {
    "idweb": "20-12345",
    "date_publication": "2020-05-04",
    "date_fin_diffusion": "2020-06-01",
    "departements": "3 20A 971",
    "objet": "Entretien des espaces verts",
    "famille": "fns",
    "perimetre": "cmp2006",
    "nature": "appeloffre",
    "statut": "initial",
    "acheteur": "Commune fictive",
    "cp": "03000",
    "ville": "Moulins",
    "attributions_json": "",
    "descripteurs_codes": "116",
    "descripteurs_libelles": "Espaces verts | Elagage",
    "criteres_sociaux": "oui",
    "criteres_environnementaux": "non",
}


def read_rows(folder: Path, *rows: dict[str, str]) -> list[Row[NoticeRecord]]:
    path = folder / "notices.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(COLUMNS))
        writer.writeheader()
        writer.writerows(COLUMNS | row for row in rows)
    return list(read(path))


def read_one(folder: Path, **change: str) -> NoticeRecord:
    (row,) = read_rows(folder, change)
    assert row.record, row.refusal
    return row.record


def awards(*items: tuple[str, float | None, str | None]) -> str:
    return json.dumps(
        [
            {"date": "2020-01-20", "titulaire": who, "montant": much, "devise": "EUR", "lot": lot}
            for who, much, lot in items
        ]
    )


def test_a_row_becomes_a_notice(tmp_path: Path) -> None:
    notice = read_one(tmp_path)
    assert (notice.source, notice.source_key, notice.nature) == ("boamp", "20-12345", "call")
    assert (notice.title, notice.family) == ("Entretien des espaces verts", "FNS")
    assert (notice.published_on, notice.expires_on) == (date(2020, 5, 4), date(2020, 6, 1))
    assert notice.departements == ("03", "2A", "971")
    assert notice.descriptors == ("Espaces verts", "Elagage")
    assert notice.codes == (CodeField("criteres_sociaux", "oui"),)
    assert (notice.buyer.name, notice.buyer.departement) == ("Commune fictive", "03")
    assert notice.url == "https://www.boamp.fr/pages/avis/?q=idweb:%2220-12345%22"


@pytest.mark.parametrize(
    ("nature", "status", "expected"),
    [
        ("appeloffre", "initial", "call"),
        ("attribution", "initial", "award"),
        ("rectificatif", "rectificatif", "correction"),
        ("appeloffre", "rectificatif", "correction"),
        ("appeloffre", "annulation", "cancellation"),
        ("modification", "modification", "modification"),
        ("preinformation", "initial", "planned"),
        ("intentionconclure", "initial", "other"),
    ],
)
def test_the_nature_takes_the_status_into_account(
    tmp_path: Path, nature: str, status: str, expected: str
) -> None:
    assert read_one(tmp_path, nature=nature, statut=status).nature == expected


def test_awards_are_grouped_into_lots_by_their_text(tmp_path: Path) -> None:
    given = awards(
        ("A", 1000, "Tonte"),
        ("B", 2000, "Élagage"),
        ("C", 500, "tonte "),
        ("D", 70, "Lot no7 Arbres"),
    )
    notice = read_one(tmp_path, nature="attribution", attributions_json=given)
    assert [(lot.number, lot.title, lot.amount_eur) for lot in notice.lots] == [
        ("1", "Tonte", 1500),
        ("2", "Élagage", 2000),
        ("7", "Arbres", 70),
    ]
    assert [(a.winner, a.lot_number) for a in notice.awards] == [
        ("A", "1"),
        ("B", "2"),
        ("C", "1"),
        ("D", "7"),
    ]
    assert {lot.amount_kind for lot in notice.lots} == {"awarded"}


@pytest.mark.parametrize("lot", [None, "entretien des ESPACES verts"])
def test_awards_of_the_whole_contract_make_no_lot(tmp_path: Path, lot: str | None) -> None:
    notice = read_one(tmp_path, attributions_json=awards(("A", 1000, lot)))
    assert notice.lots == ()
    assert [(a.winner, a.amount_eur, a.lot_number) for a in notice.awards] == [("A", 1000, None)]


@pytest.mark.parametrize("lot", [None, "entretien des ESPACES verts"])
def test_an_award_that_names_no_lot_beside_others_keeps_its_holder(
    tmp_path: Path, lot: str | None
) -> None:
    given = awards(("A", 1000, "Lot 1 : tonte"), ("B", 2000, lot), ("C", 70, "Élagage"))
    notice = read_one(tmp_path, nature="attribution", attributions_json=given)
    lots = {each.number: (each.title, each.amount_eur) for each in notice.lots}
    assert lots == {
        "1": ("tonte", 1000), "2": ("Élagage", 70), "3": ("Entretien des espaces verts", 2000),
    }  # fmt: skip
    assert [(a.winner, a.lot_number) for a in notice.awards] == [("A", "1"), ("B", "3"), ("C", "2")]


def test_a_shared_ceiling_is_not_added_up(tmp_path: Path) -> None:
    given = awards(("A", 90, "L"), ("B", 90, "L"), ("", 1, "L"))
    assert [lot.amount_eur for lot in read_one(tmp_path, attributions_json=given).lots] == [90]


@pytest.mark.parametrize(
    "text",
    ["{", "[1, null, []]", '"x"', '[{"titulaire": 5, "montant": "dix", "date": 3, "lot": {}}]'],
)
def test_illegible_awards_never_lose_the_notice(tmp_path: Path, text: str) -> None:
    assert read_one(tmp_path, attributions_json=text).title


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"idweb": "abc"}, "idweb"),
        ({"idweb": '20-1" OR 1'}, "idweb"),
        ({"date_publication": ""}, "date_publication"),
        ({"date_publication": "04 mai"}, "date_publication"),
        ({"objet": " "}, "objet"),
    ],
)
def test_a_notice_without_number_date_or_title_is_refused(
    tmp_path: Path, change: dict[str, str], field: str
) -> None:
    bad, good = read_rows(tmp_path, change, {})
    assert bad.refusal
    assert (bad.number, bad.refusal.field) == (2, field)
    assert good.record


def test_damaged_titles_are_repaired_and_entities_decoded_once(tmp_path: Path) -> None:
    notice = read_one(tmp_path, objet="RÃ©fection de l&#039;Ã©cole", ville="L&#039;Isle", cp="None")
    assert notice.title == "Réfection de l'école"
    assert (notice.buyer.city, notice.buyer.postcode) == ("L'Isle", None)


def test_abroad_is_no_departement_and_an_unknown_one_is_warned(tmp_path: Path) -> None:
    (row,) = read_rows(tmp_path, {"departements": "99 59 XX"})
    assert row.record
    assert row.record.departements == ("59",)
    assert [w.code for w in row.warnings] == ["departement"]


def test_a_csv_without_the_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("idweb,titre\n1,a\n", encoding="utf-8")
    with pytest.raises(UnreadableFile, match="date_publication"):
        list(read(path))


def test_the_real_archive_reads_without_refusal(shared_data: Path, long_run: bool) -> None:
    path = shared_data / "contracts" / "boamp_2019_2021" / "notices.csv.gz"
    rows: Any = read(path)
    rows = list(rows if long_run else itertools.islice(rows, 5000))
    assert len(rows) == (177_724 if long_run else 5000)
    assert [row.refusal for row in rows if row.refusal] == []
    notices = [row.record for row in rows if row.record]
    assert len({notice.source_key for notice in notices}) == len(notices)
    lots = [lot for notice in notices for lot in notice.lots]
    assert len(lots) > 500
    assert all(len({lot.number for lot in n.lots}) == len(n.lots) for n in notices)


@pytest.mark.parametrize(
    ("column", "refused"), [("date_publication", True), ("date_fin_diffusion", False)]
)
def test_a_date_of_the_year_202_is_refused_or_marked(
    tmp_path: Path, column: str, refused: bool
) -> None:
    (row,) = read_rows(tmp_path, {column: "0202-06-30"})
    assert (row.refusal is not None) is refused
    found = row.refusal or row.warnings[0]
    assert (found.field, found.code) == (column, "date")


def test_an_absurd_amount_is_kept_and_html_is_not(tmp_path: Path) -> None:
    given = [{"titulaire": "A", "montant": 1e15, "lot": "Lot 1 : vitres", "date": "0202-01-01"}]
    notice = read_one(
        tmp_path,
        objet="<p>Entretien</p>&lt;script&gt;alert(1)&lt;/script&gt; des locaux",
        nature="attribution",
        attributions_json=json.dumps(given),
    )
    assert notice.title == "Entretien des locaux"
    assert (notice.awards[0].amount_eur, notice.awards[0].awarded_on) == (1e15, None)


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("Entretien des espaces verts (rectificatif)", "Entretien des espaces verts"),
        ("Entretien des espaces verts (rectificatif n°2)", "Entretien des espaces verts"),
        ("Entretien des espaces verts (ANNULATION) ", "Entretien des espaces verts"),
        ("Entretien (lot rectificatif) des espaces", "Entretien (lot rectificatif) des espaces"),
        ("(rectificatif)", "(rectificatif)"),
    ],
)
def test_what_the_journal_adds_to_a_title_is_not_of_it(
    tmp_path: Path, written: str, title: str
) -> None:
    assert read_one(tmp_path, objet=written, statut="rectificatif").title == title


@given(st.sampled_from(sorted(COLUMNS)), st.text(max_size=60))
def test_anything_in_a_cell_gives_a_notice_or_a_refusal(column: str, value: str) -> None:
    cells = COLUMNS | {column: value}
    try:
        assert transform(cells, []).title
    except InvalidRow:
        return
