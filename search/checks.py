"""What an engine refuses before it searches, said in French; the same for every engine."""

import math
import re
from dataclasses import replace

from annuaire.errors import InvalidInputError
from search.engine import Circle, Either, Filter, Query, Range, Terms
from search.schema import IndexSchema, Kind

MAX_LIMIT = 10_000
MAX_OFFSET = 10_000_000
HALF_EARTH_KM = 20_016.0
_BROKEN = re.compile("[\ud800-\udfff]").search


def checked(schema: IndexSchema, query: Query) -> Query:
    """The query with limit and offset within bounds and its origin filled in from its circle.

    Raises InvalidInputError for a filter, facet or sort that does not exist, a place or a radius
    that cannot be.
    """
    for wanted in query.filters:
        _check_filter(schema, wanted)
    _check_names(schema, query)
    circle = query.circle
    if circle is not None:
        _check_place(circle.lat, circle.lon)
        if not circle.radius_km > 0 or not math.isfinite(circle.radius_km):
            raise InvalidInputError("Le rayon doit être plus grand que zéro.", "radius")
        circle = Circle(circle.lat, circle.lon, min(circle.radius_km, HALF_EARTH_KM))
    origin = query.origin
    if origin is not None:
        _check_place(*origin)
    elif circle is not None:
        origin = (circle.lat, circle.lon)
    if query.sort not in {"relevance", "distance", "name", *schema.sort_fields}:
        raise InvalidInputError(f"Le tri « {query.sort} » n’existe pas.", "sort")
    if query.sort == "distance" and origin is None:
        raise InvalidInputError("Indiquez un lieu pour trier par distance.", "sort")
    return replace(
        query,
        filters=tuple(_encodable(wanted) for wanted in query.filters),
        circle=circle,
        origin=origin,
        limit=max(0, min(query.limit, MAX_LIMIT)),
        offset=max(0, min(query.offset, MAX_OFFSET)),
    )


def _check_names(schema: IndexSchema, query: Query) -> None:
    for name in query.facets:
        if _kind(schema, name) is not Kind.KEYWORD:
            raise InvalidInputError(f"Il n’existe pas de décompte « {name} ».", "facets")
    if unknown := set(query.columns) - {column.name for column in schema.columns}:
        raise InvalidInputError(f"On ne cherche pas dans « {min(unknown)} ».", "columns")


def _kind(schema: IndexSchema, name: str) -> Kind | None:
    field = schema.by_name.get(name)
    return field.kind if field else None


def _encodable(wanted: Filter) -> Filter:
    """Without the values that are no text at all (half of a surrogate pair): nothing holds them."""
    if isinstance(wanted, Either):
        return Either(tuple(map(_encodable_one, wanted.filters)))
    return _encodable_one(wanted)


def _encodable_one(wanted: Terms | Range) -> Terms | Range:
    if isinstance(wanted, Range):
        return wanted
    return Terms(wanted.field, tuple(v for v in wanted.values if v.isascii() or not _BROKEN(v)))


def _check_filter(schema: IndexSchema, wanted: Filter) -> None:
    if isinstance(wanted, Either):
        for each in wanted.filters:
            _check_filter(schema, each)
        return
    kind = _kind(schema, wanted.field)
    if isinstance(wanted, Terms):
        if kind is not Kind.KEYWORD and wanted.field != "id":
            raise InvalidInputError(f"Le filtre « {wanted.field} » n’existe pas.", wanted.field)
        return
    if kind not in (Kind.NUMBER, Kind.DATE):
        raise InvalidInputError(f"Le filtre « {wanted.field} » n’existe pas.", wanted.field)
    for bound in (wanted.minimum, wanted.maximum):
        if bound is not None and not math.isfinite(bound):
            raise InvalidInputError("Cette borne n’est pas un nombre.", wanted.field)


def _check_place(lat: float, lon: float) -> None:
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise InvalidInputError("Ces coordonnées ne sont pas sur Terre.", "place")
