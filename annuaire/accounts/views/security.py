"""`/espace/compte/…`: password, second factor, sessions."""

from typing import Final
from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from annuaire.accounts import second_factor, service, sessions
from annuaire.accounts.current import stop
from annuaire.accounts.guarding import SECOND_FACTOR, recently_proved
from annuaire.accounts.typed import FieldError
from annuaire.accounts.views.base import (
    HOME,
    count_attempt,
    own_path,
    row_number,
    signed_in,
    site,
)
from annuaire.db import reading, writing
from annuaire.errors import InvalidInputError
from annuaire.extensions import session, settings
from annuaire.listing import FormValues

pages = Blueprint("account_security", __name__)

PASSWORD: Final = f"{HOME}/mot-de-passe"


def _password(errors: list[FieldError]) -> str:
    user = service.account(reading(session()), signed_in().user_id)
    return render_template(
        "accounts/new_password.html", form=FormValues(), errors=errors, has=bool(user.password_hash)
    )


@pages.get(PASSWORD)
@recently_proved
def password_form() -> str:
    """The form that asks for a new password."""
    return _password([])


@pages.post(PASSWORD)
@recently_proved
def change_password() -> Response | tuple[str, int]:
    """Keep a new password, or none any more (`retirer`)."""
    found = signed_in()
    given = request.form.get("mot_de_passe", "")
    dropped = "retirer" in request.form
    try:
        if not dropped and given != request.form.get("encore", ""):
            raise InvalidInputError("Les deux ne sont pas pareils : écrivez-le de nouveau.")
        with writing(session()) as db:
            user = service.account(db, found.user_id)
            if dropped:
                service.drop_password(db, user, site(), but_session=found.session_id)
            else:
                service.set_password(db, user, given, site(), but_session=found.session_id)
    except InvalidInputError as error:
        return _password([FieldError("mot_de_passe", error.message)]), 400
    flash(
        "Votre compte n’a plus de mot de passe : la connexion se fait par lien."
        if dropped
        else "Votre mot de passe est enregistré ; les autres sessions sont fermées."
    )
    return redirect(HOME, 303)


@pages.get(SECOND_FACTOR)
@recently_proved
def totp_form() -> str:
    """The second factor: on, or off with what turns it on. Only the button draws a new secret."""
    return _totp([])


def _totp(errors: list[FieldError]) -> str:
    db = reading(session())
    user = service.account(db, signed_in().user_id)
    on = second_factor.is_on(user)
    secret = None if on else second_factor.secret_of(user, settings().secret_key)
    return render_template(
        "accounts/totp.html",
        on=on,
        since=user.totp_since,
        left=second_factor.left(db, user.id),
        secret=secret,
        picture=second_factor.picture(secret, user.email) if secret else None,
        form=FormValues(),
        errors=errors,
        staff=user.role != "user",
        address=_address(),
    )


def _asked() -> str:
    """The page of this site that asked for the second factor (`next`), to go to then; or none."""
    given = request.args.get("next", "")
    return own_path(given) if given else ""


def _address() -> str:
    """The address of this page, with the page to go to then."""
    asked = _asked()
    return f"{SECOND_FACTOR}?{urlencode({'next': asked})}" if asked else SECOND_FACTOR


@pages.post(SECOND_FACTOR)
@recently_proved
def change_totp() -> Response | str | tuple[str, int]:
    """`preparer` draws a secret, `activer` takes its first code, `renouveler` gives new recovery
    codes, `retirer` turns it off."""
    found = signed_in()
    act, key = request.form.get("acte", ""), settings().secret_key
    if act == "activer":
        return _turn_on(request.form.get("code", ""), key)
    codes: list[str] = []
    with writing(session()) as db:
        user = service.account(db, found.user_id)
        on = second_factor.is_on(user)
        if act == "preparer" and not on:
            second_factor.prepare(user, key)
        elif act == "renouveler" and on:
            codes = service.renew_codes(db, user)
        elif act == "retirer" and on:
            service.turn_off_totp(db, user, site(), but_session=found.session_id)
    if codes:
        return render_template("accounts/recovery.html", codes=codes, next=_asked())
    return redirect(_address(), 303)


def _turn_on(code: str, key: str) -> str | tuple[str, int]:
    found = signed_in()
    count_attempt(session(), "totp", str(found.user_id))
    try:
        with writing(session()) as db:
            user = service.account(db, found.user_id)
            codes = service.turn_on_totp(db, user, code, key, site(), session_id=found.session_id)
    except second_factor.WrongCodeError as error:
        return _totp([FieldError("code", error.message)]), 400
    return render_template("accounts/recovery.html", codes=codes, next=_asked())


@pages.post(f"{HOME}/sessions")
def end_sessions() -> Response:
    """Close a session (`fermer`: its number), or all but this one (`toutes`)."""
    found = signed_in()
    number = row_number("fermer")
    with writing(session()) as db:
        if "toutes" in request.form:
            ended = sessions.end(db, found.user_id, but=found.session_id)
        else:
            ended = sessions.end_some(db, found.user_id, [number])
    flash("Aucune session n’a été fermée." if not ended else f"Sessions fermées : {ended}.")
    response = redirect(HOME, 303)
    if number == found.session_id:
        stop(response)
    return response
