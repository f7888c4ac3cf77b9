"""/api/v1/activities, /api/v1/territories and /api/v1/stats."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from flask import Response, request

from annuaire.api.figures import stats_values, taxonomy_values, territory_values
from annuaire.api.lists import refuse_others
from annuaire.api.refusals import refused_query
from annuaire.api.schemas.answers import StatsSchema, TaxonomySchema, TerritoriesSchema
from annuaire.api.views.answering import json_answer
from annuaire.api.views.base import api
from annuaire.asking import today, values
from annuaire.extensions import engine, session
from search.filters import InputError

MAX_TEXT = 100
NO_TEXT = f"« q » est le début d’un nom de lieu, de 1 à {MAX_TEXT} signes."


@api.get("/activities")
def activities() -> Response:
    """The taxonomy of purchases."""
    refuse_others(values())
    return json_answer(_taxonomy())


@cache
def _taxonomy() -> Mapping[str, Any]:
    written: Mapping[str, Any] = TaxonomySchema().dump(taxonomy_values())
    return written


@api.get("/territories")
def territories() -> Response:
    """The places that begin as `q`."""
    refuse_others(values(), "q")
    text = request.args.get("q", "").strip()
    if not 1 <= len(text) <= MAX_TEXT:
        raise refused_query([InputError("q", NO_TEXT)])
    return json_answer(TerritoriesSchema().dump(territory_values(text)))


@api.get("/stats")
def stats() -> Response:
    """Figures of the register."""
    refuse_others(values())
    return json_answer(StatsSchema().dump(stats_values(session(), engine(), today())))
