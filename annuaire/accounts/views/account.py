"""`/espace/compte`: what an account is, what it did, and its end."""

from datetime import UTC, datetime

from flask import Blueprint, flash, jsonify, redirect, render_template, request
from werkzeug.wrappers import Response

from annuaire.accounts import links, personal, second_factor, service, sessions, typed
from annuaire.accounts.audit import acts_of
from annuaire.accounts.buying import seats_of, territories_of
from annuaire.accounts.current import stop
from annuaire.accounts.guarding import recently_proved
from annuaire.accounts.members import structures_of
from annuaire.accounts.territories import territory_label
from annuaire.accounts.typed import FieldError
from annuaire.accounts.views.base import HOME, count_letter, signed_in, site
from annuaire.accounts.wording import METHODS, ROLES, acts_in_words, agent_in_words
from annuaire.db import reading, writing
from annuaire.errors import InvalidInputError
from annuaire.extensions import session
from annuaire.listing import FormValues

pages = Blueprint("account", __name__)

NEW_EMAIL = f"{HOME}/courriel"
ERASE = f"{HOME}/effacer"
EITHER = ("email_new", "email_old")


@pages.get(HOME)
def show() -> str:
    """The account whole."""
    return _page()


def _page(errors: list[FieldError] | None = None, name: str | None = None) -> str:
    found, db = signed_in(), reading(session())
    user = service.account(db, found.user_id)
    now = datetime.now(UTC)
    held = [
        each for each in db.scalars(sessions.living(user.id)) if sessions.lasts(user, each, now)
    ]
    return render_template(
        "accounts/account.html",
        account=user,
        roles=ROLES,
        methods=METHODS,
        form=FormValues({"nom": user.name if name is None else name}),
        errors=errors or (),
        codes_left=second_factor.left(db, user.id),
        sessions=[
            {"row": each, "agent": agent_in_words(each.agent), "here": each.id == found.session_id}
            for each in held
        ],
        structures=db.scalars(structures_of(user.id)).all(),
        seats=db.scalars(seats_of(user.id)).all(),
        territories=[
            (each, territory_label(each.code)) for each in db.scalars(territories_of(user.id))
        ],
        acts=acts_in_words(db.scalars(acts_of(user.id, 50))),
    )


@pages.post(f"{HOME}/nom")
def rename() -> Response | tuple[str, int]:
    """Change the name shown."""
    values, errors = typed.read(request.form, nom=typed.name)
    if errors:
        return _page(errors, request.form.get("nom", "")), 400
    with writing(session()) as db:
        service.rename(db, service.account(db, signed_in().user_id), values["nom"])
    flash("Votre nom est enregistré.")
    return redirect(HOME, 303)


@pages.get(NEW_EMAIL)
@recently_proved
def email_form() -> str:
    """The form that asks for a new address."""
    return render_template("accounts/email.html", form=FormValues(), errors=())


@pages.post(NEW_EMAIL)
@recently_proved
def change_email() -> Response | tuple[str, int]:
    """Mail a link to both addresses."""
    values, errors = typed.read(request.form, courriel=typed.email)
    try:
        if not errors:
            count_letter(session(), values["courriel"])
            with writing(session()) as db:
                user = service.account(db, signed_in().user_id)
                service.ask_new_email(db, user, values["courriel"], site())
    except InvalidInputError as error:
        errors = [FieldError("courriel", error.message)]
    if errors:
        form = FormValues(request.form.items())
        return render_template("accounts/email.html", form=form, errors=errors), 400
    flash("Deux liens sont partis, à votre adresse et à la nouvelle : il faut ouvrir les deux.")
    return redirect(HOME, 303)


@pages.get(f"{NEW_EMAIL}/<token>")
def look_at_email(token: str) -> str:
    """The page that one of the two links opens; its button confirms."""
    link = links.look(reading(session()), token, *EITHER)
    return render_template("accounts/email_link.html", link=link, token=token)


@pages.post(f"{NEW_EMAIL}/<token>")
def confirm_email(token: str) -> Response:
    """Confirm from one of the two addresses."""
    with writing(session()) as db:
        done = service.confirm_email(db, token, site())
    flash(
        "Votre compte porte maintenant sa nouvelle adresse, et ce que vous avez demandé avec "
        "l’ancienne (alertes, demandes, achats notés, signalements, clés d’API) l’a suivie."
        if done
        else "C’est confirmé de ce côté. Ouvrez aussi le lien reçu à l’autre adresse."
    )
    return redirect("/connexion", 303)


@pages.get(f"{HOME}/export.json")
def export() -> Response:
    """All that we keep of this person, as a file."""
    db = reading(session())
    user = service.account(db, signed_in().user_id)
    response = jsonify(personal.export_all(db, user.email))
    response.headers["Content-Disposition"] = 'attachment; filename="annuaire-mes-donnees.json"'
    return response


@pages.get(ERASE)
@recently_proved
def erase_form() -> str:
    """What erasing takes away, and the button that does it."""
    return render_template("accounts/erase.html", rooms=personal.labels())


@pages.post(ERASE)
@recently_proved
def erase() -> Response:
    """Erase the account and all that we keep of its person."""
    with writing(session()) as db:
        user = service.account(db, signed_in().user_id)
        personal.erase_all(db, user.email, site(), actor_id=user.id)
    flash("Votre compte et ce qu’il contenait sont effacés. Un dernier message le confirme.")
    response = redirect("/", 303)
    stop(response)
    return response
