"""The formats in which lists leave the site, by the ending of their name. A library that writes
files of offices is only imported when one is asked for: together they are 15 MB of a process."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Final

from annuaire.takeaway.formats.csv_file import write_csv
from annuaire.takeaway.formats.geojson_file import write_geojson
from annuaire.takeaway.paper import Paper
from annuaire.takeaway.tables import Cover, Table


@dataclass(frozen=True, slots=True)
class Format:
    """How a table is written: `label` for people, the media type, the writer."""

    label: str
    media_type: str
    write: Callable[[IO[bytes], Cover, Table], None]


@dataclass(frozen=True, slots=True)
class PaperFormat:
    """How a text document is written: `label` for people, the media type, the writer."""

    label: str
    media_type: str
    write: Callable[[IO[bytes], Paper], None]


def _xlsx(out: IO[bytes], cover: Cover, table: Table) -> None:
    from annuaire.takeaway.formats.xlsx_file import write_xlsx

    write_xlsx(out, cover, table)


def _ods(out: IO[bytes], cover: Cover, table: Table) -> None:
    from annuaire.takeaway.formats.ods_file import write_ods

    write_ods(out, cover, table)


def _docx(out: IO[bytes], paper: Paper) -> None:
    from annuaire.takeaway.formats.docx_file import write_docx

    write_docx(out, paper)


def _odt(out: IO[bytes], paper: Paper) -> None:
    from annuaire.takeaway.formats.odt_file import write_odt

    write_odt(out, paper)


_OPEN_DOCUMENT = "application/vnd.oasis.opendocument.spreadsheet"
_OFFICE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

FORMATS: Final = {
    "xlsx": Format("Excel (XLSX)", _OFFICE, _xlsx),
    "ods": Format("LibreOffice (ODS)", _OPEN_DOCUMENT, _ods),
    "csv": Format("CSV", "text/csv", write_csv),
    "geojson": Format("GeoJSON", "application/geo+json", write_geojson),
}

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_OPEN_TEXT = "application/vnd.oasis.opendocument.text"

PAPERS: Final = {
    "docx": PaperFormat("Word (DOCX)", _WORD, _docx),
    "odt": PaperFormat("LibreOffice (ODT)", _OPEN_TEXT, _odt),
}
