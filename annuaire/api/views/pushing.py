"""POST /api/v1/contracts: platforms push their consultations."""

from datetime import UTC, datetime
from typing import Any, Final

from flask import Response, request

from annuaire.api.bodies import MAX_BYTES, read_body
from annuaire.api.pushed import pushed_values
from annuaire.api.refusals import RefusedError, refused_query
from annuaire.api.schemas.pushed import ConsultationSent, PushedSchema
from annuaire.api.views.answering import posted, sent_body
from annuaire.api.views.base import api, working
from annuaire.api.views.callers import Caller, caller
from annuaire.asking import today
from annuaire.db import reading, writing
from annuaire.errors import InvalidInputError
from annuaire.extensions import engine, session, settings
from annuaire.platforms.consultations import CREATED, ConflictError, Pushed, once, push
from search.filters import InputError

MAX_NAME: Final = 200  # characters of an Idempotency-Key
OTHER_ID: Final = "L’identifiant du corps n’est pas celui de l’adresse."


@api.post("/contracts")
@working
def push_contract() -> Response:
    """Take in a consultation; the same again changes nothing."""
    return _pushed(replace=False)


@api.put("/contracts/<id_>")
@working
def replace_contract(id_: str) -> Response:
    """Replace a consultation that was pushed, by the platform's own number."""
    return _pushed(id_, replace=True)


def _pushed(id_: str | None = None, *, replace: bool) -> Response:
    holder = _holder()
    data = sent_body(MAX_BYTES)
    body = read_body(data, ConsultationSent())
    if id_ is not None and body["id"] != id_:
        raise _refused("id", OTHER_ID, 422)
    found = _stored(holder, body, data, replace=replace)
    told = pushed_values(reading(session()), engine(), found, today(), settings().public_url)
    response = posted(PushedSchema().dump(told))
    response.status_code = 201 if found.result == CREATED else 200
    response.headers["Location"] = told["url"]
    return response


def _stored(holder: Caller, body: dict[str, Any], data: bytes, *, replace: bool) -> Pushed:
    """The consultation, kept in one transaction. Raises RefusedError."""
    name = request.headers.get("Idempotency-Key", "").strip()
    if len(name) > MAX_NAME:
        raise refused_query([InputError("Idempotency-Key", f"{MAX_NAME} signes au plus.")])
    now = datetime.now(UTC)
    try:
        with writing(session(), bulk=True) as db_session:
            if name:
                once(db_session, holder.family, name, data, now)
            found = push(db_session, holder.platform or "", body, now, replace=replace)
            db_session.flush()
            db_session.expunge_all()  # plain values, that the commit does not take away
            return found
    except ConflictError as error:
        raise _refused(error.field or "id", error.message, 409) from error
    except InvalidInputError as error:
        raise _refused(error.field or "", error.message, 422) from error


def _refused(field: str, message: str, status: int) -> RefusedError:
    return RefusedError(message, [{"pointer": f"#/{field}", "detail": message}], status)


def _holder() -> Caller:
    found = caller()
    if found is None or found.platform is None:
        raise RefusedError("Cette clé n’est pas celle d’une plateforme.", (), 403)
    return found
