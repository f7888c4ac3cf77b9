"""Structures side by side."""

from flask import Blueprint, render_template, request

from annuaire.asking import today
from annuaire.errors import InvalidInputError
from annuaire.extensions import session
from annuaire.paging import address
from annuaire.takeaway.comparing import MOST, TOO_MANY, compare
from annuaire.takeaway.selection import parse_keys
from annuaire.takeaway.sourcing import sources_read, structure_sources
from annuaire.takeaway.views.kept import asked_place
from importers.descriptions import DESCRIPTIONS

pages = Blueprint("comparing", __name__)

PATH = "/structures/comparer"


@pages.get(PATH)
def show() -> tuple[str, int]:
    """Up to four structures (`structures=a,b` or repeated), with distances from `lieu`."""
    keys = parse_keys(",".join(request.args.getlist("structures")))
    typed, place, error = request.args.get("lieu", ""), None, ""
    try:
        place = asked_place()
    except InvalidInputError as wrong:
        error = wrong.message
    refused = keys[MOST:]
    sources = sources_read(session(), structure_sources(), DESCRIPTIONS)
    found = compare(session(), keys, today(), place, sources)
    shown = [structure.key for structure in found.structures]
    body = render_template(
        "takeaway/compare.html",
        found=found,
        unknown=[key for key in keys[:MOST] if key not in shown],
        refused=TOO_MANY.format(", ".join(refused)) if refused else "",
        place_error=error,
        typed_place=typed,
        keys=shown,
        without={key: _address([k for k in shown if k != key], typed) for key in shown},
    )
    return body, 400 if refused or error else 200


def _address(keys: list[str], place: str) -> str:
    return address(PATH, [("structures", ",".join(keys)), ("lieu", place)])
