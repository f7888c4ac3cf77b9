"""A proof looked at before it is kept as it came: a PDF that is only one, or a picture, which is
made again. In the helper process."""

import io
import zipfile
from typing import Final

import pypdfium2
import pypdfium2.raw as pdfium

from annuaire.profiles.uploads.pictures import encoded
from annuaire.profiles.uploads.refusals import PAGES, Refused

PDF: Final = "application/pdf"
_TAIL: Final = 1_024  # bytes: readers look for the end of a PDF in them (ISO 32000-1, annex H)


def checked(data: bytes) -> dict[int, bytes]:
    """The PDF itself, under the width 0, or a picture made again, under its width. Raises
    Refused."""
    if data.lstrip()[:5] != b"%PDF-":
        try:
            pictures = encoded(data)
        except Refused as refusal:
            raise Refused("not_proof" if refusal.code == "unknown" else refusal.code) from None
        widest = max(pictures)
        return {widest: pictures[widest]}
    if not data.startswith(b"%PDF-") or b"%%EOF" not in data[-_TAIL:] or _is_archive(data):
        raise Refused("two_files" if b"%%EOF" in data else "broken")
    _look(data)
    return {0: data}


def _is_archive(data: bytes) -> bool:
    """Whether an archive ends the file too. Its mark of four bytes counts only where one may end:
    among the millions of a scan they stand by chance."""
    return zipfile.is_zipfile(io.BytesIO(data))


def _look(data: bytes) -> None:
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise Refused("password" if "password" in str(error).lower() else "broken") from error
    with document:
        if not 0 < len(document) <= PAGES:
            raise Refused("too_long" if len(document) else "broken")
        scripts = pdfium.FPDFDoc_GetJavaScriptActionCount(document.raw)
        if scripts > 0 or document.count_attachments() > 0:
            raise Refused("active")
