"""People with accounts, signed in without passing by the pages of sign-in."""

import re
from datetime import UTC, datetime
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Select, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from annuaire.accounts.current import cookie_name
from annuaire.accounts.members import join
from annuaire.accounts.models import Seat, Territory, User
from annuaire.accounts.sessions import open_session
from annuaire.db import db, writing
from annuaire.mail.models import MailLetter
from tests.factories.pages import token_of

PASSWORD = "le chat dort sous la table"  # noqa: S105 - no secret: nothing leaves the test
SIRET = "21590350100017"  # of an invented town hall
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def make_user(
    session: Session,
    email: str = "camille@exemple.fr",
    *,
    name: str = "Camille Essai",
    role: str = "user",
    structure_id: int | None = None,
    buyer: bool = False,
    verified_buyer: bool = False,
    facilitator: bool = False,
) -> int:
    """Keep a new account, with what it holds; returns its number."""
    with writing(session):
        user = User(email=email, name=name, role=role, created_at=NOW)
        session.add(user)
        session.flush()
        if structure_id is not None:
            join(session, user.id, structure_id)
        if buyer or verified_buyer:
            seen = NOW if verified_buyer else None
            seat = Seat(user_id=user.id, siret=SIRET, name="Mairie d’essai", since=NOW)
            seat.verified_at, seat.verified_by = seen, "moderator" if seen else None
            session.add(seat)
        if facilitator:
            territory = Territory(user_id=user.id, code="59", employer="Maison de l’emploi")
            territory.asked_at = territory.granted_at = NOW
            session.add(territory)
        return user.id


def sign_in(app: Flask, user_id: int, *, second_factor: bool = True) -> FlaskClient:
    """A browser in which a person is signed in, and just proved who they are."""
    with app.app_context():
        with writing(db.session) as session:
            user = session.get_one(User, user_id)
            token = open_session(session, user, "link", "Essai", second_factor=second_factor)
        name = cookie_name()
    client = app.test_client()
    client.set_cookie(name, token)
    return client


def letters(session: Session) -> list[MailLetter]:
    """What waits to be mailed, the oldest first."""
    return rows(session, select(MailLetter).order_by(MailLetter.id))


def rows(session: Session, question: Select[Any]) -> list[Any]:
    """What the database answers now, apart from any transaction of the test."""
    session.rollback()
    found = list(session.scalars(question))
    session.expunge_all()
    session.rollback()
    return found


def link_in(letter: MailLetter) -> str:
    """The path of the link with a secret that a letter holds."""
    found = re.search(r"https?://[^/\s]+(/\S+/[\w-]{43})", letter.text or "")
    assert found, letter.text
    return found[1]


def submit(browser: FlaskClient, path: str, form: str | None = None, **fields: str) -> TestResponse:
    """Send a form as its page has it: `form` is where the form stands, `path` where it leads."""
    token = token_of(browser.get(form or path).text)
    return browser.post(path, data={"csrf_token": token, **fields})
