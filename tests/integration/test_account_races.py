"""Several who come at once with the same link, or the same guesses."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from annuaire.accounts import limits, signing
from annuaire.accounts.models import User, UserSession
from annuaire.db import db, writing
from tests.factories.accounts import letters, link_in, rows, submit
from tests.factories.pages import token_of

EMAIL = "camille@exemple.fr"
SITE = "http://127.0.0.1:8000"
TOGETHER = 6


def together(act: Callable[[int], int]) -> list[int]:
    """What each gets of an act that all begin at once."""
    start = Barrier(TOGETHER)

    def one(number: int) -> int:
        start.wait(30)
        return act(number)

    with ThreadPoolExecutor(TOGETHER) as pool:
        return sorted(pool.map(one, range(TOGETHER)))


def test_one_of_those_who_follow_a_link_at_once_gets_in(app: Flask, base: Session) -> None:
    submit(app.test_client(), "/inscription", nom="Camille", courriel=EMAIL)
    path = link_in(letters(base)[-1])
    browsers = [app.test_client() for _ in range(TOGETHER)]
    tokens = [token_of(browser.get(path).text) for browser in browsers]

    def follow(number: int) -> int:
        answer = browsers[number].post(path, data={"csrf_token": tokens[number]})
        return int(answer.status_code)

    assert together(follow) == [303] + [410] * (TOGETHER - 1)
    assert len(rows(base, select(UserSession))) == 1


def test_links_of_one_address_followed_at_once_make_one_account(app: Flask, base: Session) -> None:
    with writing(base):
        for _ in range(TOGETHER):
            signing.ask_sign_up(base, EMAIL, "Camille", "", SITE)
    tokens = [link_in(letter).rpartition("/")[2] for letter in letters(base)]

    def follow(number: int) -> int:
        with app.app_context(), writing(db.session) as session:
            return signing.follow(session, tokens[number]).user.id

    assert len(set(together(follow))) == 1
    assert len(rows(base, select(User))) == 1


def test_guesses_that_come_at_once_are_counted_one_by_one(app: Flask, base: Session) -> None:
    keys = limits.sign_in_limits("password", EMAIL, "192.0.2.1")
    for _ in range(limits.PAIR.free - 2):
        limits.attempt(base, keys)

    def guess(_: int) -> int:
        with app.app_context():
            try:
                limits.attempt(db.session, keys)
            except limits.TooManyError:
                return 1
            return 0

    assert together(guess) == [0, 0] + [1] * (TOGETHER - 2)
