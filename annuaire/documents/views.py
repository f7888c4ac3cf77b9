"""« Analyser un document »: a pasted text or a file, read, answered and forgotten."""

import tempfile

from flask import Blueprint, Response, make_response, render_template, request
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge

from annuaire.activities.taxonomy import taxonomy
from annuaire.documents.analysing import Analysis
from annuaire.documents.apart import Busy, analysis_of, analysis_of_bytes
from annuaire.documents.form import FIELDS, wrong_answers
from annuaire.documents.limits import MB, Limits
from annuaire.documents.needs import whole_url
from annuaire.documents.passages import is_whole, passages
from annuaire.documents.presenting import (
    blind_words,
    read_words,
    shown_denied,
    shown_findings,
    shown_lots,
    spans_of,
)
from annuaire.documents.refusals import DocumentRefusedError
from annuaire.errors import InvalidInputError
from annuaire.extensions import limiter, settings
from annuaire.listing import FormValues
from annuaire.takeaway.document_rows import Carried, rows_of, sealed
from annuaire.takeaway.views.sending import now
from search.filters import InputError

pages = Blueprint("documents", __name__)

PATH = "/marches/analyser"
MAX_PASTED = 500_000  # characters
#: Each may take seconds of a processor; a person who reads the answers sends few.
LIMIT = "10 per minute"
TOO_MANY = (
    "Dix documents sont partis de cette connexion en une minute : attendez une minute, puis "
    "recommencez. Rien n’est gardé de ce que vous avez envoyé."
)
BOTH = "Donnez un texte ou un fichier, pas les deux : lequel faut-il lire ?"
NOTHING = "Collez un texte, ou choisissez un fichier."
AGAIN = "Le fichier n’a pas été gardé : choisissez-le à nouveau une fois les réponses corrigées."


@pages.url_value_preprocessor
def accept_documents(_endpoint: str | None, _values: object) -> None:
    """Let a document in before anything reads the form. Twice its limit is received, so that who
    sends a little too much is told so by the page."""
    request.max_content_length = 2 * _limits().size + MB
    request.max_form_memory_size = 4 * MAX_PASTED + MB


@pages.get(PATH)
def form() -> str:
    """The form."""
    return _form(FormValues(), [])


@pages.post(PATH)
@limiter.limit(LIMIT, error_message=TOO_MANY)
def analyse() -> tuple[str, int] | Response:
    """The lots and clauses of what was sent (`texte` or `fichier`), with links to the suggestions
    from `lieu`, `montant` and `date`. Nothing is kept, here or by the browser."""
    given = FormValues({key: value.strip() for key, value in request.form.items()})
    sent = request.files.get("fichier")
    wrong = list(wrong_answers(given))
    if wrong:
        wrong += [InputError("fichier", AGAIN)] if sent and sent.filename else []
        return _form(given, wrong), 400
    try:
        analysis = _analysis(given.get("texte", ""), sent)
    except Busy as error:
        return _form(given, [InputError("", error.message)]), 503
    except InvalidInputError as error:
        return _form(given, [InputError(_field(error, sent), error.message)]), 400
    name = sent.filename if sent and sent.filename else ""
    response = make_response(_result(analysis, given, name))
    response.cache_control.no_store = True
    return response


@pages.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> tuple[str, int]:
    """The form again, with the limit."""
    message = DocumentRefusedError("too_large", _limits()).message
    return _form(FormValues(), [InputError("fichier", message)]), 413


def _limits() -> Limits:
    return Limits(size_mb=settings().document_max_mb, seconds=settings().document_seconds)


def _form(given: FormValues, errors: list[InputError]) -> str:
    return render_template(
        "documents/form.html", form=given, errors=errors, limits=_limits(), most_pasted=MAX_PASTED
    )


def _analysis(text: str, sent: FileStorage | None) -> Analysis:
    """What was sent, read apart. Raises InvalidInputError, and Busy."""
    with_file = sent is not None and bool(sent.filename)
    if text and with_file:
        raise InvalidInputError(BOTH, "fichier")
    if len(text) > MAX_PASTED:
        raise InvalidInputError(
            f"Le texte collé dépasse {MAX_PASTED // 1000} 000 signes : collez la partie qui décrit "
            "les lots et les conditions d’exécution, ou envoyez le fichier.",
            "texte",
        )
    if sent is not None and with_file:
        with tempfile.TemporaryFile() as held:  # without a name: gone whatever happens
            sent.save(held)
            return analysis_of(held, _limits())
    if not text:
        raise InvalidInputError(NOTHING, "texte")
    return analysis_of_bytes(text.encode(errors="replace"), _limits(), "txt")


def _field(error: InvalidInputError, sent: FileStorage | None) -> str:
    """Where the error is said: a refusal is about the file, when there is one."""
    if isinstance(error, DocumentRefusedError) and not (sent and sent.filename):
        return "texte"
    return error.field or "fichier"


def _result(analysis: Analysis, given: FormValues, name: str) -> str:
    said = {key: given.get(key, "") for key in FIELDS}
    parts = passages(analysis.document, spans_of([*analysis.findings, *analysis.denied]))
    lots = shown_lots(analysis, said)
    findings = shown_findings(analysis, parts)
    denied = shown_denied(analysis)
    read = read_words(analysis.document)
    lines = (("Document", name[:200] or "texte collé"), ("Lu", read), *_about(analysis))
    carried = Carried(now(), tuple(lines), tuple(rows_of(lots, findings, denied)))
    return render_template(
        "documents/result.html",
        name=name[:200],
        read=read,
        blind=blind_words(analysis.document),
        analysis=analysis,
        lots=lots,
        findings=findings,
        denied=denied,
        passages=parts,
        whole=is_whole(analysis.document),
        activities=[taxonomy().label(guess.code) for guess in analysis.activities],
        whole_url=whole_url(analysis, said),
        said=said,
        sealed=sealed(carried, settings().secret_key),
        made_at=carried.made_at,
    )


def _about(analysis: Analysis) -> list[tuple[str, str]]:
    lines = [("Objet", analysis.subject)] if analysis.subject else []
    if blind := blind_words(analysis.document):
        lines.append(("Non lu", blind))
    return lines
