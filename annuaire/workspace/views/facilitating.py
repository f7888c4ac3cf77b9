"""`/espace/territoires`: what a facilitator of social clauses looks after; how they are named."""

from typing import Final

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from annuaire.accounts import facilitators
from annuaire.accounts.models import FacilitatorContact
from annuaire.accounts.typed import FieldError
from annuaire.asking import today
from annuaire.claims.views.base import me, my_id, now
from annuaire.db import reading, writing
from annuaire.errors import InvalidInputError
from annuaire.extensions import engine, session
from annuaire.listing import FormValues
from annuaire.workspace.contact_form import read_contact
from annuaire.workspace.facilitating import SOON, watched_by
from annuaire.workspace.kept import kept_by
from annuaire.workspace.models import Kept

pages = Blueprint("facilitating", __name__)

PATH: Final = "/espace/territoires"
LAST_KEPT: Final = 10


@pages.get(PATH)
def show() -> str:
    """The territories granted to a facilitator, the searches and needs that they keep, and how
    buyers see them named."""
    return _page([])


def _page(errors: list[FieldError]) -> str:
    db = reading(session())
    user = me(db)
    kept = kept_by(user.id).where(Kept.kind.in_(("search", "need"))).limit(LAST_KEPT)
    named = facilitators.contact_of(db, user.id)
    return render_template(
        "workspace/facilitating.html",
        watched=watched_by(db, engine(), user.id, today()),
        kept=db.scalars(kept).all(),
        soon=SOON,
        named=named,
        as_shown=facilitators.shown_of(db, user.id),
        form=FormValues(request.form.items()) if errors else _held(named),
        errors=errors,
    )


def _held(named: FacilitatorContact | None) -> FormValues:
    if named is None:
        return FormValues()
    held = {"fonction": named.role, "courriel": named.email, "telephone": named.phone}
    return FormValues({key: value for key, value in held.items() if value})


@pages.post(f"{PATH}/contact")
def agree() -> Response | tuple[str, int]:
    """Be named to buyers from now on (`fonction`, `courriel`, `telephone`, `accord`)."""
    contact, errors = read_contact(request.form)
    if contact is None:
        return _page(errors), 400
    try:
        with writing(session()) as db:
            facilitators.agree(db, me(db), contact.role, contact.email, contact.phone, now())
    except InvalidInputError as error:
        return _page([FieldError(error.field, error.message)]), 400
    flash("Vous êtes nommé sur les fiches et les pages des besoins de vos territoires.")
    return redirect(f"{PATH}#contact", 303)


@pages.post(f"{PATH}/contact/retirer")
def withdraw() -> Response:
    """Be named no more, from this moment."""
    with writing(session()) as db:
        facilitators.withdraw(db, my_id())
    flash("Vous n’êtes plus nommé nulle part, et votre contact est effacé.")
    return redirect(f"{PATH}#contact", 303)
