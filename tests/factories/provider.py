"""An OpenID Connect provider on the loopback, which tells of persons what a test wants."""

import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, jsonify, redirect, request
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from werkzeug.serving import make_server
from werkzeug.wrappers import Response as Answer

CLIENT, SECRET = "annuaire", "secret-of-the-tests"
KID = "essai"
DECLARED = "/connexion/fournisseur/sortie"  # where it sends people who signed out


@dataclass
class Provider:
    """A provider that runs. `claims` are what it tells of whoever comes; `signs` makes it answer
    with a signed token, as ProConnect does; `lies` replaces claims of the identity token."""

    issuer: str
    claims: dict[str, Any] = field(default_factory=dict)
    signs: bool = True
    lies: dict[str, Any] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    left: list[dict[str, str]] = field(default_factory=list)


@contextmanager
def provider() -> Iterator[Provider]:
    """Run a provider, on a free port."""
    app = Flask("provider")
    server = make_server("127.0.0.1", 0, app, threaded=True)
    running = Provider(f"http://127.0.0.1:{server.server_port}")
    _routes(app, running)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield running
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _routes(app: Flask, running: Provider) -> None:
    key = RSAKey.generate_key(2048, {"kid": KID}, private=True)
    forger = RSAKey.generate_key(2048, {"kid": KID}, private=True)

    def signed(claims: dict[str, Any]) -> str:
        return jwt.encode(
            {"alg": "RS256", "kid": KID}, claims, forger if "forged" in running.lies else key
        )

    @app.get("/.well-known/openid-configuration")
    def metadata() -> Response:
        here = running.issuer
        return jsonify(
            issuer=here,
            authorization_endpoint=f"{here}/authorize",
            token_endpoint=f"{here}/token",
            userinfo_endpoint=f"{here}/userinfo",
            jwks_uri=f"{here}/jwks",
            end_session_endpoint=f"{here}/session/end",
            id_token_signing_alg_values_supported=["RS256"],
        )

    _way_out(app, running, key)

    @app.get("/jwks")
    def jwks() -> Response:
        return jsonify(KeySet([key]).as_dict(private=False))

    @app.get("/authorize")
    def authorize() -> Answer:
        asked = request.args.to_dict()
        running.asked.append(asked)
        code = secrets.token_urlsafe(16)
        running.codes[code] = asked
        back = urlencode({"code": code, "state": asked["state"]})
        return redirect(f"{asked['redirect_uri']}?{back}")

    @app.post("/token")
    def token() -> Response | tuple[Response, int]:
        asked = running.codes.pop(request.form.get("code", ""), None)
        auth = request.authorization
        right = auth is not None and (auth.username, auth.password) == (CLIENT, SECRET)
        if asked is None or not right or not request.form.get("code_verifier"):
            return jsonify(error="invalid_grant"), 400
        now = int(time.time())
        claims = {
            "iss": running.issuer, "aud": CLIENT, "iat": now, "exp": now + 60,
            "sub": running.claims["sub"], "nonce": asked["nonce"],
        }  # fmt: skip
        return jsonify(
            access_token="access", token_type="Bearer",  # noqa: S106 - no secret
            id_token=signed(claims | running.lies),
        )  # fmt: skip

    @app.get("/userinfo")
    def userinfo() -> Response:
        if running.signs:
            claims = running.claims | {"iss": running.issuer, "aud": CLIENT}
            return Response(signed(claims), mimetype="application/jwt")
        return jsonify(running.claims)


def _way_out(app: Flask, running: Provider, key: RSAKey) -> None:
    @app.get("/session/end")
    def end_session() -> Answer | tuple[str, int]:
        """Section 2 of RP-Initiated Logout 1.0: a token of ours, a declared address."""
        asked = request.args.to_dict()
        known = jwt.decode(asked["id_token_hint"], key).claims  # also one that is past its time
        if known["aud"] != CLIENT or not asked["post_logout_redirect_uri"].endswith(DECLARED):
            return "refused", 400
        running.left.append(asked | {"sub": str(known["sub"])})
        return redirect(f"{asked['post_logout_redirect_uri']}?state={asked['state']}")
