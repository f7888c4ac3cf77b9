"""The lots and clauses of a document as a file: the page that shows them sends them back."""

from flask import Blueprint, Response, request

from annuaire.asking import today
from annuaire.extensions import limiter, settings
from annuaire.takeaway.document_rows import cover_of, opened, table_of
from annuaire.takeaway.views.sending import send_table

pages = Blueprint("document_exports", __name__)

LIMIT = "60 per minute"


@pages.post("/marches/analyser/export.<any(xlsx, ods, csv):ending>")
@limiter.limit(LIMIT)
def export(ending: str) -> Response:
    """The result of an analysis (`resultat`, sealed). Raises InvalidInputError when it is not
    ours."""
    carried = opened(request.form.get("resultat", ""), settings().secret_key)
    return send_table(cover_of(carried), table_of(carried), "document", ending, today())
