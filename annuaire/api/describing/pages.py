"""The description as a page shows it: operations, parameters and fields, in plain values."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Line:
    """A parameter or a field: its kind in words, its values when they are few."""

    name: str
    kind: str
    description: str
    required: bool = False
    values: tuple[str, ...] = ()
    schema: str = ""  # the name of the object that it holds


@dataclass(frozen=True, slots=True)
class Shown:
    """An operation on the page."""

    id: str
    method: str
    path: str
    summary: str
    parameters: tuple[Line, ...]
    body: str
    answer: str
    formats: tuple[str, ...]
    statuses: tuple[tuple[str, str], ...]
    scope: str  # what the key that it needs must be made for


@dataclass(frozen=True, slots=True)
class ShownSchema:
    """An object with its fields."""

    name: str
    fields: tuple[Line, ...]


KINDS = {
    "string": "texte", "integer": "entier", "number": "nombre", "boolean": "oui ou non",
    "array": "liste", "object": "objet", "null": "nul",
}  # fmt: skip


def shown_operations(spec: Mapping[str, Any]) -> list[Shown]:
    """The operations of a description, in its order."""
    return [
        _shown(path, method, operation)
        for path, methods in spec["paths"].items()
        for method, operation in methods.items()
    ]


def shown_schemas(spec: Mapping[str, Any]) -> list[ShownSchema]:
    """The objects of a description, by name."""
    return [
        ShownSchema(
            name,
            tuple(
                _line(field, each, each.get("description", ""), field in schema.get("required", ()))
                for field, each in schema.get("properties", {}).items()
            ),
        )
        for name, schema in sorted(spec["components"]["schemas"].items())
    ]


def _shown(path: str, method: str, operation: Mapping[str, Any]) -> Shown:
    answers = operation["responses"]
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    content = next(said["content"] for status, said in answers.items() if status < "300")
    return Shown(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        parameters=tuple(
            _line(p["name"], p["schema"], p["description"], p.get("required", False))
            for p in operation["parameters"]
        ),
        body=_referred(body.get("schema", {})),
        answer=_referred(content["application/json"]["schema"]),
        formats=tuple(content),
        statuses=tuple((status, said["description"]) for status, said in sorted(answers.items())),
        scope=operation.get("x-scope", ""),
    )


def _line(name: str, schema: Mapping[str, Any], description: str, required: bool) -> Line:
    inner = schema.get("items", schema)
    types = schema.get("type", "object" if _referred(schema) else "")
    kinds = [types] if isinstance(types, str) else types
    return Line(
        name=name,
        kind=" ou ".join(KINDS.get(kind, kind) for kind in kinds if kind),
        description=description,
        required=required,
        values=tuple(str(value) for value in inner.get("enum", ())),
        schema=_referred(schema) or _referred(inner),
    )


def _referred(schema: Mapping[str, Any]) -> str:
    return str(schema.get("$ref", "")).rpartition("/")[2]
