"""Who asks: the key of the header Authorization, what it may, what it used.

A key is never needed to read; it gives a higher limit, and opens what writes.
"""

import atexit
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from typing import Final, cast

from flask import Flask, Response, current_app, request
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from annuaire.api.describing.operations import OPERATIONS, Operation
from annuaire.api.views.answering import CALLER, problem_answer
from annuaire.asking import today
from annuaire.db import db, reading, writing
from annuaire.extensions import address_of_caller, session
from annuaire.platforms.keys import SCOPES, find
from annuaire.platforms.usage import UsageCounter

UNKNOWN: Final = "Cette clé n’est pas connue, ou elle ne vaut plus (révoquée ou expirée)."
NEEDED: Final = "Cette adresse demande une clé : « Authorization: Bearer ann_… »."
NOT_IN_SCOPE: Final = "Cette clé n’a pas la portée « {} » ({})."
BEARER: Final = 'Bearer realm="annuaire"'


@dataclass(frozen=True, slots=True)
class Caller:
    """A key that holds, as this request found it."""

    key_id: int
    prefix: str
    family: str
    scopes: frozenset[str]
    platform: str | None
    test: bool


def caller() -> Caller | None:
    """Who asks, by their key; None without a key, or with one that does not hold."""
    if CALLER not in request.environ:
        request.environ[CALLER] = _find()
    found: Caller | None = request.environ[CALLER]
    return found


def _find() -> Caller | None:
    given = _given()
    if not given:
        return None
    key = find(reading(session()), given, datetime.now(UTC))
    found = None
    if key is not None:
        scopes = frozenset(key.scopes)
        found = Caller(key.id, key.prefix, key.family, scopes, key.platform, key.test)
    session().rollback()  # what is read next is read as it stands then: `data_version`
    return found


def _given() -> str:
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    return text.strip() if scheme.lower() == "bearer" else ""


def whose() -> str:
    """Whose requests are counted together: those of a key, else those of an address."""
    found = caller()
    return f"key:{found.family}" if found else address_of_caller()


def keyed(with_key: str, without: str) -> Callable[[], str]:
    """A limit that depends on whether there is a key."""
    return lambda: with_key if caller() else without


@cache
def operation_of(endpoint: str) -> Operation | None:
    """The operation that an endpoint answers."""
    name = endpoint.removeprefix("api.")
    return next((each for each in OPERATIONS if each.id == name), None)


def refuse_without_right() -> Response | None:
    """The refusal of a key that does not hold or lacks the scope; None for who may go on."""
    operation = operation_of(request.endpoint or "")
    found = caller()
    if found is None and _given():
        return _refused(401, UNKNOWN)
    if operation is None:
        return None
    if found is None:
        return _refused(401, NEEDED) if operation.needs_key else None
    if operation.scope and operation.scope not in found.scopes:
        words = NOT_IN_SCOPE.format(operation.scope, SCOPES[operation.scope])
        return _refused(403, words)
    return None


def _refused(status: int, detail: str) -> Response:
    response = problem_answer(status, detail)
    if status == 401:
        response.headers["WWW-Authenticate"] = BEARER
    response.cache_control.no_store = True
    return response


def count_usage(response: Response) -> None:
    """Count the request of a key; what was counted is written now and then, once the answer is
    gone."""
    found: Caller | None = request.environ.get(CALLER)
    operation = operation_of(request.endpoint or "")
    if found is None or operation is None:
        return
    counter = usage_counter()
    counter.count(found.key_id, today(), operation.id)
    if counter.due():
        app = current_app._get_current_object()  # type: ignore[attr-defined]  # of the proxy
        response.call_on_close(partial(_write, app, counter))


def _write(app: Flask, counter: UsageCounter) -> None:
    with app.app_context(), Session(db.engine) as own, writing(own):
        counter.write(own)


def _write_last(app: Flask, counter: UsageCounter) -> None:
    """What is left when the process ends; its database may have gone before it."""
    if counter.waits():
        with suppress(SQLAlchemyError):
            _write(app, counter)


def usage_counter() -> UsageCounter:
    """What this application counted and did not write yet."""
    if "annuaire.api_usage" not in current_app.extensions:
        app = current_app._get_current_object()  # type: ignore[attr-defined]  # of the proxy
        counter = app.extensions["annuaire.api_usage"] = UsageCounter()
        atexit.register(_write_last, app, counter)
    return cast(UsageCounter, current_app.extensions["annuaire.api_usage"])
