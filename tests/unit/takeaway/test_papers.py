"""Text documents, written and read back with the libraries that read them."""

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import docx
import odfdo
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annuaire.advising.clauses import model
from annuaire.advising.hours import Part, Rule, count
from annuaire.takeaway.clause_paper import clause_paper
from annuaire.takeaway.formats import PAPERS
from annuaire.takeaway.paper import Bullets, Grid, Heading, Paper, Paragraph

MOMENT = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)
PAPER = Paper(
    "Fiche d'essai & <b>",
    "essai",
    MOMENT,
    (
        Heading("Une partie"),
        Paragraph("Un texte\nsur deux lignes, =SOMME(A1)"),
        Paragraph("À vérifier", caution=True),
        Bullets(("premier", "second")),
        Heading("Dessous", 2),
        Grid("Table", ("Lot", "Heures"), (("1", "833"), ("2", "été"))),
    ),
)


def written(ending: str, paper: Paper) -> BytesIO:
    out = BytesIO()
    PAPERS[ending].write(out, paper)
    out.seek(0)
    return out


def test_docx_holds_headings_lists_and_tables() -> None:
    read = docx.Document(written("docx", PAPER))
    said = [(p.style.name if p.style else "", p.text) for p in read.paragraphs]
    assert ("Title", "Fiche d'essai & <b>") in said
    assert ("Heading 1", "Une partie") in said
    assert ("Heading 2", "Dessous") in said
    assert ("List Bullet", "second") in said
    assert ("Normal", "Un texte sur deux lignes, =SOMME(A1)") in said
    (table,) = read.tables
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert rows == [["Lot", "Heures"], ["1", "833"], ["2", "été"]]
    assert read.core_properties.title == "Fiche d'essai & <b>"
    assert read.core_properties.language == "fr-FR"


def test_odt_holds_headings_lists_and_tables() -> None:
    read: Any = odfdo.Document(written("odt", PAPER))
    headings = [(int(h.level), h.text) for h in read.body.headers]
    assert headings == [(1, "Fiche d'essai & <b>"), (2, "Une partie"), (3, "Dessous")]
    assert "À vérifier" in [p.text for p in read.body.paragraphs]
    (table,) = read.body.tables
    assert table.get_values() == [["Lot", "Heures"], ["1", "833"], ["2", "été"]]
    assert read.meta.title == "Fiche d'essai & <b>"


@pytest.mark.parametrize("ending", PAPERS)
def test_clause_with_hours_leaves_as_a_document(ending: str) -> None:
    total = count([Part(1_000_000, 0.5, "Gros œuvre")], Rule())
    paper = clause_paper(model("clause", "École", "travaux", total), total, MOMENT)
    out = written(ending, paper)
    if ending == "docx":
        read = docx.Document(out)
        cells = [[cell.text for cell in row.cells] for row in read.tables[0].rows]
        said = "\n".join(p.text for p in read.paragraphs)
    else:
        opened: Any = odfdo.Document(out)
        cells = opened.body.tables[0].get_values()
        said = opened.get_formatted_text()
    assert cells[1][:2] == ["Gros œuvre", "833"]
    assert "833" in said
    assert "À adapter" in said
    assert "n'est pas un conseil juridique" in said


@given(st.text(max_size=60))
def test_any_text_can_be_written_and_read(text: str) -> None:
    paper = Paper(
        text, "t", MOMENT, (Paragraph(text), Bullets((text,)), Grid(text, (text,), ((text,),)))
    )
    assert docx.Document(written("docx", paper)).tables
    read: Any = odfdo.Document(written("odt", paper))
    assert read.body.tables
