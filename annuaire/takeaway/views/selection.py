"""« Ma sélection »: chosen structures, kept in the visitor's cookie, shared by an address."""

from dataclasses import dataclass
from urllib.parse import quote

from flask import Blueprint, Response, flash, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from annuaire.asking import today
from annuaire.db import reading
from annuaire.errors import InvalidInputError
from annuaire.extensions import session, settings
from annuaire.geo.places import Place
from annuaire.paging import address
from annuaire.sources import source_titles
from annuaire.structures.models import Structure
from annuaire.structures.reading import full_by_keys
from annuaire.structures.service import by_siret
from annuaire.takeaway import structure_rows
from annuaire.takeaway.covers import GUESSES, selection_cover
from annuaire.takeaway.selection import Chosen, added, chosen, parse_keys, removed, wanted
from annuaire.takeaway.sourcing import sources_read, structure_sources
from annuaire.takeaway.tables import Cover, Table
from annuaire.takeaway.views.kept import asked_place, keep, local_path, selected
from annuaire.takeaway.views.sending import now, send_table
from annuaire.web import wants_fragment
from annuaire.wording import pluriel
from importers.descriptions import DESCRIPTIONS

pages = Blueprint("selection", __name__)

PATH = "/ma-selection"


@dataclass(frozen=True, slots=True)
class Shown:
    """The selection of a page: the visitor's own, or one that an address shares."""

    keys: list[str]
    shared: bool
    place: Place | None
    found: list[Chosen]
    place_error: str = ""

    def url(self, path: str = PATH) -> str:
        """An address of this very selection, which anybody may open."""
        typed = request.args.get("lieu", "").strip() if self.place else ""
        pairs = [("structures", ",".join(each.key for each in self.found)), ("lieu", typed)]
        return address(path, pairs)

    @property
    def unknown(self) -> list[str]:
        known = {each.key for each in self.found}
        return [key for key in self.keys if key not in known]


def _shown() -> Shown:
    text = request.args.get("structures", "")
    keys = parse_keys(text) if text else selected()
    place, error = None, ""
    try:
        place = asked_place()
    except InvalidInputError as wrong:
        error = wrong.message
    return Shown(keys, bool(text), place, chosen(session(), keys, today(), place), error)


@pages.get(PATH)
def show() -> tuple[str, int]:
    """The selection: each structure with what a buyer needs to go on."""
    shown = _shown()
    emails = dict.fromkeys(each.line.email for each in shown.found if each.line.email)
    body = render_template(
        "takeaway/selection.html",
        shown=shown,
        emails=list(emails),
        public_url=settings().public_url,
        typed_place=request.args.get("lieu", ""),
    )
    return body, 400 if shown.place_error else 200


@pages.post(PATH)
def change() -> BaseResponse | str | tuple[str, int]:
    """Add a structure (`ajouter`), take one away (`retirer`), copy a shared list (`copier`) or
    empty the selection (`vider`); then back to where the visitor was (`retour`)."""
    reading(session())
    keys, said = selected(), ""
    structure: Structure | None = None
    try:
        if key := request.form.get("ajouter", ""):
            structure = by_siret(session(), key)
            keys = added(keys, [structure.key])
            said = f"« {structure.shown_name} » est dans votre sélection"
        elif key := request.form.get("retirer", ""):
            keys = removed(keys, key)
            said = "La structure n’est plus dans votre sélection"
        elif text := request.form.get("copier", ""):
            found = chosen(session(), parse_keys(text), today())
            keys = added(keys, [each.key for each in found])
            said = f"{pluriel(len(found), 'structure copiée')} dans votre sélection"
        elif "vider" in request.form:
            keys, said = [], "Votre sélection est vide"
    except InvalidInputError as full:
        return _refused(full.message)
    keep(keys)
    message = f"{said} ({pluriel(len(keys), 'structure')})." if said else ""
    if wants_fragment():
        return _button(request.form.get("ajouter") or request.form.get("retirer", ""), message)
    if message:
        flash(message)
    return _back()


def _button(key: str, message: str) -> str:
    """The button pressed, with its new words, and what the rest of the page should say."""
    keys = selected()
    name = next((s.shown_name for s in full_by_keys(session(), [key])), "")
    return render_template(
        "takeaway/_button.html",
        key=key,
        name=name,
        selected_keys=keys,
        count=len(keys),
        message=message,
    )


def _back() -> BaseResponse:
    """To where the visitor was, beside the button pressed."""
    key = request.form.get("ajouter") or request.form.get("retirer") or ""
    path = local_path(request.form.get("retour", ""), PATH).rstrip("?")
    return redirect(f"{path}#choix-{quote(key.replace(':', '-'))}" if key else path, 303)


def _refused(message: str) -> BaseResponse | str:
    if wants_fragment():
        return _button(request.form.get("ajouter", ""), message)
    flash(message, "error")
    return _back()


@pages.get(f"{PATH}/export.<ending>")
def export(ending: str) -> Response:
    """The selection as a file, the visitor's own or a shared one."""
    shown, day = _shown(), today()
    lines = structure_rows.rows(
        session(), [wanted(shown.found)], day, source_titles(), settings().public_url
    )
    table = Table("Structures", structure_rows.COLUMNS, lines)
    return send_table(_cover(shown), table, "selection", ending, day)


@pages.get(f"{PATH}/fiche")
def sheet() -> str:
    """The selection as a sourcing sheet to print."""
    shown = _shown()
    return render_template(
        "takeaway/sheet.html",
        cover=_cover(shown),
        lines=[each.line for each in shown.found],
        total=len(shown.found),
        back=shown.url() if shown.shared else PATH,
        back_label="la sélection",
    )


def _cover(shown: Shown) -> Cover:
    sources = sources_read(session(), structure_sources(), DESCRIPTIONS)
    place = shown.place.label if shown.place else None
    link = settings().public_url + shown.url()
    return selection_cover(len(shown.found), place, now(), link, sources, [GUESSES])
