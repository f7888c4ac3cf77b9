"""The pages of structures."""

import re
from typing import Any

from flask import Blueprint, Response, jsonify, redirect, render_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from annuaire.accounts.current import current
from annuaire.accounts.members import is_member
from annuaire.asking import arguments, today, values
from annuaire.extensions import engine, places, session, settings
from annuaire.freshness import freshness_of, note_of_directories
from annuaire.geo.departements import departement_label
from annuaire.geo.drawing import Drawing, drawing_of
from annuaire.geo.outlines import outlines_geojson
from annuaire.heads import list_head
from annuaire.listing import Choice, form_values, listing, sort_options
from annuaire.map_points import geojson_of
from annuaire.matching.presenting import wins_of
from annuaire.paging import Arguments, address
from annuaire.profiles.presenting import public
from annuaire.profiles.service import held
from annuaire.profiles.wording import words_of
from annuaire.runs import runs_by_id
from annuaire.sources import source_titles
from annuaire.structures import about, presenting, queries, service
from annuaire.structures.decided import NOTHING
from annuaire.structures.decisions import decisions_of, in_force
from annuaire.structures.history import changes_of
from annuaire.structures.linked_data import company_url, json_ld, register_url
from annuaire.structures.models import Structure
from annuaire.structures.provenance import origins_of
from annuaire.structures.search import (
    PER_PAGE,
    find_structures,
    points_of,
    similar_to,
    suggestions,
)
from annuaire.web import suggestions_json, wants_fragment
from annuaire.workspace.seeing_views import note_page
from search.facets import how_many
from search.filters import SERVES, STRUCTURE_FILTERS, STRUCTURE_SORTS

pages = Blueprint("structures", __name__)

HEAD_FILES = ("csv", "geojson")  # the list for machines, named in the head of the page
A_WEEK = 604_800  # seconds


@pages.get("/structures")
def search() -> tuple[str, int]:
    """The search page, or the part of it that htmx replaces."""
    given = arguments()
    day = today()
    asked, hits = find_structures(engine(), values(), day, places())
    cards = [presenting.card(hit) for hit in hits.hits]
    count = how_many(engine(), "structures", day)
    found = listing(asked, hits, cards, STRUCTURE_FILTERS, "/structures", given, PER_PAGE, count)
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
        serving=_serving(found.facets[SERVES]),
        takeaway_links=_takeaway_links([pair for pair in given if pair[0] != "page"]),
        read=None if wants_fragment() else note_of_directories(session()),
        page_head=list_head(settings().public_url, "/structures", given, asked, HEAD_FILES),
    )
    return body, 400 if asked.errors and not wants_fragment() else 200


def _serving(choices: list[Choice]) -> dict[str, Any]:
    """The filter « intervient à »: a place that was typed, and boxes for départements."""
    typed = [value for value in values().get(SERVES, ()) if departement_label(value) is None]
    boxes = [choice for choice in choices if departement_label(choice.value)]
    return {"typed": typed[0] if typed else "", "boxes": boxes}


def _takeaway_links(kept: Arguments) -> list[tuple[str, str]]:
    """The files and the sheet of a search: words and addresses."""
    files = (("xlsx", "Excel (XLSX)"), ("ods", "LibreOffice (ODS)"), ("csv", "CSV"),
             ("geojson", "GeoJSON"))  # fmt: skip
    links = [(label, address(f"/structures/export.{ending}", kept)) for ending, label in files]
    return [*links, ("Fiche de sourcing à imprimer", address("/structures/fiche-sourcing", kept))]


@pages.get("/structures/carte.json")
def points() -> Response:
    """All the results as GeoJSON points, for the map, with the circle that was asked for."""
    circle, standing = points_of(engine(), values(), today(), places())
    return jsonify(geojson_of(session(), circle, standing, queries.map_rows, _on_map))


def _on_map(row: Any) -> dict[str, str | None]:
    """What the map says of a point."""
    return {
        "name": row.brand or row.name,
        "city": row.city,
        "url": url_for("structures.show", key=row.key),
    }


@pages.get("/structures/suggestions")
def suggested() -> Response:
    """What the text being typed may become."""
    typed = values().get("q", [""])[0]
    return suggestions_json([presenting.suggestion(each) for each in suggestions(engine(), typed)])


@pages.get("/structures/<key>")
@pages.get("/structures/<key>/<slug>")
def show(key: str, slug: str = "") -> str | BaseResponse:
    """One structure. Spaces in a SIRET are forgiven; a number that it had once leads to its
    present address; an unknown number is a page that says so."""
    plain = re.sub(r"[\s.]", "", key)
    if plain != key and plain.isdigit():
        return redirect(url_for("structures.show", key=plain), 301)
    structure = service.by_siret(session(), key)
    if structure.key != key:
        return redirect(url_for("structures.show", key=structure.key), 301)
    note_page(key)
    similar = [presenting.card(hit) for hit in similar_to(engine(), structure.id)]
    return render_template("structures/show.html", structure=_shown(structure), similar=similar)


def _shown(structure: Structure) -> dict[str, Any]:
    """All that a structure's page shows."""
    day, url, titles = today(), settings().public_url, source_titles()
    awards = wins_of(session(), structure.id)
    records = service.records_of(session(), structure.id)
    shown = presenting.sheet(structure, records, titles, awards, day)
    runs = runs_by_id(session(), {record.run_id for record in records})
    decided = session().scalars(decisions_of(structure.id)).all()
    standing = in_force(session(), [structure.id]).get(structure.id, NOTHING)
    changes = session().scalars(changes_of(structure.id))
    read = freshness_of(session(), {r.source for r in records if r.ended_on is None})
    trades = [activity.label for activity in shown["activities"]]
    said = held(session(), structure.id)
    return shown | {
        "drawing": _drawing(structure),
        "profile": public(said, day),
        "edit_url": _edit_url(structure),
        "json_ld": json_ld(
            structure, url, words_of("area", said.content.get("area")) or about.served(awards)
        ),
        "register_url": register_url(structure),
        "company_url": company_url(structure),
        "page_url": f"{url}/structures/{structure.key}",
        "summary": about.summary(structure, shown["kinds"], trades),
        "worked_in": about.place_note(awards),
        "origins": about.origin_lines(origins_of(structure, records, runs, decided), titles),
        "changes": about.change_lines(changes, standing, titles),
        "read": read,
        "citation": about.citation(structure, url, [fresh.title for fresh in read], day),
    }


def _edit_url(structure: Structure) -> str | None:
    """Where who speaks for the structure changes what it says."""
    who = current()
    if who is None or not is_member(session(), who.user_id, structure.id):
        return None
    return url_for("profiles.index", key=structure.key)


def _drawing(structure: Structure) -> Drawing | None:
    if structure.lat is None or structure.lon is None:
        return None
    return drawing_of(structure.lat, structure.lon, structure.departement)


@pages.get("/geo/departements.geojson")
def outlines() -> Response:
    """The outlines of départements: the map's own background."""
    response = Response(outlines_geojson(), mimetype="application/geo+json")
    response.cache_control.public = True
    response.cache_control.max_age = A_WEEK
    return response
