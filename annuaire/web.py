"""What every page needs of Flask: headers, filters, static addresses, error pages."""

import hashlib
import secrets
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, jsonify, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import (
    BadRequest,
    HTTPException,
    InternalServerError,
    NotFound,
    ServiceUnavailable,
)

from annuaire import problems
from annuaire.accounts.current import WHO
from annuaire.errors import InvalidInputError, NotFoundError, WithdrawnError
from annuaire.extensions import csrf
from annuaire.wording import FILTERS
from search.engine import EngineUnavailable

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), payment=(), usb=()",
}
ERROR_PAGES = (400, 401, 403, 404, 405, 410, 500)
NAMES = {  # what a program that reads JSON is told when nothing more precise is known
    400: "Demande mal formée.",
    401: "Cette adresse demande un compte.",
    403: "Votre compte ne donne pas accès à cette adresse.",
    404: "Il n’y a rien à cette adresse.",
    410: "Ce qui était à cette adresse a été retiré.",
    405: "L’adresse existe, mais elle n’accepte pas cette action.",
    500: "Une erreur est survenue de notre côté ; rien n’a été perdu.",
}
MESSAGES = {
    413: "Ce qui a été envoyé est trop lourd. Rien n’a été enregistré.",
    414: "L’adresse demandée est trop longue : raccourcissez votre recherche.",
    429: "Trop de demandes en peu de temps : attendez une minute, puis recommencez.",
    503: "Le service est arrêté pour quelques instants : réessayez dans une minute.",
}
NO_SEARCH = (
    "La recherche ne répond pas. Les pages des structures et des marchés dont vous avez l’adresse "
    "restent ouvertes, et rien n’est perdu : réessayez dans une minute."
)
STALE_FORM = (
    "Ce formulaire n’est plus valable : la page est ouverte depuis trop longtemps, ou votre "
    "navigateur refuse les cookies. Rien n’a été changé : rechargez la page, puis recommencez."
)
FRAMED = "annuaire.framed"  # of the request: its page is made for frames of other sites
A_MINUTE = 60  # seconds, after which what is away is asked again
FIVE_MINUTES = 300  # seconds
A_YEAR = 31_536_000


def csp_nonce() -> str:
    """The nonce of this answer's scripts, made when first asked for."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def origin_of(address: str) -> str:
    """Scheme and host of an address, as a policy names them."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def content_security_policy(
    nonce: str | None, tiles_url: str | None, provider: str | None = None
) -> str:
    """Everything from this site alone; images may come from the tile server when one is set, and
    the form of sign-out lead to the identity `provider`."""
    images = ["'self'", "data:"]
    if tiles_url:
        parts = urlsplit(tiles_url.replace("{s}", "*"))
        if parts.netloc:
            images.append(f"{parts.scheme}://{parts.netloc}")
    forms = f" {origin_of(provider)}" if provider else ""
    scripts = "'self'" + (f" 'nonce-{nonce}'" if nonce else "")
    return (
        f"default-src 'self'; script-src {scripts}; style-src 'self'; img-src {' '.join(images)}; "
        f"object-src 'none'; base-uri 'none'; form-action 'self'{forms}; frame-ancestors 'none'"
    )


def wants_fragment() -> bool:
    """Whether htmx asks for a part of the page only (never when it restores its history)."""
    return "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers


def suggestions_json(found: Sequence[dict[str, str]]) -> Response:
    """What the text being typed may become: the same for everyone, so kept for a while."""
    response = jsonify({"suggestions": found})
    response.cache_control.public = True
    response.cache_control.max_age = FIVE_MINUTES
    return response


@cache
def _content_hash(path: Path, _modified_ns: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def static_url(filename: str) -> str:
    """Address of a static file that changes with its content, so that it may be kept for a year.

    A file that is not there (front-end files not copied yet) gets its plain address.
    """
    path = Path(current_app.static_folder or "") / filename
    try:
        version = _content_hash(path, path.stat().st_mtime_ns)
    except OSError:
        return url_for("static", filename=filename)
    # Put together here: a page names some fifteen files, and `url_for` is most of their cost.
    return f"{request.script_root}{current_app.static_url_path}/{filename}?v={version}"


def _render_error(code: int, message: str | None) -> str:
    """An error page, made without the context processors: one of them may be what failed."""
    name = f"errors/{code if code in ERROR_PAGES else 400 if code < 500 else 500}.html"
    user = request.environ.get(WHO)  # known already, or nobody: nothing is asked any more
    return current_app.jinja_env.get_template(name).render(message=message, code=code, user=user)


def _http_error(error: HTTPException) -> Response:
    code = error.code or 500
    if code < 400:
        return error.get_response()  # type: ignore[return-value]  # a redirect, as it is
    own = error.description if error.description != type(error).description else None
    own = own or MESSAGES.get(code)
    response = Response(status=code)
    own_headers = {"content-type", "content-length"}
    response.headers.extend((k, v) for k, v in error.get_headers() if k.lower() not in own_headers)
    if code == 503:
        response.headers.setdefault("Retry-After", str(A_MINUTE))
    if problems.answers_programs(request.path):
        detail = own or problems.DETAILS.get(code) or NAMES.get(code, NAMES[400])
        response.set_data(current_app.json.dumps(problems.problem(code, detail)))
        response.mimetype = problems.MEDIA_TYPE
    elif request.path.endswith(".json"):
        response.set_data(
            current_app.json.dumps({"error": own or NAMES.get(code, NAMES[400]), "status": code})
        )
        response.mimetype = "application/json"
    else:
        response.set_data(_render_error(code, own))
        response.mimetype = "text/html"
    return response


def _own_error(error: NotFoundError | InvalidInputError) -> Response:
    code = 404 if isinstance(error, NotFoundError) else 400
    code = 410 if isinstance(error, WithdrawnError) else code
    from_http = HTTPException(description=error.message)
    from_http.code = code
    return _http_error(from_http)


def refuse_nul() -> None:
    """No address, filter or form of ours holds a NUL, and PostgreSQL takes none."""
    if "\0" in request.path:
        raise NotFound
    sent = [*request.args.items(multi=True), *request.form.items(multi=True)]
    if any("\0" in text for pair in sent for text in pair):
        raise BadRequest(description="Un caractère nul a été reçu : corrigez ce qui est demandé.")


def _unexpected(error: InternalServerError) -> Response:
    return _http_error(InternalServerError())  # its cause is in the log, never on the page


def _without_search(error: EngineUnavailable) -> Response:
    current_app.logger.error("search engine: %s", error)
    return _http_error(ServiceUnavailable(description=NO_SEARCH))


def _stale_form(error: CSRFError) -> Response:
    return _http_error(BadRequest(STALE_FORM))


def init_web(app: Flask, tiles_url: str | None = None, *, production: bool = False) -> None:
    """Give `app` the filters, globals, headers and error pages; call once, in the factory.

    `tiles_url` is a Leaflet template such as https://{s}.exemple.fr/{z}/{x}/{y}.png, or None: the
    map then draws our own outlines and the pages ask nothing of any other host. In `production`,
    browsers are told to come by HTTPS alone.
    """
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.globals.update(
        csp_nonce=csp_nonce,
        static_url=static_url,
        tiles_url=tiles_url or "",
        tiles_host=urlsplit(tiles_url or "").netloc.replace("{s}.", ""),
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    csrf.init_app(app)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(InternalServerError, _unexpected)
    app.register_error_handler(NotFoundError, _own_error)
    app.register_error_handler(InvalidInputError, _own_error)
    app.register_error_handler(EngineUnavailable, _without_search)

    app.before_request(refuse_nul)

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            if name != "X-Frame-Options" or FRAMED not in request.environ:
                response.headers.setdefault(name, value)
        if production:
            response.headers.setdefault("Strict-Transport-Security", f"max-age={A_YEAR}")
        response.headers.setdefault(
            "Content-Security-Policy", content_security_policy(g.get("csp_nonce"), tiles_url)
        )
        if response.mimetype == "text/html":
            response.vary.add("HX-Request")  # one address, a whole page or a part of it
        if request.endpoint == "static" and "v" in request.args and response.status_code == 200:
            response.cache_control.no_cache = None
            response.cache_control.public = True
            response.cache_control.max_age = A_YEAR
            response.cache_control.immutable = True
        return response
