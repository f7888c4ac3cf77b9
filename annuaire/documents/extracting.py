"""From bytes to text: the kind by content, then its reader. Runs in the helper process."""

from importlib import import_module

from annuaire.documents.limits import Limits
from annuaire.documents.refusals import Refused
from annuaire.documents.sniffing import kind_of
from annuaire.documents.text import DocumentText, Kind


def extract(data: bytes, limits: Limits, kind: Kind | None = None) -> DocumentText:
    """The text of a document, `kind` when it is known without looking. Raises Refused, and
    whatever a library raises on a damaged file: the caller runs this apart. Each format has its
    module in `readers`, loaded for it alone."""
    if len(data) > limits.size:
        raise Refused("too_large")
    reader = import_module(f"annuaire.documents.readers.{kind or kind_of(data, limits)}")
    found: DocumentText = reader.read(data, limits)
    if len(found.text) > limits.characters:
        raise Refused("too_long")
    if not any(c.isalnum() for c in found.text):
        raise Refused("no_text")
    return found
