"""The door of every page: what the table of rights does not allow is refused, before any view."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Final, ParamSpec, TypeVar
from urllib.parse import urlencode

from flask import Flask, redirect, request
from werkzeug.exceptions import Forbidden, Unauthorized
from werkzeug.wrappers import Response

from annuaire import problems
from annuaire.accounts.current import current, current_subject, init_current, proved_within
from annuaire.accounts.members import is_member
from annuaire.accounts.policy import allows, is_by_role, table
from annuaire.extensions import session
from annuaire.structures.service import by_siret

RECENT: Final = timedelta(minutes=15)
SIGN_IN: Final = "/connexion"
CONFIRM: Final = "/connexion/confirmer"
SECOND_FACTOR: Final = "/espace/compte/double-authentification"
REFUSED = (
    "Votre compte ne donne pas accès à cette page. Si vous pensez que c’est une erreur, "
    "écrivez à la modération."
)
UNSIGNED = "Cette adresse demande un compte : connectez-vous, puis recommencez."

P = ParamSpec("P")
R = TypeVar("R")


def guard() -> Response | None:
    """Refuse what the table does not allow: by the page of sign-in to a visitor who reads, by an
    error otherwise. An address that leads nowhere is left to its own error."""
    if request.endpoint is None:
        return None
    who = table().get(request.endpoint, frozenset())
    if who & {"visitor", "key"}:  # a key is checked by the API itself
        return None
    asking = current_subject()
    if asking.user_id is None:
        return _to_sign_in()
    member = "member" in who and _is_member(asking.user_id)
    if not allows(who, asking, member=member):
        raise Forbidden(REFUSED)
    found = current()
    if is_by_role(who, asking, member=member) and found and not found.second_factor:
        return redirect(_with_next(SECOND_FACTOR) if _reads() else SECOND_FACTOR, 303)
    return None


def _to_sign_in() -> Response:
    reads = _reads() and not problems.answers_programs(request.path)
    if not reads or request.path.endswith(".json"):
        raise Unauthorized(UNSIGNED)
    return redirect(_with_next(SIGN_IN), 303)


def _reads() -> bool:
    return request.method in {"GET", "HEAD"}


def _with_next(path: str) -> str:
    """A page that comes back to the address asked for."""
    return f"{path}?{urlencode({'next': asked_path()})}"


def _is_member(user_id: int) -> bool:
    """Whether who asks speaks for the structure that the address names. Raises NotFoundError."""
    key = (request.view_args or {}).get("key")
    return key is not None and is_member(session(), user_id, by_siret(session(), key).id)


def asked_path() -> str:
    """The address asked for, to come back to: path and query."""
    return request.full_path.removesuffix("?")


def recently_proved(view: Callable[P, R]) -> Callable[P, R | Response]:
    """A view for a sensitive act: who did not prove lately who they are does it first, and comes
    back to the page of this address; a form that has none there says where (`retour`)."""

    @wraps(view)
    def checked(*args: P.args, **kwargs: P.kwargs) -> R | Response:
        if proved_within(RECENT):
            return view(*args, **kwargs)
        back = asked_path() if request.method == "GET" else request.form.get("retour")
        return redirect(f"{CONFIRM}?{urlencode({'next': back or request.path})}", 303)

    return checked


def init_guard(app: Flask) -> None:
    """Put the door before every page of `app`, and tell templates who is signed in."""
    app.before_request(guard)

    @app.after_request
    def keep_apart(response: Response) -> Response:
        """What is not for everyone is kept by no browser and no proxy; an address that holds a
        secret (`token`) is moreover told to no other site."""
        secret = "token" in (request.view_args or {})
        if secret or (request.endpoint and "visitor" not in table().get(request.endpoint, ())):
            response.headers["Cache-Control"] = "no-store"
        if secret:  # not « no-referrer »: over HTTPS our own forms are taken by their referrer
            response.headers["Referrer-Policy"] = "same-origin"
        return response

    init_current(app)  # after it: of two, the first is asked last
