"""/api/v1/key: a key as its holder sees it."""

from flask import Response

from annuaire.api.schemas.keys import KeySchema
from annuaire.api.views.answering import JSON, chosen, posted
from annuaire.api.views.base import KEY_READING, KEY_WORKING, api
from annuaire.api.views.callers import caller
from annuaire.asking import today
from annuaire.extensions import session
from annuaire.platforms.models import ApiKey
from annuaire.platforms.usage import SHOWN, usage_of


@api.get("/key")
def key() -> Response:
    """The key that asks, its limits, what it asked by day."""
    chosen(JSON)
    found = caller()
    assert found is not None, "the operation needs a key"  # noqa: S101 - said to the type checker
    held = session().get_one(ApiKey, found.key_id)
    used = session().execute(usage_of([held.id], today() - SHOWN))
    limits = {"reading": KEY_READING.split()[0], "working": KEY_WORKING.split()[0]}
    values = {name: getattr(held, name) for name in KeySchema().fields if hasattr(held, name)}
    rows = [{"day": row.day, "operation": row.operation, "count": row.count} for row in used]
    return posted(KeySchema().dump(values | {"limits": limits, "usage": rows}))
