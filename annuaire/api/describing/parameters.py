"""The parameters of query strings, from the filters that the site itself knows."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from marshmallow import Schema

from annuaire.api.lists import LIMIT, MAX_LIMIT
from annuaire.structures.kinds import FAMILIES, KINDS
from search.filters import (
    CONTRACT_FILTERS,
    CONTRACT_SORTS,
    DEFAULT_RADIUS_KM,
    STRUCTURE_FILTERS,
    STRUCTURE_SORTS,
    FilterKind,
)
from search.filters import contracts as known
from search.filters.parsing import MAX_RADIUS_KM, MAX_TEXT

Parameter = dict[str, Any]
Sorts = Mapping[str, tuple[str, str]]

#: The values of filters that have few.
VALUES: Final[dict[str, Sequence[str]]] = {
    "type": list(KINDS),
    "famille": list(FAMILIES),
    "social": list(known.YES_NO),
    "environnement": list(known.YES_NO),
    "lots": list(known.YES_NO),
    "etat": list(known.STATES),
    "clause": list(known.CLAUSE_TYPES),
    "reserve": list(known.RESERVED),
    "nature": list(known.NATURES),
    known.UNKNOWN_AMOUNTS: ["oui"],
}
_OF_CONTRACTS: Final = {"type": list(known.TYPES)}


def structure_parameters(schema: Schema) -> list[Parameter]:
    """What a list of structures may be asked."""
    return [*_common(STRUCTURE_SORTS), *map(_filter, STRUCTURE_FILTERS), *_of_lists(schema)]


def contract_parameters(schema: Schema) -> list[Parameter]:
    """What a list of contracts may be asked."""
    filters = [_filter(kind, _OF_CONTRACTS) for kind in CONTRACT_FILTERS]
    return [*_common(CONTRACT_SORTS), *filters, *_of_lists(schema)]


def in_query(name: str, description: str, schema: dict[str, Any], **more: Any) -> Parameter:
    """A parameter of the query string."""
    return {"name": name, "in": "query", "description": description, "schema": schema, **more}


def in_path(name: str, description: str) -> Parameter:
    """A part of the address."""
    schema = {"type": "string", "minLength": 1}
    return {
        "name": name, "in": "path", "description": description, "required": True, "schema": schema,
    }  # fmt: skip


def _common(sorts: Sorts) -> list[Parameter]:
    radius = {"type": "number", "minimum": 1, "maximum": MAX_RADIUS_KM}
    return [
        in_query("q", "Mots cherchés.", {"type": "string", "maxLength": MAX_TEXT}),
        in_query("lieu", "Commune, code postal, adresse, territoire, ou un « token » de "
                 "/territories.", {"type": "string", "maxLength": 100}),
        in_query("rayon", f"En km, à vol d’oiseau ; {DEFAULT_RADIUS_KM:g} sinon.", radius),
        in_query("tri", "L’ordre.", {"type": "string", "enum": list(sorts)}),
    ]  # fmt: skip


def _filter(kind: FilterKind, own: Mapping[str, Sequence[str]] = {}) -> Parameter:
    values = own.get(kind.key) or VALUES.get(kind.key)
    value: dict[str, Any] = {"type": "string", "maxLength": 200}
    if values:
        value = {"type": "string", "enum": list(values)}
    words = f"{kind.name} : {kind.expected}." if kind.expected else f"{kind.name}."
    if kind.single:
        return in_query(kind.key, words, value)
    several = {"type": "array", "items": value}
    return in_query(kind.key, f"{words} Répétable.", several, explode=True)


def change_parameters(schema: Schema) -> list[Parameter]:
    """What a list of changes may be asked; `schema` is that of the objects that change."""
    since = {"type": "string", "format": "date-time"}
    told = "Les changements depuis ce moment ; tout, sans lui. Donnez le « until » d’avant."
    return [in_query("updated_since", told, since), *_of_lists(schema)]


def field_parameters(schema: Schema) -> list[Parameter]:
    """The choice of fields of one object."""
    names = {"type": "array", "items": {"type": "string", "enum": list(schema.fields)}}
    return [in_query("fields", "Champs voulus, séparés par des virgules.", names, explode=False)]


def _of_lists(schema: Schema) -> list[Parameter]:
    number = {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": LIMIT}
    return [
        in_query("limit", "Réponses par page.", number),
        in_query("cursor", "Où la liste reprend : suivez « next ».", {"type": "string"}),
        *field_parameters(schema),
    ]
