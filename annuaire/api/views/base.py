"""What every answer of the API has: limits, headers, problems in the place of pages."""

from typing import Final

from flask import Blueprint, Response, request

from annuaire.api.refusals import RefusedError
from annuaire.api.views.answering import finish, problem_answer
from annuaire.api.views.callers import count_usage, keyed, refuse_without_right, whose
from annuaire.api.views.sandbox import sampled
from annuaire.api.views.unchanged import already_had
from annuaire.extensions import csrf, limiter, settings

PREFIX: Final = "/api/v1"
#: How often one address, or the keys of one family, may ask each thing; each serving process
#: counts for itself.
READING: Final = "120 per minute"
WORKING: Final = "30 per minute"  # what takes the processor a while: POST
KEY_READING: Final = "600 per minute"
KEY_WORKING: Final = "120 per minute"
TOO_MANY: Final = (
    "Trop de demandes en une minute : attendez le nombre de secondes de l’en-tête Retry-After."
)


def for_programs(name: str, prefix: str) -> Blueprint:
    """A blueprint whose addresses answer programs: nothing there reads a cookie."""
    made = Blueprint(name, __name__, url_prefix=prefix)
    csrf.exempt(made)
    often = keyed(KEY_READING, READING)
    limiter.limit(often, key_func=whose, error_message=TOO_MANY)(made)
    made.register_error_handler(RefusedError, _refused)
    made.before_request(refuse_without_right)
    made.before_request(sampled)
    made.before_request(already_had)
    made.after_request(_headers)
    return made


#: For views that work: what they are limited to, in the place of READING.
working = limiter.limit(keyed(KEY_WORKING, WORKING), key_func=whose, error_message=TOO_MANY)


def _refused(error: RefusedError) -> Response:
    """A query string or a body that cannot be used, field by field."""
    page = f"{settings().public_url}{PREFIX}/docs#champs"
    return problem_answer(error.status, error.message, error.errors, page)


def _headers(response: Response) -> Response:
    """Limits, compression, 304; reading is open to the scripts of any site, sending is not."""
    count_usage(response)
    if response.mimetype == "text/html" and request.method != "OPTIONS":
        return response  # the page that explains
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Allow-Methods"] = "GET, HEAD"
        response.headers["Access-Control-Allow-Headers"] = "Accept, If-None-Match"
    if request.method in {"GET", "HEAD"}:
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = (
            "ETag, Link, RateLimit, RateLimit-Policy, Retry-After"
        )
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    return finish(response)


api = for_programs("api", PREFIX)
