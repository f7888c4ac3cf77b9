"""Who notes and asks, as this request knows them: who is signed in, or whose notebook this browser
holds."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Final

from flask import request
from werkzeug.wrappers import Response

from annuaire.accounts.buying import seats_of
from annuaire.accounts.current import current_user
from annuaire.accounts.models import Seat
from annuaire.extensions import session, settings
from annuaire.mail import links as signed
from annuaire.sourcing.links import Links
from annuaire.sourcing.owners import owner_of_address, owner_of_organisation

COOKIE: Final = "carnet"
KEPT: Final = timedelta(days=31)
_PURPOSE: Final = "sourcing-browser"


def now() -> datetime:
    """This moment."""
    return datetime.now(UTC)


def links() -> Links:
    """The signed addresses of this site."""
    return Links(settings().secret_key, settings().public_url)


def seats() -> list[Seat]:
    """The public bodies for which who is signed in surely buys."""
    user = current_user()
    if user is None:
        return []
    return list(session().scalars(seats_of(user.id).where(Seat.verified_at.is_not(None))))


def owners() -> list[str]:
    """Under which names this visitor's notes stand, the one of new notes first; none for someone
    unknown."""
    if user := current_user():
        return [*(owner_of_organisation(s.siret) for s in seats()), owner_of_address(user.email)]
    address = held_address()
    return [owner_of_address(address)] if address else []


def held_address() -> str | None:
    """The confirmed address whose notebook this browser holds."""
    token = request.cookies.get(COOKIE, "")
    with suppress(signed.LinkError):
        return str(signed.read(settings().secret_key, _PURPOSE, token, int(KEPT.total_seconds())))
    return None


def hold(response: Response, address: str) -> None:
    """Let this browser hold the notebook of an address, for a month."""
    response.set_cookie(
        COOKIE,
        signed.sign(settings().secret_key, _PURPOSE, address),
        max_age=KEPT,
        secure=settings().production,
        httponly=True,
        samesite="Lax",
    )


def let_go(response: Response) -> None:
    """Take the notebook away from this browser."""
    response.delete_cookie(COOKIE, secure=settings().production, httponly=True, samesite="Lax")


def private(body: str, code: int = 200) -> Response:
    """A page that a signed address opens: for no search engine, kept by nobody."""
    response = Response(body, code, mimetype="text/html")
    response.cache_control.no_store = True
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "same-origin"  # the address is the key of the page
    return response
