"""/api/v1/changes: what changed since a moment, for copies of the whole."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from flask import Response, request
from marshmallow import Schema

from annuaire.api.changes import Following, read_following, write_cursor
from annuaire.api.mirrors import Changed, changed_contracts, changed_structures, moment
from annuaire.api.schemas.changes import (
    ContractChangeSchema,
    MirroredContractSchema,
    StructureChangeSchema,
)
from annuaire.api.schemas.structures import StructureSchema
from annuaire.api.views.answering import JSON, chosen, json_answer
from annuaire.api.views.base import api
from annuaire.api.views.listing import linked
from annuaire.asking import arguments, today, values
from annuaire.extensions import session, settings
from annuaire.paging import address
from annuaire.sources import source_titles


@api.get("/changes/structures")
def changes_structures() -> Response:
    """The structures that changed, ended, were joined or withdrawn, the oldest change first."""
    following = _following("structures", list(StructureSchema().fields))
    url = settings().public_url
    found = changed_structures(session(), following, today(), source_titles(), url)
    schema = StructureChangeSchema(only=_only("structure", StructureChangeSchema(), following))
    return _answer("structures", schema, found, following)


@api.get("/changes/contracts")
def changes_contracts() -> Response:
    """The contracts that changed or were joined, the oldest change first."""
    following = _following("contracts", list(MirroredContractSchema().fields))
    found = changed_contracts(session(), following, today(), settings().public_url)
    schema = ContractChangeSchema(only=_only("contract", ContractChangeSchema(), following))
    return _answer("contracts", schema, found, following)


def _following(name: str, known: Sequence[str]) -> Following:
    chosen(JSON)
    return read_following(name, values(), known, settings().secret_key, datetime.now(UTC))


def _only(object_: str, schema: Schema, following: Following) -> tuple[str, ...] | None:
    """The fields of a change, of which `fields` chooses those of the object alone."""
    if following.fields is None:
        return None
    told = [name for name in schema.fields if name != object_]
    return (*told, *(f"{object_}.{name}" for name in following.fields))


def _answer(name: str, schema: Schema, found: Changed, following: Following) -> Response:
    written: list[dict[str, Any]] = schema.dump(found.items, many=True)
    after = None
    if found.next_place:
        secret = settings().secret_key
        cursor = write_cursor(secret, name, found.next_place, following.until)
        path = address(request.path, arguments(), cursor=cursor)
        after = f"{settings().public_url}{path}"
    until = moment(following.until)
    return linked(json_answer({"until": until, "next": after, "items": written}), after)
