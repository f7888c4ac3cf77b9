"""The lots and clauses of a document as a file: the page that shows them sends them back."""

from flask import Blueprint, Response, request

from annuaire.asking import today
from annuaire.errors import InvalidInputError
from annuaire.extensions import limiter, settings
from annuaire.takeaway.document_rows import cover_of, opened, table_of
from annuaire.takeaway.views.sending import send_table

pages = Blueprint("document_exports", __name__)

EXPORTS = ("xlsx", "ods", "csv")
LIMIT = "60 per minute"


@pages.post("/marches/analyser/export")
@limiter.limit(LIMIT)
def export() -> Response:
    """The result of an analysis (`resultat`, sealed) in a `format`. Raises InvalidInputError when
    it is not ours, or in no such format."""
    carried = opened(request.form.get("resultat", ""), settings().secret_key)
    ending = request.form.get("format", "")
    if ending not in EXPORTS:
        raise InvalidInputError("Choisissez un format : XLSX, ODS ou CSV.", "format")
    return send_table(cover_of(carried), table_of(carried), "document", ending, today())
