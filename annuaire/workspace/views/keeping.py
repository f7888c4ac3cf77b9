"""`/espace/garde`: what I keep, with my notes."""

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from annuaire.claims.views.base import my_id, now
from annuaire.db import reading, writing
from annuaire.errors import InvalidInputError
from annuaire.extensions import session
from annuaire.takeaway.views.kept import local_path
from annuaire.workspace import kept
from search.filters import InputError

pages = Blueprint("keeping", __name__)

PATH = "/espace/garde"


@pages.get(PATH)
def show() -> str:
    """All that I keep, kind by kind."""
    return _page([], 0)


def _page(errors: list[InputError], number: int) -> str:
    rows = session().scalars(kept.kept_by(my_id())).all()
    groups = [
        (label, found)
        for kind, label in kept.KINDS.items()
        if (found := [row for row in rows if row.kind == kind])
    ]
    return render_template(
        "workspace/kept.html", groups=groups, errors=errors, number=number, form=request.form
    )


@pages.post(PATH)
def keep() -> Response:
    """Keep an address of this site (`adresse`, `titre`, `note`), then go back there."""
    given = request.form
    there = local_path(given.get("adresse", ""), PATH)
    try:
        with writing(session()) as db:
            kept.keep(
                db, my_id(), given.get("adresse", ""), given.get("titre", ""),
                given.get("note", ""), now(),
            )  # fmt: skip
    except InvalidInputError as error:
        flash(error.message, "error")
        return redirect(there, 303)
    flash("Cette page est gardée dans votre espace, avec une note si vous le voulez.")
    return redirect(there, 303)


@pages.post(f"{PATH}/<int:number>")
def change(number: int) -> Response | tuple[str, int]:
    """Change a title and a note, or keep it no more (`oublier`)."""
    given = request.form
    try:
        with writing(session()) as db:
            if "oublier" in given:
                gone = kept.forget(db, my_id(), number)
                flash(f"« {gone.title} » n’est plus gardé.")
            else:
                kept.change(
                    db, my_id(), number, given.get("titre", ""), given.get("note", ""), now()
                )
                flash("C’est noté.")
    except InvalidInputError as error:
        reading(session())
        return _page([InputError(f"{error.field}-{number}", error.message)], number), 400
    return redirect(PATH, 303)
