"""The pages of contracts and lots."""

from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as BaseResponse

from annuaire.accounts.facilitators import shown_at
from annuaire.activities import cpv_search
from annuaire.advising.presenting import advice_for_lot
from annuaire.asking import arguments, today, values
from annuaire.contracts import presenting, queries, service, sheets
from annuaire.contracts.buyers import others_of
from annuaire.contracts.linked_data import json_ld
from annuaire.contracts.lots import lot_view
from annuaire.contracts.models import Contract, Lot
from annuaire.contracts.records import REMOVED
from annuaire.contracts.search import PER_PAGE, TERRITORY, points_of, search_contracts, suggestions
from annuaire.extensions import engine, places, session, settings
from annuaire.freshness import note_of_directories, note_of_publications
from annuaire.heads import list_head
from annuaire.listing import form_values, listing, sort_options
from annuaire.map_points import geojson_of
from annuaire.matching import presenting as matching
from annuaire.matching.contest_views import kept
from annuaire.matching.ground import ground_of
from annuaire.matching.narrowing import read_narrowing
from annuaire.matching.need import need_from_lot
from annuaire.matching.service import suggest, winner_urls
from annuaire.paging import Arguments, address
from annuaire.runs import runs_by_id
from annuaire.sources import source_titles
from annuaire.sourcing.purchases import noted_by
from annuaire.sourcing.views.owner import owners
from annuaire.web import suggestions_json, wants_fragment
from annuaire.workspace.seeing_views import note_suggestions
from search.engine import EngineUnavailable
from search.facets import how_many
from search.filters import CONTRACT_FILTERS, CONTRACT_SORTS
from search.filters.contracts import STATES

pages = Blueprint("contracts", __name__)

FILES = (("xlsx", "Excel (XLSX)"), ("ods", "LibreOffice (ODS)"), ("csv", "CSV"),
         ("geojson", "GeoJSON"))  # fmt: skip
HEAD_FILES = ("csv", "geojson")  # the list for machines, named in the head of the page
SUGGESTED_CODES = 12


@pages.get("/marches")
def search() -> tuple[str, int]:
    """The search page, or the part of it that htmx replaces."""
    given, day = arguments(), today()
    found = search_contracts(engine(), values(), day, places())
    asked, hits = found.asked, found.hits
    cards = [presenting.card(hit, day) for hit in hits.hits]
    count = how_many(engine(), "contracts", day, TERRITORY)
    result = listing(asked, hits, cards, CONTRACT_FILTERS, "/marches", given, PER_PAGE, count)
    kept = [(key, value) for key, value in given if key not in ("page", "tri")]
    body = render_template(
        "contracts/_results.html" if wants_fragment() else "contracts/search.html",
        form=form_values(given, asked),
        errors=asked.errors,
        sorts=sort_options(CONTRACT_SORTS),
        states=STATES,
        place=asked.place.label if asked.place else None,
        place_note=asked.place_note,
        found=found,
        sort=asked.sort,
        open_url=address("/marches", [*kept, ("tri", "echeance")], etat="ouvert"),
        with_unknown_url=address("/marches", kept, montant_inconnu="oui"),
        result=result,
        points_url=address("/marches/carte.json", kept),
        takeaway_links=_takeaway_links([pair for pair in given if pair[0] != "page"]),
        read=None if wants_fragment() else note_of_publications(session()),
        page_head=list_head(settings().public_url, "/marches", given, asked, HEAD_FILES),
    )
    return body, 400 if asked.errors and not wants_fragment() else 200


def _takeaway_links(kept: Arguments) -> list[tuple[str, str]]:
    """The files of a search: words and addresses."""
    return [
        *((f"{label}, une ligne par marché", address(f"/marches/export.{ending}", kept))
          for ending, label in FILES),
        *((f"{label}, une ligne par lot", address(f"/marches/export-lots.{ending}", kept))
          for ending, label in FILES),
    ]  # fmt: skip


@pages.get("/marches/carte.json")
def points() -> Response:
    """All the results that stand somewhere, as GeoJSON points for the map."""
    circle, standing = points_of(engine(), values(), today(), places())
    return jsonify(geojson_of(session(), circle, standing, queries.map_rows, _on_map))


def _on_map(row: Any) -> dict[str, str | None]:
    """What the map says of a point."""
    return {
        "name": row.title,
        "city": row.name,
        "url": f"/marches/{row.reference}",
    }


@pages.get("/marches/suggestions.json")
def suggested() -> Response:
    """What the text being typed may become."""
    found = suggestions(engine(), _typed())
    return suggestions_json([presenting.suggestion(each) for each in found])


@pages.get("/marches/cpv.json")
def suggested_codes() -> Response:
    """Codes of the CPV nomenclature for what is being typed."""
    found = cpv_search.suggestions(_typed(), SUGGESTED_CODES)
    return suggestions_json([{"text": code, "kind": label} for code, label in found])


def _typed() -> str:
    return values().get("q", [""])[0]


@pages.get("/marches/<reference>")
def show(reference: str) -> str | BaseResponse:
    """One contract with its lots, the clauses found in it and its notices; the reference of any of
    these leads there."""
    contract = service.by_reference(session(), reference)
    if contract.reference != reference:
        return redirect(url_for("contracts.show", reference=contract.reference), 301)
    urls = winner_urls(session(), contract)
    day, base = today(), settings().public_url
    runs = runs_by_id(session(), {notice.run_id for notice in contract.notices})
    shown = sheets.sheet(contract, day, lambda lot, name: urls.get((lot, name)))
    return render_template(
        "contracts/show.html",
        contract=shown,
        timeline=sheets.timeline(contract, source_titles(), runs),
        others=others_of(session(), contract, day),
        page_url=f"{base}/marches/{contract.reference}",
        json_ld=json_ld(contract, base),
    )


@pages.get("/marches/<reference>/echeance.ics")
def deadline(reference: str) -> Response:
    """The deadline as an event to put in one's diary. Raises NotFoundError without a deadline."""
    from annuaire.contracts import agenda  # and with it icalendar, which no other page needs

    contract = service.by_reference(session(), reference)
    file = agenda.deadline_file(contract, settings().public_url)
    response = Response(file, mimetype="text/calendar")
    name = f"echeance-{contract.reference}.ics"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


@pages.get("/marches/<reference>/lots/<path:number>")
def lot(reference: str, number: str) -> str | BaseResponse:
    """One lot with the structures suggested for it; without them when the search is away."""
    contract = service.by_reference(session(), reference)
    found = service.lot_by_number(contract, number)
    if (contract.reference, found.number) != (reference, number):
        present = url_for("contracts.lot", reference=contract.reference, number=found.number)
        return redirect(present, 301)
    urls = winner_urls(session(), contract)
    shown = {} if found.state == REMOVED else _proposed(contract, found)
    return render_template(
        "contracts/lot.html",
        contract=sheets.sheet(contract, today(), lambda ref, name: urls.get((ref, name))),
        lot=lot_view(contract, found, lambda ref, name: urls.get((ref, name))),
        **shown,
    )


def _proposed(contract: Contract, lot: Lot) -> dict[str, Any]:
    """What is proposed for a lot; nothing when the search is away."""
    try:
        need, narrowing = need_from_lot(contract, lot), read_narrowing(values())
        answer = suggest(
            session(),
            engine(),
            need,
            today(),
            contests=kept(),
            noted=noted_by(session(), owners()),
            narrowing=narrowing,
        )
        proposed = (each.key for each in answer.suggestions)
        note_suggestions(proposed, (contract.reference, lot.number))
        advice = advice_for_lot(session(), engine(), answer, today(), contract, lot.number)
    except EngineUnavailable as error:
        current_app.logger.error("search engine: %s", error)
        return {"suggestions": None}
    return (
        matching.answer_context(answer)
        | advice
        | shown_at(session(), ground_of(need))
        | {
            "narrow": matching.narrow_context(answer, narrowing, request.path, []),
            "read": note_of_directories(session()),
            "choosing": {"fields": [("marche", contract.reference), ("lot", lot.number)]},
        }
    )
