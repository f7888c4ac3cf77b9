"""The pages of contracts and lots."""

from flask import Blueprint, current_app, redirect, render_template, url_for
from werkzeug.wrappers import Response

from annuaire.advising.presenting import advice_for_lot
from annuaire.asking import arguments, today, values
from annuaire.contracts import presenting, service
from annuaire.contracts.search import PER_PAGE, find_contracts
from annuaire.extensions import engine, places, session, settings
from annuaire.freshness import note_of_publications
from annuaire.heads import list_head
from annuaire.listing import form_values, listing, sort_options
from annuaire.matching import presenting as matching
from annuaire.matching.contest_views import kept
from annuaire.matching.need import need_from_lot
from annuaire.matching.service import suggest, winner_urls
from annuaire.paging import address
from annuaire.web import wants_fragment
from search.engine import EngineUnavailable
from search.facets import how_many
from search.filters import (
    CONTRACT_FILTERS,
    CONTRACT_SORTS,
    NATURES,
    OPENNESS,
    RESERVED_LABELS,
    TYPES,
)

pages = Blueprint("contracts", __name__)

#: The filters of which one value is chosen, and what is chosen when none is.
OPTIONS = {
    "reserve": [("", "indifférent"), *RESERVED_LABELS.items()],
    "etat": [("", "tous"), *OPENNESS.items()],
    "nature": [("", "toutes"), *NATURES.items()],
    "type": [("", "tous"), *TYPES.items()],
}

FILES = (("xlsx", "Excel (XLSX)"), ("ods", "LibreOffice (ODS)"), ("csv", "CSV"))


@pages.get("/marches")
def search() -> tuple[str, int]:
    """The search page, or the part of it that htmx replaces."""
    given, day = arguments(), today()
    asked, hits = find_contracts(engine(), values(), day, places())
    cards = [presenting.card(hit, day) for hit in hits.hits]
    count = how_many(engine(), "contracts", day, "departements")
    found = listing(asked, hits, cards, CONTRACT_FILTERS, "/marches", given, PER_PAGE, count)
    kept = [pair for pair in given if pair[0] != "page"]
    template = "contracts/_results.html" if wants_fragment() else "contracts/search.html"
    body = render_template(
        template,
        form=form_values(given, asked),
        errors=asked.errors,
        options=OPTIONS,
        sorts=sort_options(CONTRACT_SORTS),
        place=asked.place.label if asked.place else None,
        place_note=asked.place_note,
        result=found,
        takeaway_links=[
            (label, address(f"/marches/export.{ending}", kept)) for ending, label in FILES
        ],
        read=None if wants_fragment() else note_of_publications(session()),
        page_head=list_head(settings().public_url, "/marches", given, asked, ("csv",)),
    )
    return body, 400 if asked.errors and not wants_fragment() else 200


@pages.get("/marches/<reference>")
def show(reference: str) -> str | Response:
    """One contract with its lots and the clauses found in it; the reference of any of its notices
    leads there."""
    contract = service.by_reference(session(), reference)
    if contract.reference != reference:
        return redirect(url_for("contracts.show", reference=contract.reference), 301)
    urls = winner_urls(session(), contract)
    shown = presenting.sheet(contract, today(), lambda lot, name: urls.get((lot, name)))
    return render_template(
        "contracts/show.html", contract=shown, timeline=service.history(contract)
    )


@pages.get("/marches/<reference>/lots/<path:number>")
def lot(reference: str, number: str) -> str | Response:
    """One lot with the structures suggested for it; without them when the search is away."""
    contract = service.by_reference(session(), reference)
    found = service.lot_by_number(contract, number)
    if (contract.reference, found.number) != (reference, number):
        present = url_for("contracts.lot", reference=contract.reference, number=found.number)
        return redirect(present, 301)
    urls = winner_urls(session(), contract)
    try:
        answer = suggest(
            session(), engine(), need_from_lot(contract, found), today(), contests=kept()
        )
        advice = advice_for_lot(session(), engine(), answer, today(), contract, found.number)
        shown = matching.answer_context(answer) | advice
    except EngineUnavailable as error:
        current_app.logger.error("search engine: %s", error)
        shown = {"suggestions": None}
    return render_template(
        "contracts/lot.html",
        contract=presenting.sheet(contract, today(), lambda ref, name: urls.get((ref, name))),
        lot=presenting.lot_view(contract, found, lambda ref, name: urls.get((ref, name))),
        **shown,
    )
