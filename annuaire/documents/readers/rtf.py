"""RTF, by striprtf."""

from striprtf.striprtf import rtf_to_text

from annuaire.documents.cleaning import clean
from annuaire.documents.limits import Limits
from annuaire.documents.text import DocumentText, of_parts


def read(data: bytes, _limits: Limits) -> DocumentText:
    """The text paragraph by paragraph, a row of a table in one line."""
    text: str = rtf_to_text(  # type: ignore[no-untyped-call]  # typed in part only
        data.decode("latin-1"), encoding="cp1252", errors="replace"
    )
    lines = (line.strip().strip("|").replace("|", "\t") for line in clean(text).split("\n"))
    return of_parts("rtf", "paragraphe", [line for line in lines if line.strip()])
