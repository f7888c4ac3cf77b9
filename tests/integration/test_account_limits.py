"""Attempts that come too often wait; who is attacked does not."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from annuaire.accounts import limits, service
from annuaire.accounts.limits import ACCOUNT, DAY, PAIR, Limit
from annuaire.accounts.models import Attempts
from annuaire.accounts.recognising import recognised
from annuaire.db import writing
from tests.factories.accounts import PASSWORD, letters, link_in, make_user, rows, submit

EMAIL = "camille@exemple.fr"
PATH = "/connexion/mot-de-passe"


def tries(browser, address: str, password: str, email: str = EMAIL) -> int:  # type: ignore[no-untyped-def]
    browser.environ_base["REMOTE_ADDR"] = address
    return int(submit(browser, PATH, courriel=email, mot_de_passe=password).status_code)


def test_attack_from_one_address_keeps_nobody_else_out(app: Flask, base: Session) -> None:
    user_id = make_user(base)
    with writing(base):
        user = service.account(base, user_id)
        service.set_password(base, user, PASSWORD, "http://x.fr", but_session=None)
    thief, owner = app.test_client(), app.test_client()
    with time_machine.travel("2026-03-02T09:00:00Z", tick=False) as clock:
        answers = [tries(thief, "192.0.2.66", f"faux {n}") for n in range(12)]
        assert answers == [400] * 5 + [429] * 7
        answer = submit(thief, PATH, courriel=EMAIL, mot_de_passe=PASSWORD)
        assert answer.status_code == 429  # even the right one, from there
        assert 1 <= int(answer.headers["Retry-After"]) <= 6
        assert tries(owner, "192.0.2.1", PASSWORD) == 303
        clock.shift(6)
        assert tries(thief, "192.0.2.66", "faux") == 400
        assert tries(thief, "192.0.2.66", "faux") == 429
    assert all(row.count <= 20 for row in rows(base, select(Attempts)))


def test_attack_from_many_networks_leaves_the_browsers_of_the_account_alone(
    app: Flask, base: Session
) -> None:
    user_id = make_user(base)
    make_user(base, "autre@exemple.fr")
    with writing(base):
        user = service.account(base, user_id)
        service.set_password(base, user, PASSWORD, "http://x.fr", but_session=None)
    owner, thief = app.test_client(), app.test_client()
    with time_machine.travel("2026-03-02T09:00:00Z", tick=False) as clock:
        submit(thief, "/connexion", courriel="autre@exemple.fr")
        came = submit(thief, link_in(letters(base)[-1]))
        assert came.status_code == 303  # known, but to another's account
        submit(thief, "/deconnexion", "/espace/compte")
        assert tries(owner, "192.0.2.1", PASSWORD) == 303
        submit(owner, "/deconnexion", "/espace/compte")
        for n in range(ACCOUNT.free):
            limits.attempt(base, limits.sign_in_limits("password", EMAIL, f"198.51.{n}.1"))
        assert tries(thief, "203.0.113.1", PASSWORD) == 429
        assert tries(app.test_client(), "203.0.113.2", PASSWORD) == 429
        # The same from wherever it is, and only as often as the account could be tried.
        assert tries(owner, "203.0.113.3", "faux") == 400
        for n in range(ACCOUNT.free - 1):
            keys = limits.sign_in_limits("password", EMAIL, f"198.18.{n}.1", _name(app, owner))
            limits.attempt(base, keys)
        assert tries(owner, "203.0.113.4", PASSWORD) == 429
        clock.shift(61)
        assert tries(owner, "203.0.113.4", PASSWORD) == 303
    for value in ("", "faux", f"{held(owner)}x"):
        owner.set_cookie("connu", value)
        assert _name(app, owner) is None


def held(browser: FlaskClient) -> str:
    cookie = browser.get_cookie("connu")
    assert cookie is not None
    return cookie.value


def _name(app: Flask, browser: FlaskClient) -> str | None:
    """What the site calls this browser, for this account."""
    with app.test_request_context(headers={"Cookie": f"connu={held(browser)}"}):
        return recognised(EMAIL)


def test_address_that_tries_many_accounts_waits(base: Session) -> None:
    def refused(address: str, account: str) -> bool:
        try:
            limits.attempt(base, limits.sign_in_limits("password", account, address))
        except limits.TooManyError:
            return True
        return False

    with time_machine.travel("2026-03-02T09:00:00Z", tick=False):
        answers = [refused("2001:db8::1", f"a{n}@exemple.fr") for n in range(22)]
        assert answers == [False] * 20 + [True] * 2
        assert refused("2001:db8::ffff", "b@exemple.fr")  # the same network
        assert not refused("2001:db8:0:1::1", "b@exemple.fr")


def test_letters_to_one_address_wait_and_are_not_queued(app: Flask, base: Session) -> None:
    browser = app.test_client()
    with time_machine.travel("2026-03-02T09:00:00Z", tick=False):
        asked = [submit(browser, "/connexion", courriel=EMAIL).status_code for _ in range(5)]
    assert asked == [303] * 3 + [429] * 2
    assert len(letters(base)) == 3


@pytest.mark.parametrize(
    ("count", "seconds"),
    [(1, 0), (4, 0), (5, 5), (6, 10), (8, 40), (14, 2560), (15, 3600), (10**6, 3600)],
)
def test_wait_doubles_up_to_its_longest(count: int, seconds: int) -> None:
    assert PAIR.wait(count) == timedelta(seconds=seconds)


def test_account_has_room_for_all_that_one_address_may_do_in_a_day() -> None:
    def most(limit: Limit) -> int:
        count, at = 0, timedelta()
        while at < DAY:
            count += 1
            at += limit.wait(count)
        return count

    assert most(PAIR) < ACCOUNT.free
    assert most(limits.LETTERS_PAIR) < limits.LETTERS_ACCOUNT.free
