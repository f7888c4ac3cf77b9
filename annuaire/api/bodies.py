"""The JSON that a program sends: of a known size and depth, then checked field by field."""

from typing import Any, Final

import orjson
from marshmallow import Schema, ValidationError

from annuaire.api.refusals import refused_body
from annuaire.errors import InvalidInputError

MAX_BYTES: Final = 1_000_000
MAX_DEPTH: Final = 8  # the deepest that we read holds three levels
NOT_JSON: Final = "Le corps de la demande n’est pas du JSON (UTF-8)."
TOO_DEEP: Final = f"Le JSON est imbriqué sur plus de {MAX_DEPTH} niveaux."
NUL: Final = "Un caractère nul a été reçu : retirez-le."


def read_body(data: bytes, schema: Schema) -> dict[str, Any]:
    """The values of a body. Raises InvalidInputError for what is no JSON, RefusedError for fields
    that cannot be used."""
    try:
        sent = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise InvalidInputError(NOT_JSON) from error
    _check(sent)
    try:
        found: dict[str, Any] = schema.load(sent)
    except ValidationError as error:
        messages: Any = error.messages
        raise refused_body(messages) from error
    return found


def _check(sent: Any) -> None:
    """Walk without recursion: the depth is the sender's."""
    level: list[Any] = [sent]
    for _ in range(MAX_DEPTH + 1):
        if any(isinstance(value, str) and "\0" in value for value in level):
            raise InvalidInputError(NUL)
        level = [inner for value in level for inner in _inside(value)]
        if not level:
            return
    raise InvalidInputError(TOO_DEEP)


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [*value, *value.values()]
    return value if isinstance(value, list) else []
