"""Cookies that we never gave: who sends one is a visitor."""

from flask import Flask
from sqlalchemy.orm import Session

from tests.factories.accounts import make_user


def test_forged_cookie_is_a_visitor(app: Flask, base: Session) -> None:
    make_user(base)
    browser = app.test_client()
    for cookie in ("", "a", "a" * 4_000, "%00", "';--", '"', "é", "a" * 43, "null", "{}"):
        headers = {"Cookie": f"compte={cookie}"}
        assert browser.get("/espace/compte", headers=headers).status_code == 303, cookie
        assert browser.get("/aide", headers=headers).status_code == 200
