"""The OpenAPI 3.1 description, made of the operations and the schemas that answer them."""

from typing import Any, Final

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema

from annuaire.api.describing.operations import OPERATIONS, Operation
from annuaire.api.describing.samples import sample
from annuaire.api.schemas.answers import ProblemSchema
from annuaire.problems import MEDIA_TYPE, TITLES

VERSION: Final = "1.0.0"  # of the API: its first number is that of its addresses
ABOUT: Final = (
    "Structures inclusives, marchés publics et clauses sociales. Lecture libre et sans clé, dans "
    "la limite dite par les en-têtes RateLimit ; une clé relève la limite et ouvre les dépôts et "
    "les webhooks. Un besoin, un texte ou des numéros envoyés ne sont pas gardés."
)
LICENCE: Final = "Licence de chaque source : voir /donnees"


def description(public_url: str) -> dict[str, Any]:
    """The whole description, for the address at which this site is known."""
    spec = APISpec(
        title="API d’annuaire",
        version=VERSION,
        openapi_version="3.1.0",
        plugins=[MarshmallowPlugin(schema_name_resolver=_name)],
        info={"description": ABOUT, "license": {"name": LICENCE, "url": f"{public_url}/donnees"}},
        servers=[{"url": f"{public_url}/api/v1"}],
    )
    spec.components.security_scheme("key", {"type": "http", "scheme": "bearer"})
    for operation in OPERATIONS:
        spec.path(path=operation.path, operations={operation.method: _operation(operation)})
    return spec.to_dict()


def _name(schema: Any) -> str:
    """The name of a schema's component."""
    found = schema if isinstance(schema, type) else type(schema)
    return str(found.__name__).removesuffix("Schema")


def _operation(operation: Operation) -> dict[str, Any]:
    found: dict[str, Any] = {
        "operationId": operation.id,
        "summary": operation.summary,
        "parameters": list(operation.parameters),
        "security": [{"key": []}] if operation.needs_key else [{}, {"key": []}],
        "responses": _responses(operation),
    }
    if operation.needs_key:
        found["x-scope"] = (
            f"obligatoire ; portée {operation.scope}"
            if operation.scope
            else ("obligatoire, de toute portée")
        )
    if operation.body is not None:
        content = {"application/json": {"schema": operation.body}}
        found["requestBody"] = {"required": True, "content": content}
    return found


def _responses(operation: Operation) -> dict[str, Any]:
    shown = {"schema": operation.answer, "example": sample(operation.id)}
    content: dict[str, Any] = {"application/json": shown}
    if operation.table:
        content["text/csv"] = {"schema": {"type": "string"}}
        content["application/geo+json"] = {"schema": {"type": "object"}}
    told = {"description": "La réponse.", "content": content}
    found: dict[str, Any] = {str(operation.status): told}
    if operation.again:
        found[str(operation.again)] = told | {"description": "C’était déjà fait."}
    if operation.method == "get":
        found["304"] = {"description": "Inchangée depuis l’empreinte donnée (If-None-Match)."}
    if operation.moved:
        found["301"] = {"description": "L’adresse d’aujourd’hui.", "headers": _LOCATION}
    for status in sorted({*operation.refusals, 401, 403}):
        found[str(status)] = _refusal(status, ProblemSchema)
    return found


_LOCATION: Final = {"Location": {"schema": {"type": "string"}}}


def _refusal(status: int, schema: type[Schema]) -> dict[str, Any]:
    return {"description": f"{TITLES[status]}.", "content": {MEDIA_TYPE: {"schema": schema}}}
