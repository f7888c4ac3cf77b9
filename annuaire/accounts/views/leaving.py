"""Out of the provider too, for who came in by it: RP-initiated logout.

OpenID Connect RP-Initiated Logout 1.0: https://openid.net/specs/openid-connect-rpinitiated-1_0.html
Section 2 says what is sent (`id_token_hint`, `post_logout_redirect_uri`, `state`), 2.1 where
(`end_session_endpoint` of the provider's metadata), 3 how it sends people back. ProConnect asks it
of every site: https://partenaires.proconnect.gouv.fr/docs/fournisseur-service/deconnexion
"""

import logging
from typing import Final

from flask import flash, request
from werkzeug.wrappers import Response

from annuaire.accounts import sessions
from annuaire.accounts.views.base import site
from annuaire.extensions import settings

#: Where the provider sends people back, to declare to it; its token is sent to `OUT` alone.
BACK: Final = "/connexion/fournisseur/sortie"
OUT: Final = "/deconnexion"
MOST: Final = 3_500  # signs of a token, as browsers keep 4,096 of a cookie
STAYED: Final = (
    "Vous êtes déconnecté d’annuaire. {name} n’a pas pu être prévenu : fermez aussi votre session "
    "chez lui, surtout sur un ordinateur partagé."
)
logger = logging.getLogger(__name__)


def keep(response: Response, id_token: str) -> None:
    """Give the browser the provider's token, by which it will be known when it signs out. It is
    kept nowhere else, as it says who the person is; a longer one than a cookie holds is not."""
    if len(id_token) <= MOST:
        response.set_cookie(
            _name(), id_token, max_age=sessions.LASTS, secure=settings().production, httponly=True,
            samesite="Lax", path=OUT,
        )  # fmt: skip


def way_out() -> Response | None:
    """The redirection to the provider of who came in by it; None for the others, and when it
    cannot be asked, which a message then says."""
    id_token, wanted = request.cookies.get(_name()), settings()
    if not id_token or wanted.oidc_issuer is None:
        return None
    from annuaire.accounts.views import openid  # most sites have no provider

    try:
        away = openid.way_out(f"{site()}{BACK}", id_token)
    except openid.OpenIdFailure as error:
        logger.warning("provider, sign-out: %s", error)
        flash(STAYED.format(name=wanted.oidc_name), "error")
        return None
    return away


def forget(response: Response) -> None:
    """Take the provider's token away from the browser."""
    if _name() in request.cookies:
        response.delete_cookie(
            _name(), secure=settings().production, httponly=True, samesite="Lax", path=OUT
        )


def _name() -> str:
    return "__Secure-jeton" if settings().production else "jeton"
