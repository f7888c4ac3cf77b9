"""DOCX (Word) of a text document."""

from typing import IO, Final

import docx
from docx.document import Document
from docx.oxml.ns import qn

from annuaire.cells import plain
from annuaire.takeaway.paper import Block, Bullets, Grid, Heading, Paper, Paragraph
from annuaire.wording import date_heure_fr

LANGUAGE: Final = "fr-FR"


def write_docx(out: IO[bytes], paper: Paper) -> None:
    """Real headings, lists and tables, so that readers of screens and Word's own plan serve."""
    document = docx.Document()
    _speak_french(document)
    document.core_properties.title = plain(paper.title)
    document.core_properties.author = "annuaire"
    document.core_properties.language = LANGUAGE
    document.core_properties.created = paper.made_at
    document.add_heading(plain(paper.title), level=0)
    document.add_paragraph(f"Fait le {date_heure_fr(paper.made_at)}.")
    for block in paper.blocks:
        _write(document, block)
    document.save(out)


def _write(document: Document, block: Block) -> None:
    match block:
        case Heading(text, level):
            document.add_heading(plain(text), level=level)
        case Paragraph(text, caution):
            document.add_paragraph(style="Intense Quote" if caution else None).add_run(plain(text))
        case Bullets(items):
            for item in items:
                document.add_paragraph(plain(item), style="List Bullet")
        case Grid():
            _table(document, block)


def _table(document: Document, grid: Grid) -> None:
    table = document.add_table(rows=1, cols=len(grid.columns), style="Table Grid")
    for cell, text in zip(table.rows[0].cells, grid.columns, strict=True):
        cell.paragraphs[0].add_run(plain(text)).bold = True
    for row in grid.rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = plain(text)
    document.add_paragraph()  # Word needs a paragraph between a table and what follows


def _speak_french(document: Document) -> None:
    """The language of the default style: what Word spells and screens read."""
    properties = document.styles["Normal"].element.get_or_add_rPr()
    language = properties.makeelement(qn("w:lang"), {qn("w:val"): LANGUAGE})
    properties.append(language)
