"""/api/v1/openapi.json for programs, /api/v1/docs for people."""

from functools import cache

import orjson
from flask import Response, render_template

from annuaire.api.describing.openapi import VERSION, description
from annuaire.api.describing.pages import shown_operations, shown_schemas
from annuaire.api.lists import LIMIT, MAX_LIMIT
from annuaire.api.schemas.asked import MAX_CHARACTERS, MAX_NUMBERS
from annuaire.api.views.answering import kept
from annuaire.api.views.base import KEY_READING, KEY_WORKING, READING, WORKING, api
from annuaire.extensions import settings


@api.get("/openapi.json")
def openapi() -> Response:
    """The OpenAPI description."""
    return kept(Response(_written(settings().public_url), mimetype="application/json"))


@api.get("/docs")
def docs() -> str:
    """The same, to be read."""
    spec = description(settings().public_url)
    return render_template(
        "api/docs.html",
        version=VERSION,
        operations=shown_operations(spec),
        schemas=shown_schemas(spec),
        limits={
            "reading": READING.split()[0],
            "working": WORKING.split()[0],
            "key_reading": KEY_READING.split()[0],
            "key_working": KEY_WORKING.split()[0],
            "page": LIMIT,
            "longest_page": MAX_LIMIT,
            "characters": MAX_CHARACTERS,
            "numbers": MAX_NUMBERS,
        },
    )


@cache
def _written(public_url: str) -> bytes:
    return orjson.dumps(description(public_url))
