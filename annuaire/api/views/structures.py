"""/api/v1/structures."""

import re
from typing import Any

from flask import Response, redirect, url_for
from werkzeug.wrappers import Response as BaseResponse

from annuaire.api.lists import list_page, one_fields, read_options
from annuaire.api.schemas.structures import StructureSchema, WholeStructureSchema
from annuaire.api.structures import structure_values
from annuaire.api.views.answering import JSON, chosen, json_answer
from annuaire.api.views.base import api
from annuaire.api.views.listing import TYPES, list_answer, table_answer
from annuaire.asking import arguments, today, values
from annuaire.extensions import engine, places, session, settings
from annuaire.matching.presenting import wins_of
from annuaire.paging import address
from annuaire.sources import source_titles
from annuaire.structures import service
from annuaire.structures.reading import full_by_ids
from annuaire.takeaway import structure_rows
from annuaire.takeaway.covers import GUESSES
from annuaire.takeaway.sourcing import structure_sources
from annuaire.takeaway.tables import Table
from search.filters import STRUCTURE_FILTERS, STRUCTURE_SORTS, parse


@api.get("/structures")
def structures() -> Response:
    """The structures that a search finds, as JSON, CSV or GeoJSON."""
    media_type, day, secret = chosen(*TYPES), today(), settings().secret_key
    options = read_options("structures", values(), list(StructureSchema().fields), secret, day)
    asked = parse(STRUCTURE_FILTERS, STRUCTURE_SORTS, options.filters, places())
    page = list_page(engine(), "structures", asked, options, secret)
    titles, url = source_titles(), settings().public_url
    if media_type != JSON:
        rows = structure_rows.rows(session(), [page.wanted], day, titles, url)
        table = Table("Structures", structure_rows.COLUMNS, rows)
        return table_answer(media_type, table, asked, page, options, structure_sources(), [GUESSES])
    found = full_by_ids(session(), [wanted.id for wanted in page.wanted])
    items = [
        structure_values(found[wanted.id], day, titles, url, wanted.distance_km)
        for wanted in page.wanted
        if wanted.id in found
    ]
    schema = StructureSchema(only=options.fields)
    return list_answer(schema.dump(items, many=True), asked, page, options)


@api.get("/structures/<key>")
def structure(key: str) -> BaseResponse:
    """One structure, by any number that it ever had: 301 to its present one."""
    fields = one_fields(values(), list(WholeStructureSchema().fields))
    plain = re.sub(r"[\s.]", "", key)
    own = service.by_siret(session(), plain if plain.isdigit() else key)
    if own.key != key:
        return redirect(address(url_for("api.structure", key=own.key), arguments()), 301)
    url = settings().public_url
    found = structure_values(own, today(), source_titles(), url)
    wins = [_win(win, url) for win in wins_of(session(), own.id)]
    return json_answer(WholeStructureSchema(only=fields).dump(found | {"wins": wins}))


def _win(win: dict[str, Any], public_url: str) -> dict[str, Any]:
    told = {name: win[name] for name in ("title", "buyer", "date", "tied_by")}
    return told | {"url": f"{public_url}{win['url']}", "amount_eur": win["amount"]}
