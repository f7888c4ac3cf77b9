"""« Marchés pour nous »: the page of the open lots that suit a structure."""

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from annuaire.asking import today
from annuaire.extensions import engine, session
from annuaire.matching.opportunities import DEFAULT_KM, LEAST_POINTS, Wanted, opportunities
from annuaire.matching.told import told_of
from annuaire.paging import address
from annuaire.profiles.service import held
from annuaire.structures.service import by_siret

pages = Blueprint("opportunities", __name__)

DISTANCES = (25, 50, 100, 150)


@pages.get("/structures/<key>/marches")
def show(key: str) -> str | Response:
    """The lots, why each, and until when; filters are in the address."""
    structure = by_siret(session(), key)
    if structure.key != key:
        kept = [(name, value) for name, value in request.args.items() if value]
        return redirect(address(f"/structures/{structure.key}/marches", kept), 301)
    typed = request.args.get("distance", "")
    within = next((km for km in DISTANCES if str(km) == typed), round(DEFAULT_KM))
    clauses = request.args.get("clauses") == "oui"
    day = today()
    wanted = Wanted(within_km=within, clauses_only=clauses)
    # A distance that was chosen counts before the area that the profile declares.
    said = None if typed else told_of(held(session(), structure.id).content)
    found = opportunities(session(), engine(), structure, day, wanted, told=said)
    return render_template(
        "matching/opportunities.html",
        structure={
            "name": structure.shown_name,
            "url": f"/structures/{structure.key}",
            "ended": structure.ended_on,
        },
        key=structure.key,
        lots=found,
        known=bool(structure.activities),
        least=LEAST_POINTS,
        within=within,
        clauses=clauses,
        distances=[(str(km), f"{km} km") for km in DISTANCES],
        day=day,
    )
