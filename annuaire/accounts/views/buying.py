"""`/espace/organisations`: the bodies one buys for, colleagues, territories; `/invitation/…`."""

from typing import Final

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from annuaire.accounts import buying, domains, links, service, typed
from annuaire.accounts.signing import Proved
from annuaire.accounts.territories import territory_label
from annuaire.accounts.typed import FieldError
from annuaire.accounts.views.base import Step, count_letter, row_number, signed_in, site
from annuaire.db import reading, writing
from annuaire.errors import InvalidInputError
from annuaire.extensions import session
from annuaire.listing import FormValues

pages = Blueprint("buying", __name__)

PATH: Final = "/espace/organisations"


@pages.get(PATH)
def show() -> str:
    """The bodies one buys for, with one's colleagues, and the territories one looks after."""
    return _page([])


def _page(errors: list[FieldError]) -> str:
    db = reading(session())
    user = service.account(db, signed_in().user_id)
    seats = db.scalars(buying.seats_of(user.id)).all()
    # Who is not verified learns nothing of who buys for a body.
    shown = [seat.siret for seat in seats if seat.verified_at]
    others = [
        (seat.siret, one.name)
        for one, seat in db.execute(buying.colleagues(shown))
        if one.id != user.id
    ]
    return render_template(
        "accounts/organisations.html",
        account=user,
        personal=domains.is_personal(user.email),
        seats=[(seat, [n for siret, n in others if siret == seat.siret]) for seat in seats],
        choices=[(seat.id, seat.name) for seat in seats],
        territories=[
            (t, territory_label(t.code)) for t in db.scalars(buying.territories_of(user.id))
        ],
        form=FormValues(request.form.items()),
        errors=errors,
    )


@pages.post(PATH)
def add() -> Response | tuple[str, int]:
    """Add a body by its SIRET."""
    values, errors = typed.read(request.form, siret=typed.siret, organisation=_optional_name)
    if errors:
        return _page(errors), 400
    try:
        with writing(session()) as db:
            user = service.account(db, signed_in().user_id)
            seat = buying.take_seat(db, user, values["siret"], values["organisation"])
            verified = seat.verified_at is not None
    except InvalidInputError as error:
        return _page([FieldError(error.field, error.message)]), 400
    flash(
        "Votre organisation est ajoutée."
        if verified
        else "Votre organisation est ajoutée. La modération vérifiera que vous en êtes ; "
        "votre compte fonctionne déjà."
    )
    return redirect(PATH, 303)


def _optional_name(text: str) -> str:
    return typed.name(text) if text.strip() else ""


@pages.post(f"{PATH}/quitter")
def leave() -> Response:
    """Buy no more for a body (`organisation`), look after a territory no more (`territoire`)."""
    found = signed_in()
    with writing(session()) as db:
        if "territoire" in request.form:
            buying.leave_territory(db, found.user_id, row_number("territoire"))
        else:
            buying.leave_seat(db, found.user_id, row_number("organisation"))
    flash("C’est retiré de votre compte.")
    return redirect(PATH, 303)


@pages.post(f"{PATH}/inviter")
def invite() -> Response | tuple[str, int]:
    """Mail an invitation to a colleague."""
    values, errors = typed.read(request.form, courriel=typed.email)
    if errors:
        return _page(errors), 400
    count_letter(session(), values["courriel"])
    try:
        with writing(session()) as db:
            user = service.account(db, signed_in().user_id)
            buying.invite(db, user, row_number("pour"), values["courriel"], site())
    except InvalidInputError as error:
        return _page([FieldError(error.field, error.message)]), 400
    flash("L’invitation est partie ; elle vaut sept jours.")
    return redirect(PATH, 303)


@pages.post(f"{PATH}/territoire")
def ask_territory() -> Response | tuple[str, int]:
    """Ask to look after territories, one a line."""
    values, errors = typed.read(request.form, territoire=str.strip, employeur=typed.name)
    if errors:
        return _page(errors), 400
    try:
        with writing(session()) as db:
            user = service.account(db, signed_in().user_id)
            buying.ask_territories(db, user, values["territoire"], values["employeur"])
    except InvalidInputError as error:
        return _page([FieldError(error.field, error.message)]), 400
    flash("Votre demande est enregistrée : la modération vous répondra par courriel.")
    return redirect(PATH, 303)


@pages.get(f"{buying.INVITATION}/<token>")
def look(token: str) -> str:
    """The page that an invitation opens; its button accepts."""
    link = links.look(reading(session()), token, "invitation")
    return render_template("accounts/invitation.html", link=link, token=token)


@pages.post(f"{buying.INVITATION}/<token>")
def accept(token: str) -> Response:
    """Accept an invitation. It signs in to the account that it makes; to one that there was, its
    person signs in as always: an invitation lasts a week, and is passed on without a thought."""
    with writing(session()) as db:
        user, made = buying.accept(db, token)
        step = Step(db, Proved(user, "link", PATH)) if made else None
        email = user.email
    if step:
        return step.response()
    flash(f"L’organisation est ajoutée au compte {email}.")
    return redirect(PATH, 303)
