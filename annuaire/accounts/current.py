"""Who asks for this page, by the cookie of their session. For views only."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from flask import Flask, request
from flask import session as cookie
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from annuaire.accounts import sessions
from annuaire.accounts.members import subject_of
from annuaire.accounts.models import User
from annuaire.accounts.policy import VISITOR, Subject
from annuaire.db import db, reading
from annuaire.extensions import session, settings

WHO: Final = "annuaire.account"  # of the request: its answer is for this one alone


@dataclass(frozen=True, slots=True)
class Current:
    """Who is signed in, as this request found them: plain values that outlive the transaction."""

    user_id: int
    session_id: int
    second_factor: bool
    proved_at: datetime
    seen_at: datetime
    subject: Subject


def cookie_name() -> str:
    """« __Host- » ties the cookie to this very host and to HTTPS, where there is HTTPS."""
    return "__Host-compte" if settings().production else "compte"


def current() -> Current | None:
    """Who is signed in. A visitor without our cookie costs no question to the database."""
    if WHO not in request.environ:
        request.environ[WHO] = _find()
    found: Current | None = request.environ[WHO]
    return found


def _find() -> Current | None:
    token = request.cookies.get(cookie_name())
    if not token:
        return None
    found = sessions.find(reading(session()), token)
    if found is None:
        return None
    user, held = found
    return Current(
        user.id,
        held.id,
        held.second_factor,
        held.proved_at,
        held.seen_at,
        subject_of(session(), user),
    )


def current_user() -> User | None:
    """The account of who is signed in, in this request's own database session."""
    found = current()
    return session().get(User, found.user_id) if found else None


def current_subject() -> Subject:
    """Who asks, as the table of rights knows them."""
    found = current()
    return found.subject if found else VISITOR


def proved_within(age: timedelta) -> bool:
    """Whether who asks proved who they are that recently."""
    found = current()
    return found is not None and datetime.now(UTC) - found.proved_at < age


def start(response: Response, token: str) -> None:
    """Give the browser a session's secret. What it held before signing in serves no more: neither
    a cookie that someone else put there, nor the token of its forms."""
    cookie.pop("csrf_token", None)
    response.set_cookie(
        cookie_name(),
        token,
        max_age=sessions.LASTS,
        secure=settings().production,
        httponly=True,
        samesite="Lax",
        path="/",
    )


def stop(response: Response) -> None:
    """Take the secret away from the browser."""
    cookie.pop("csrf_token", None)
    response.delete_cookie(
        cookie_name(), secure=settings().production, httponly=True, samesite="Lax", path="/"
    )


def init_current(app: Flask) -> None:
    """Tell templates who is signed in (`user`), and note now and then that a session is used."""

    @app.context_processor
    def for_all_pages() -> dict[str, object]:
        return {"user": current_user()}

    @app.after_request
    def note(response: Response) -> Response:
        found: Current | None = request.environ.get(WHO)
        if found and datetime.now(UTC) - found.seen_at > sessions.SEEN_EVERY:
            # In a transaction of its own, as the request's only reads; a database that is too busy
            # for it costs a date, not a page.
            with suppress(OperationalError), Session(db.engine) as own, own.begin():
                sessions.see(own, found.session_id)
        if found and response.mimetype == "text/html":
            response.cache_control.private = True
        return response
