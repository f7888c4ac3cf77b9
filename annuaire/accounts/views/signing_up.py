"""`/inscription`: an account is made when its mailed link is followed."""

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from annuaire.accounts import signing, typed
from annuaire.accounts.current import current
from annuaire.accounts.views.base import count_letter, own_path, site
from annuaire.accounts.views.signing_in import SENT
from annuaire.db import writing
from annuaire.extensions import session
from annuaire.listing import FormValues

pages = Blueprint("signing_up", __name__)


@pages.get("/inscription")
def form() -> Response | str:
    """The empty form."""
    if current():
        return redirect(own_path(request.args.get("next", "")), 303)
    back = request.args.get("next", "")
    return render_template("accounts/sign_up.html", form=FormValues(), errors=(), next=back)


@pages.post("/inscription")
def ask() -> Response | tuple[str, int]:
    """Mail the link that makes the account, or word that there is one."""
    values, errors = typed.read(request.form, nom=typed.name, courriel=typed.email)
    back = request.form.get("next", "")
    if errors:
        form = FormValues(request.form.items())
        body = render_template("accounts/sign_up.html", form=form, errors=errors, next=back)
        return body, 400
    count_letter(session(), values["courriel"])
    with writing(session()) as db:
        signing.ask_sign_up(db, values["courriel"], values["nom"], own_path(back), site())
    return redirect(SENT, 303)
