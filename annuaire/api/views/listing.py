"""A page of a list in the format asked for, with the address of the next."""

import io
from collections.abc import Sequence
from datetime import datetime, time
from typing import Any, Final

from flask import Response, request
from sqlalchemy import Select

from annuaire.api.lists import Listed, Options
from annuaire.api.refusals import refused_query
from annuaire.api.views.answering import CSV, GEOJSON, JSON, json_answer, kept
from annuaire.asking import arguments
from annuaire.extensions import session, settings
from annuaire.paging import address
from annuaire.takeaway.covers import search_cover
from annuaire.takeaway.formats import FORMATS
from annuaire.takeaway.sourcing import sources_read
from annuaire.takeaway.tables import Table
from annuaire.wording import PARIS
from importers.descriptions import DESCRIPTIONS
from search.filters import InputError, Search

TYPES: Final = (JSON, CSV, GEOJSON)
_ENDINGS: Final = {CSV: "csv", GEOJSON: "geojson"}
ONLY_JSON: Final = "« fields » choisit les champs du JSON : les autres formats ont leurs colonnes."


def list_answer(
    items: list[dict[str, Any]], asked: Search, page: Listed, options: Options
) -> Response:
    """The page as JSON."""
    following = _next(page)
    response = json_answer(
        {
            "total": page.total,
            "limit": options.limit,
            "next": following,
            "place": asked.place.label if asked.place else None,
            "place_note": asked.place_note,
            "relaxed": page.relaxed,
            "correction": page.correction or None,
            "items": items,
        }
    )
    return linked(response, following)


def table_answer(
    media_type: str,
    table: Table,
    asked: Search,
    page: Listed,
    options: Options,
    sources: Select[str],
    notes: Sequence[str],
) -> Response:
    """The page with the columns of exports. Raises RefusedError for `fields`."""
    if options.fields is not None:
        raise refused_query([InputError("fields", ONLY_JSON)])
    day = datetime.combine(options.position.day, time(), PARIS)  # the moment is the list's day
    read = sources_read(session(), sources, DESCRIPTIONS)
    own = settings().public_url + address(request.path, arguments())
    cover = search_cover(table.name, asked, page.total, day, own, read, notes)
    out, chosen = io.BytesIO(), FORMATS[_ENDINGS[media_type]]
    chosen.write(out, cover, table)
    response = kept(Response(out.getvalue(), content_type=chosen.media_type))
    return linked(response, _next(page))


def _next(page: Listed) -> str | None:
    if page.next_cursor is None:
        return None
    path = address(request.path, arguments(), cursor=page.next_cursor)
    return f"{settings().public_url}{path}"


def linked(response: Response, following: str | None) -> Response:
    """The answer with the address of the next page, when there is one, in its header too."""
    if following:
        response.headers["Link"] = f'<{following}>; rel="next"'
    return response
