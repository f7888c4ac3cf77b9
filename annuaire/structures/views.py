"""The pages of structures."""

import re
from typing import Any

from flask import Blueprint, Response, jsonify, redirect, render_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from annuaire.asking import arguments, today, values
from annuaire.extensions import engine, places, session, settings
from annuaire.geo.outlines import outlines_geojson
from annuaire.listing import form_values, listing, sort_options
from annuaire.matching.presenting import wins_of
from annuaire.paging import address
from annuaire.runs import runs_by_id
from annuaire.sources import source_titles
from annuaire.structures import presenting, queries, service
from annuaire.structures.search import PER_PAGE, find_structures, points_of
from annuaire.web import wants_fragment
from search.filters import STRUCTURE_FILTERS, STRUCTURE_SORTS

pages = Blueprint("structures", __name__)

MAP_CHUNK = 5_000
A_WEEK = 604_800  # seconds


@pages.get("/structures")
def search() -> tuple[str, int]:
    """The search page, or the part of it that htmx replaces."""
    given = arguments()
    asked, hits = find_structures(engine(), values(), today(), places())
    cards = [presenting.card(hit) for hit in hits.hits]
    found = listing(asked, hits, cards, STRUCTURE_FILTERS, "/structures", given, PER_PAGE)
    template = "structures/_results.html" if wants_fragment() else "structures/search.html"
    kept = [(key, value) for key, value in given if key not in ("page", "tri")]
    body = render_template(
        template,
        form=form_values(given, asked),
        errors=asked.errors,
        sorts=sort_options(STRUCTURE_SORTS),
        place=asked.place.label if asked.place else None,
        place_note=asked.place_note,
        result=found,
        points_url=address("/structures/carte.json", kept),
    )
    return body, 400 if asked.errors and not wants_fragment() else 200


@pages.get("/structures/carte.json")
def points() -> Response:
    """All the results as GeoJSON points, for the map."""
    found = {int(point.id): point for point in points_of(engine(), values(), today(), places())}
    ids = list(found)
    features: list[dict[str, Any]] = []
    for start in range(0, len(ids), MAP_CHUNK):
        for row in session().execute(queries.map_rows(ids[start : start + MAP_CHUNK])):
            point = found[row.id]
            features.append(
                {
                    "type": "Feature",
                    "geometry": {"type": "Point", "coordinates": [point.lon, point.lat]},
                    "properties": {
                        "name": row.brand or row.name,
                        "city": row.city,
                        "url": url_for("structures.show", key=row.key),
                    },
                }
            )
    return jsonify({"type": "FeatureCollection", "features": features})


@pages.get("/structures/<key>")
@pages.get("/structures/<key>/<slug>")
def show(key: str, slug: str = "") -> str | BaseResponse:
    """One structure. Spaces in a SIRET are forgiven; an unknown number is a page that says so."""
    plain = re.sub(r"[\s.]", "", key)
    if plain != key and plain.isdigit():
        return redirect(url_for("structures.show", key=plain), 301)
    structure = service.by_siret(session(), key)
    records = service.records_of(session(), structure.id)
    runs = runs_by_id(session(), {record.run_id for record in records})
    shown = presenting.sheet(
        structure,
        records,
        runs,
        source_titles(),
        wins_of(session(), structure.id),
        settings().public_url,
        today(),
    )
    return render_template("structures/show.html", structure=shown)


@pages.get("/geo/departements.geojson")
def outlines() -> Response:
    """The outlines of départements: the map's own background."""
    response = Response(outlines_geojson(), mimetype="application/geo+json")
    response.cache_control.public = True
    response.cache_control.max_age = A_WEEK
    return response
