"""Pages of a document that flows: those of the last time a word processor laid it out."""

from collections.abc import Sequence
from typing import Final

from annuaire.documents.text import DocumentText, Kind, of_parts

#: Stands in the lines where a page began; a character that no document uses.
BREAK: Final = "\ue00c"


def of_flow(kind: Kind, lines: Sequence[str]) -> DocumentText:
    """The text by page where breaks were kept, else by paragraph."""
    kept = [line for line in (line.strip(" ") for line in lines) if line.strip()]
    if not any(BREAK in line for line in kept):
        return of_parts(kind, "paragraphe", kept)
    whole = "\n".join(kept)
    starts = [0]
    pieces = whole.split(BREAK)
    for piece in pieces[:-1]:
        starts.append(starts[-1] + len(piece))
    return DocumentText(kind, "".join(pieces), "page", tuple(starts), exact=False)
