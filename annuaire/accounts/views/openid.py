"""What the provider's protocol asks: the code flow with PKCE, by Authlib.

State, nonce and verifier are in the signed cookie of the browser that left, so that no other can
end it. Imported by sites that have a provider: these libraries take 20 MB of each process.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, cast

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import FlaskOAuth2App, OAuth
from flask import Flask, current_app
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from requests import RequestException
from werkzeug.wrappers import Response

from annuaire.config import Settings
from annuaire.web import origin_of

SCOPES: Final = "openid given_name usual_name email siret uid"
TIMEOUT: Final = 10  # seconds
SIGNED: Final = ["RS256", "ES256", "PS256"]


class OpenIdFailure(Exception):  # noqa: N818 - what happened at the provider, for the log
    """The provider did not answer, or not as the protocol wants."""


@contextmanager
def _failures() -> Iterator[None]:
    try:
        yield
    except (AuthlibBaseError, JoseError, RequestException, KeyError, ValueError) as error:
        raise OpenIdFailure(f"{type(error).__name__}: {error}") from error


def register(app: Flask, wanted: Settings) -> None:
    """Make the client of the provider that the settings name; it asks nothing yet."""
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
    oauth = current_app.extensions["authlib.integrations.flask_client"]
    return cast(FlaskOAuth2App, oauth.create_client("oidc"))


def way_there(back: str) -> Response:
    """The redirection to the provider, which sends people to `back`. Raises OpenIdFailure."""
    with _failures():
        return cast(Response, _client().authorize_redirect(back))


def way_out(back: str, id_token: str) -> Response:
    """The redirection by which the provider ends its own session, then sends people to `back`
    (RP-Initiated Logout 1.0, section 2). Raises OpenIdFailure, also for one that has no such
    address or gives it at another host: its own pages would not be allowed to lead there."""
    client = _client()
    with _failures():
        known = client.load_server_metadata()
        there = str(known["end_session_endpoint"])
        if origin_of(there) != origin_of(str(known["issuer"])):
            raise ValueError(f"end_session_endpoint is elsewhere: {there[:200]}")
        return cast(
            Response, client.logout_redirect(post_logout_redirect_uri=back, id_token_hint=id_token)
        )


def came_out() -> bool:
    """Whether it sends back who left by `way_out` in this browser: its `state` says so (section
    3)."""
    try:
        _client().validate_logout_response()
    except AuthlibBaseError:
        return False
    return True


def claims() -> tuple[dict[str, Any], str]:
    """What the provider says of who came back with a code, `iss` and `sub` among it, and the token
    that says it. Raises OpenIdFailure."""
    client = _client()
    with _failures():
        token = client.authorize_access_token()
        told = {**token["userinfo"], **_userinfo(client, token)}
        return told | {"iss": str(token["userinfo"]["iss"])}, str(token["id_token"])


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
