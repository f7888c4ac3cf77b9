"""Answers to programs: the format asked for, a fingerprint, limits told, compressed."""

from collections.abc import Iterable, Mapping
from math import ceil
from time import time
from typing import Any, Final

import orjson
from flask import Response, request
from werkzeug.exceptions import NotAcceptable, RequestEntityTooLarge, UnsupportedMediaType

from annuaire.api.views.unchanged import remember
from annuaire.extensions import compress, limiter
from annuaire.problems import MEDIA_TYPE, problem

JSON: Final = "application/json"
CSV: Final = "text/csv"
GEOJSON: Final = "application/geo+json"
CALLER: Final = "annuaire.api_caller"  # of the request: the key that asks
MAX_AGE: Final = 60  # seconds that anybody may keep an answer


def chosen(*types: str) -> str:
    """The type that the request prefers; the first without a preference. Raises NotAcceptable."""
    if not request.accept_mimetypes:
        return types[0]
    best = request.accept_mimetypes.best_match(types)
    if best is None:
        raise NotAcceptable
    return best


def json_answer(values: Mapping[str, Any], media_type: str = JSON) -> Response:
    """Values as JSON with their fingerprint, to be kept for a minute."""
    return kept(Response(orjson.dumps(values), mimetype=media_type))


def kept(response: Response) -> Response:
    """An answer that is the same for everyone, with its fingerprint."""
    response.add_etag()
    response.cache_control.public = True
    response.cache_control.max_age = MAX_AGE
    response.vary.add("Accept")
    return response


def posted(values: Mapping[str, Any]) -> Response:
    """The answer to what was sent: nobody keeps it."""
    response = Response(orjson.dumps(values), mimetype=JSON)
    response.cache_control.no_store = True
    return response


def sent_body(most: int) -> bytes:
    """The body of a request that announces JSON. Raises UnsupportedMediaType, and
    RequestEntityTooLarge past `most` bytes."""
    if not request.is_json:
        raise UnsupportedMediaType
    data = request.get_data()  # the application refused what is over its own limit
    if len(data) > most:
        raise RequestEntityTooLarge
    return data


def problem_answer(
    status: int, detail: str, errors: Iterable[Mapping[str, str]] = (), type_: str | None = None
) -> Response:
    """Problem details (RFC 9457)."""
    body = orjson.dumps(problem(status, detail, errors, type_))
    return Response(body, status=status, mimetype=MEDIA_TYPE)


def finish(response: Response) -> Response:
    """Tell the limits, compress, and answer 304 when the reader has it already."""
    _tell_limits(response)
    response = compress.after_request(response)
    if response.status_code == 200 and "ETag" in response.headers:
        remember(response)
        response.make_conditional(request)
    return response


def _tell_limits(response: Response) -> None:
    """The headers of draft-ietf-httpapi-ratelimit-headers: `q` and `r` are requests, `w` and `t`
    seconds."""
    limit = limiter.current_limit
    if limit is None:
        return
    seconds = max(1, ceil(limit.reset_at - time()))
    window = limit.limit.get_expiry()
    name = "cle" if request.environ.get(CALLER) else "adresse"
    response.headers["RateLimit-Policy"] = f'"{name}";q={limit.limit.amount};w={window}'
    response.headers["RateLimit"] = f'"{name}";r={max(0, limit.remaining)};t={seconds}'
    if limit.breached:
        response.headers["Retry-After"] = str(seconds)
