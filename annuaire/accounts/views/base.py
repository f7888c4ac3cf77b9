"""What the pages of the accounts share: where they lead, how a sign-in ends, what is refused."""

from typing import Final

from flask import Flask, redirect, render_template, request
from flask import session as cookie
from sqlalchemy.orm import Session
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response

from annuaire.accounts import limits, second_factor, sessions, signing
from annuaire.accounts.current import Current, current, start
from annuaire.accounts.links import DeadLinkError
from annuaire.accounts.recognising import recognise
from annuaire.extensions import settings
from annuaire.sql import typed_number
from annuaire.takeaway.views.kept import local_path

HOME: Final = "/espace/compte"
OWN_SPACE: Final = "/espace"  # what awaits a person, of every room
#: In the signed cookie: who proved a first factor; as whom a provider sent this browser back, until
#: a mailed link proves the address.
AWAITED, CAME_AS = "attente", "fournisseur"


def site() -> str:
    """Our public address, as letters write it."""
    return settings().public_url


def own_path(text: str) -> str:
    """Where to go once signed in: an address of this site, never that of another, and no page of
    sign-in."""
    path = local_path(text, OWN_SPACE)
    return OWN_SPACE if path.startswith(("/connexion", "/inscription", "/deconnexion")) else path


def signed_in() -> Current:
    """Who is signed in: the table of rights lets nobody else come here."""
    found = current()
    if found is None:
        raise RuntimeError("a page for who is signed in has a line that lets a visitor come")
    return found


def row_number(field: str) -> int:
    """The number of a row, from a hidden field; 0, which none has, for anything else."""
    return typed_number(request.form.get(field, ""))


def agent() -> str:
    """How the browser calls itself."""
    return request.user_agent.string


def count_attempt(
    db: Session, act: str, account: str, browser: str | None = None
) -> dict[str, limits.Limit]:
    """Count an attempt to prove who one is, in a `browser` that the account knows or in another.
    Raises limits.TooManyError."""
    keys = limits.sign_in_limits(act, account, request.remote_addr, browser)
    limits.attempt(db, keys)
    return keys


def count_letter(db: Session, account: str) -> None:
    """Count a letter that somebody asks for. Raises limits.TooManyError."""
    limits.attempt(db, limits.letter_limits(account, request.remote_addr))


class Step:
    """What follows a proof, decided in its transaction: the browser's new session, or the page
    that asks for the second factor."""

    def __init__(self, db: Session, proved: signing.Proved, *, second: bool = False) -> None:
        self.next, self.email = own_path(proved.next), proved.user.email
        self.asks_code = second_factor.is_on(proved.user) and not second
        if self.asks_code:
            self.token = signing.await_code(db, proved)
            return
        if before := current():
            sessions.end_some(db, before.user_id, [before.session_id])
        self.token = sessions.open_session(
            db, proved.user, proved.method, agent(), second_factor=second
        )

    def response(self) -> Response:
        """Where the browser goes, with what it now holds."""
        if self.asks_code:
            cookie[AWAITED] = self.token
            return redirect("/connexion/code", 303)
        cookie.pop(AWAITED, None)
        response = redirect(self.next, 303)
        start(response, self.token)
        recognise(response, self.email)
        return response


def init_errors(app: Flask) -> None:
    """How the errors of the accounts are shown."""

    @app.errorhandler(limits.TooManyError)
    def too_many(error: limits.TooManyError) -> Response:
        refused = TooManyRequests(description=error.message, retry_after=error.seconds)
        return app.make_response(app.handle_user_exception(refused))

    @app.errorhandler(DeadLinkError)
    def dead_link(error: DeadLinkError) -> tuple[str, int]:
        return render_template("accounts/dead_link.html", message=error.message), 410
