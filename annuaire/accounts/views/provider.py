"""`/connexion/fournisseur`: by an OpenID Connect provider (ProConnect), when settings name one."""

import logging
from types import ModuleType
from typing import Final

from flask import Blueprint, Flask, abort, flash, redirect, request
from flask import session as cookie
from werkzeug.wrappers import Response

from annuaire.accounts import providing
from annuaire.accounts.providing import ProviderError
from annuaire.accounts.views.base import CAME_AS, Step, own_path, site
from annuaire.accounts.views.signing_in import SENT
from annuaire.config import Settings
from annuaire.db import writing
from annuaire.extensions import session, settings

pages = Blueprint("provider", __name__)
logger = logging.getLogger(__name__)

PATH: Final = "/connexion/fournisseur"
RETURN: Final = f"{PATH}/retour"
NEXT: Final = "suite"
FAILED = (
    "La connexion n’a pas abouti chez le fournisseur d’identité. Recommencez, ou demandez un lien "
    "par courriel."
)


def init_provider(app: Flask, wanted: Settings) -> None:
    """Make ready for the provider that the settings name, if they do; it is asked nothing yet."""
    if wanted.oidc_issuer is not None:
        _protocol().register(app, wanted)


def _protocol() -> ModuleType:
    """Imported where there is a provider: most sites have none."""
    from annuaire.accounts.views import openid

    return openid


@pages.before_request
def only_with_a_provider() -> None:
    """Without a provider there are no such pages."""
    if settings().oidc_issuer is None:
        abort(404)


@pages.get(PATH)
def leave() -> Response:
    """Go to the provider."""
    openid = _protocol()
    cookie[NEXT] = own_path(request.args.get("next", ""))
    try:
        away: Response = openid.way_there(f"{site()}{RETURN}")
    except openid.OpenIdFailure as error:
        return _failed(error)
    return away


@pages.get(RETURN)
def come_back() -> Response:
    """Come back from it, with a code to exchange."""
    openid = _protocol()
    try:
        claims = openid.claims()
        who = providing.identity(claims["iss"], claims)
        with writing(session()) as db:
            proved = providing.enter(db, who, str(cookie.pop(NEXT, "")), site())
            step = Step(db, proved) if proved else None
    except ProviderError as error:
        flash(error.message, "error")
        return redirect("/connexion", 303)
    except (openid.OpenIdFailure, KeyError, ValueError) as error:
        return _failed(error)
    if step:
        return step.response()
    cookie[CAME_AS] = [who.issuer, who.subject]
    return redirect(SENT, 303)


def _failed(error: Exception) -> Response:
    logger.warning("provider: %s: %s", type(error).__name__, error)
    flash(FAILED, "error")
    return redirect("/connexion", 303)
