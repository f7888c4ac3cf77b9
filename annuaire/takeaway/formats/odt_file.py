"""ODT (LibreOffice) of a text document."""

from io import BytesIO
from typing import IO, Final

from odfdo import Document, Header, List, Style, Table
from odfdo import Paragraph as OdfParagraph

from annuaire.cells import plain
from annuaire.takeaway.paper import Block, Bullets, Grid, Heading, Paper, Paragraph
from annuaire.wording import date_heure_fr

LANGUAGE: Final = "fr-FR"
CAUTION: Final = "A_adapter"


def write_odt(out: IO[bytes], paper: Paper) -> None:
    """Real headings, lists and tables, so that readers of screens and the navigator serve."""
    document = Document("text")
    document.insert_style(Style("paragraph", area="text", name=CAUTION, italic=True))
    document.meta.title = plain(paper.title)
    document.meta.language = LANGUAGE
    document.meta.creation_date = paper.made_at
    document.body.clear()
    document.body.append(Header(1, plain(paper.title), style="Heading_20_1"))
    _paragraph(document, f"Fait le {date_heure_fr(paper.made_at)}.")
    for number, block in enumerate(paper.blocks, 1):
        _write(document, block, number)
    whole = BytesIO()  # the library writes to nothing else
    document.save(whole)
    out.write(whole.getbuffer())


def _write(document: Document, block: Block, number: int) -> None:
    match block:
        case Heading(text, level):
            style = f"Heading_20_{level + 1}"
            document.body.append(Header(level + 1, plain(text), style=style))
        case Paragraph(text, caution):
            _paragraph(document, text, CAUTION if caution else "Text_20_body")
        case Bullets(items):
            document.body.append(List([plain(item) for item in items]))
        case Grid():
            document.body.append(_table(block, number))


def _paragraph(document: Document, text: str, style: str = "Text_20_body") -> None:
    document.body.append(OdfParagraph(plain(text), style=style))


def _table(grid: Grid, number: int) -> Table:
    table = Table(f"Tableau{number}", width=len(grid.columns), height=len(grid.rows) + 1)
    for y, row in enumerate((grid.columns, *grid.rows)):
        for x, text in enumerate(row):
            table.set_value((x, y), plain(text))
    return table
