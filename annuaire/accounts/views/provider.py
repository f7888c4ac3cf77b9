"""`/connexion/fournisseur`: by an OpenID Connect provider (ProConnect), when settings name one."""

import logging
from types import ModuleType
from typing import Final

from flask import Blueprint, Flask, abort, flash, g, redirect, request
from flask import session as cookie
from werkzeug.wrappers import Response

from annuaire.accounts import providing
from annuaire.accounts.providing import ProviderError
from annuaire.accounts.views.base import CAME_AS, Step, own_path, site
from annuaire.accounts.views.leaving import BACK, keep
from annuaire.accounts.views.signing_in import SENT
from annuaire.config import Settings
from annuaire.db import writing
from annuaire.extensions import session, settings
from annuaire.web import content_security_policy

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
    if wanted.oidc_issuer is None:
        return
    _protocol().register(app, wanted)

    @app.after_request
    def lead_there(response: Response) -> Response:
        """The form of sign-out ends at the provider, which browsers allow by `form-action`."""
        if (request.endpoint or "").startswith("account."):
            policy = content_security_policy(
                g.get("csp_nonce"), wanted.tiles_url, wanted.oidc_issuer
            )
            response.headers["Content-Security-Policy"] = policy
        return response


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
        claims, id_token = openid.claims()
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
        response = step.response()
    else:
        cookie[CAME_AS] = [who.issuer, who.subject]
        response = redirect(SENT, 303)
    keep(response, id_token)
    return response


@pages.get(BACK)
def come_out() -> Response:
    """Come back from it signed out there too; an address that one did not leave by says
    nothing."""
    if _protocol().came_out():
        flash(f"Vous êtes déconnecté, ici et chez {settings().oidc_name}.")
    return redirect("/", 303)


def _failed(error: Exception) -> Response:
    logger.warning("provider: %s: %s", type(error).__name__, error)
    flash(FAILED, "error")
    return redirect("/connexion", 303)
