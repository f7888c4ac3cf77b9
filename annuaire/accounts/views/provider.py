"""`/connexion/fournisseur`: by an OpenID Connect provider (ProConnect), when the settings name one.

The code flow with PKCE, by Authlib: state, nonce and verifier are in the signed cookie of the
browser that left, so that no other can end it.
"""

import logging
from collections.abc import Mapping
from typing import Any, Final, cast

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import FlaskOAuth2App, OAuth
from flask import Blueprint, Flask, abort, current_app, flash, redirect, request
from flask import session as cookie
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from requests import RequestException
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
SCOPES: Final = "openid given_name usual_name email siret uid"
TIMEOUT: Final = 10  # seconds
SIGNED: Final = ["RS256", "ES256", "PS256"]
FAILED = (
    "La connexion n’a pas abouti chez le fournisseur d’identité. Recommencez, ou demandez un lien "
    "par courriel."
)


def init_provider(app: Flask, wanted: Settings) -> None:
    """Make the client of the provider that the settings name, if they do; it asks nothing yet."""
    if wanted.oidc_issuer is None:
        return
    OAuth(app).register(
        "oidc",
        client_id=wanted.oidc_client_id,
        client_secret=wanted.oidc_client_secret,
        server_metadata_url=f"{wanted.oidc_issuer}/.well-known/openid-configuration",
        client_kwargs={
            "scope": SCOPES,
            "code_challenge_method": "S256",
            "default_timeout": TIMEOUT,
        },
    )


def _client() -> FlaskOAuth2App:
    """The provider's client; without a provider there is no such page."""
    if settings().oidc_issuer is None:
        abort(404)
    oauth = current_app.extensions["authlib.integrations.flask_client"]
    return cast(FlaskOAuth2App, oauth.create_client("oidc"))


@pages.get(PATH)
def leave() -> Response:
    """Go to the provider."""
    client = _client()
    cookie[NEXT] = own_path(request.args.get("next", ""))
    try:
        return cast(Response, client.authorize_redirect(f"{site()}{RETURN}"))
    except (AuthlibBaseError, RequestException, ValueError) as error:
        return _failed(error)


@pages.get(RETURN)
def come_back() -> Response:
    """Come back from it, with a code to exchange."""
    client = _client()
    try:
        token = client.authorize_access_token()
        claims = {**token["userinfo"], **_userinfo(client, token)}
        who = providing.identity(str(token["userinfo"]["iss"]), claims)
        with writing(session()) as db:
            proved = providing.enter(db, who, str(cookie.pop(NEXT, "")), site())
            step = Step(db, proved) if proved else None
    except ProviderError as error:
        flash(error.message, "error")
        return redirect("/connexion", 303)
    except (AuthlibBaseError, JoseError, RequestException, KeyError, ValueError) as error:
        return _failed(error)
    if step:
        return step.response()
    cookie[CAME_AS] = [who.issuer, who.subject]
    return redirect(SENT, 303)


def _userinfo(client: FlaskOAuth2App, token: Mapping[str, Any]) -> dict[str, Any]:
    """What the provider tells of the person: JSON, or a signed token (ProConnect). Raises
    JoseError, ValueError."""
    address = client.load_server_metadata().get("userinfo_endpoint")
    if address is None:
        return {}
    answer = client.get(address, token=token)
    answer.raise_for_status()
    if "jwt" in answer.headers.get("Content-Type", ""):
        keys = KeySet.import_key_set(client.fetch_jwk_set())
        claims = dict(jwt.decode(answer.text, keys, algorithms=SIGNED).claims)
    else:
        claims = dict(answer.json())
    if claims.get("sub") != token["userinfo"]["sub"]:  # OpenID Connect Core, 5.3.2
        raise ValueError("userinfo speaks of another person")
    return {name: value for name, value in claims.items() if name not in {"iss", "sub"}}


def _failed(error: Exception) -> Response:
    logger.warning("provider: %s: %s", type(error).__name__, error)
    flash(FAILED, "error")
    return redirect("/connexion", 303)
