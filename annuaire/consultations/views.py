"""`/espace/consultations`: a buyer writes a consultation, sees what is understood, publishes it."""

import tempfile
from datetime import UTC, datetime
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from annuaire.accounts.views.base import row_number, signed_in
from annuaire.asking import today
from annuaire.consultations import service
from annuaire.consultations.form import Content, empty_content, read_content, shown_lots
from annuaire.consultations.models import WrittenConsultation
from annuaire.consultations.prefilling import prefilled
from annuaire.consultations.previewing import Preview, preview
from annuaire.consultations.service import (
    PUBLISHED,
    REMOVED,
    STATES,
    WITHDRAWN,
    WrongContentError,
)
from annuaire.db import reading, writing
from annuaire.documents.apart import Busy, analysis_of
from annuaire.documents.limits import MB, Limits
from annuaire.documents.refusals import DocumentRefusedError
from annuaire.errors import InvalidInputError
from annuaire.extensions import limiter, session, settings
from annuaire.matching.form import NATURES
from search.filters import InputError

pages = Blueprint("consultations", __name__)

PATH: Final = "/espace/consultations"
EMPTY_LOTS: Final = 1  # shown after those that are filled
LIMIT: Final = "30 per hour"
TOO_MANY: Final = (
    "Trop d’envois sont partis de cette connexion : attendez une heure. Vos brouillons sont gardés."
)


@pages.url_value_preprocessor
def accept_documents(_endpoint: str | None, _values: object) -> None:
    """Let a document in before anything reads the form."""
    request.max_content_length = 2 * _limits().size + MB
    request.max_form_memory_size = MB


def _limits() -> Limits:
    return Limits(size_mb=settings().document_max_mb, seconds=settings().document_seconds)


@pages.get(PATH)
def index() -> str:
    """The consultations of one's bodies, and the two ways to begin one."""
    return _index([])


def _index(errors: list[InputError]) -> str:
    db, me = reading(session()), signed_in().user_id
    rows = service.written_for(db, me)
    return render_template(
        "consultations/index.html",
        rows=[(row, row.content["fields"]["objet"], STATES[row.state]) for row in rows],
        bodies=[(seat.id, seat.name) for seat in db.scalars(service.bodies_of(me))],
        limits=_limits(),
        errors=errors,
        reference_of=service.reference_of,
    )


@pages.post(PATH)
@limiter.limit(LIMIT, error_message=TOO_MANY)
def start() -> Response | tuple[str, int]:
    """Begin a draft, from a document when one is dropped (`fichier`)."""
    try:
        content = _from_document()
        with writing(session()) as db:
            row = service.start(db, signed_in().user_id, row_number("organisation"), content)
            number = row.id
    except Busy as error:
        return _index([InputError("", error.message)]), 503
    except InvalidInputError as error:
        return _index([InputError(error.field or "fichier", error.message)]), 400
    return redirect(f"{PATH}/{number}", 303)


def _from_document() -> Content:
    sent = request.files.get("fichier")
    if sent is None or not sent.filename:
        return empty_content()
    with tempfile.TemporaryFile() as held:  # without a name: gone whatever happens
        sent.save(held)
        return prefilled(analysis_of(held, _limits()))


@pages.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> tuple[str, int]:
    """The limit, on the page where documents are dropped."""
    message = DocumentRefusedError("too_large", _limits()).message
    return _index([InputError("fichier", message)]), 413


@pages.get(f"{PATH}/<int:number>")
def edit(number: int) -> str:
    """The form of one, with what is understood of it once it holds."""
    row = service.written(reading(session()), signed_in().user_id, number)
    return _form(row, row.content, [], row.state != service.DRAFT)


def _form(
    row: WrittenConsultation, content: Content, errors: list[InputError], seen: bool,
    *, more: int = EMPTY_LOTS,
) -> str:  # fmt: skip
    return render_template(
        "consultations/edit.html",
        row=row,
        state=STATES[row.state],
        published=row.state == PUBLISHED,
        withdrawn=row.state == WITHDRAWN,
        removed=row.state == REMOVED,
        reference=service.reference_of(row),
        version=service.version(row),
        form=content["fields"],
        lots=list(shown_lots(content, more)),
        natures=[("", "Non précisée"), *((name, name) for name in NATURES)],
        preview=_preview(row, content) if seen and not errors else None,
        errors=errors,
    )


def _preview(row: WrittenConsultation, content: Content) -> Preview | None:
    """What is understood of a consultation; nothing of one that no longer holds as it stands."""
    try:
        body = service.said(row, content, today())
    except WrongContentError:
        return None
    return preview(body, service.key_of(row), today())


@pages.post(f"{PATH}/<int:number>")
@limiter.limit("300 per hour", error_message=TOO_MANY)
def change(number: int) -> Response | str | tuple[str, int]:
    """Add a lot, see what is understood, or publish (`faire`). A draft is kept each time; what is
    published changes only by « publier »."""
    content, act = read_content(request.form.items()), request.form.get("faire", "")
    seen = request.form.get("version", "")
    me, errors = signed_in().user_id, list[InputError]()
    try:
        with writing(session(), bulk=act == "publier") as db:
            row = service.written(db, me, number)
            if row.state == service.DRAFT or act == "publier":
                service.save(row, content, seen)
            if act == "publier":
                found = service.publish(db, row, me, datetime.now(UTC))
                reference, official = found.contract.reference, found.official
    except WrongContentError as error:
        errors = error.errors
    except InvalidInputError as error:
        errors = [InputError(error.field or "", error.message)]
    else:
        if act == "publier":
            flash(_told(official=official))
            return redirect(f"/marches/{reference}", 303)
    row = service.written(reading(session()), me, number)
    more = EMPTY_LOTS + 1 if act == "lot" else EMPTY_LOTS
    if act == "apercu" and not errors:
        errors = _wrong(row, content)
    status = 400 if errors and act == "publier" else 200
    return _form(row, content, errors, act == "apercu", more=more), status


def _wrong(row: WrittenConsultation, content: Content) -> list[InputError]:
    try:
        service.said(row, content, today())
    except WrongContentError as error:
        return error.errors
    return []


def _told(*, official: bool) -> str:
    if official:
        return (
            "Un avis officiel de ce marché est déjà publié : lui seul fait cette page. Votre "
            "consultation est gardée, et servira s’il disparaît."
        )
    return "La consultation est publiée. La recherche la montre dans quelques secondes."


@pages.post(f"{PATH}/<int:number>/retirer")
def withdraw(number: int) -> Response:
    """Have a published consultation stand as cancelled."""
    me = signed_in().user_id
    try:
        with writing(session(), bulk=True) as db:
            service.withdraw(db, service.written(db, me, number), me, datetime.now(UTC))
    except (InvalidInputError, WrongContentError) as error:
        flash(error.message, "error")
    else:
        flash("La consultation est retirée : sa page dit qu’elle est annulée.")
    return redirect(f"{PATH}/{number}", 303)
