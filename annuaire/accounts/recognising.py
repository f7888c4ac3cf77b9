"""Browsers in which an account was signed in: who attacks it from many networks does not keep its
own person out of them. For views only.

Such a browser holds a signed cookie: the account's address, hashed under our key, and a name drawn
for this browser, under which its attempts are counted apart. It opens nothing by itself.
"""

import hmac
from contextlib import suppress
from datetime import timedelta
from typing import Final

from flask import request
from werkzeug.wrappers import Response

from annuaire.accounts.tokens import new_token
from annuaire.extensions import settings
from annuaire.mail import links as signed

LASTS: Final = timedelta(days=180)
_PURPOSE: Final = "known-browser"


def cookie_name() -> str:
    """« __Host- » ties the cookie to this very host and to HTTPS, where there is HTTPS."""
    return "__Host-connu" if settings().production else "connu"


def recognised(email: str) -> str | None:
    """The name of this browser, when the account of this address was signed in in it."""
    with suppress(signed.LinkError):
        token = request.cookies.get(cookie_name(), "")
        age = int(LASTS.total_seconds())
        account, name = signed.read(settings().secret_key, _PURPOSE, token, age)
        return str(name) if hmac.compare_digest(account, _account(email)) else None
    return None


def recognise(response: Response, email: str) -> None:
    """Let the browser be known for half a year as one of this account's, the last that was signed
    in there; the name that it has stays, and its count with it."""
    value = [_account(email), recognised(email) or new_token()]
    response.set_cookie(
        cookie_name(),
        signed.sign(settings().secret_key, _PURPOSE, value),
        max_age=LASTS,
        secure=settings().production,
        httponly=True,
        samesite="Lax",
        path="/",
    )


def _account(email: str) -> str:
    key = settings().secret_key.encode()
    return hmac.new(key, f"{_PURPOSE}:{email}".encode(), "sha256").hexdigest()
