"""The page by which a visitor reports an error or asks for a withdrawal."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from annuaire.accounts.current import current_user
from annuaire.db import writing
from annuaire.extensions import limiter, session
from annuaire.listing import FormValues
from annuaire.structures import service
from annuaire.structures.report_form import HONEYPOT, KINDS, read_report
from annuaire.structures.reports import file_report

pages = Blueprint("reports", __name__)

FIELDS = ("motif", "texte", "courriel")
LIMIT = "5 per hour"
TOO_MANY = (
    "Cinq signalements sont partis de cette connexion en une heure : attendez avant d’en envoyer "
    "un autre. Les précédents sont enregistrés ; ce dernier ne l’est pas."
)
THANKS = "Votre signalement est enregistré. Une personne le lira ; rien ne change d’ici là."


@pages.get("/structures/<key>/signaler")
def new(key: str) -> str:
    """The empty form; `motif` in the address chooses one beforehand."""
    structure = service.by_siret(session(), key)
    user = current_user()
    known = {"courriel": user.email} if user else {}  # whose answer their page then shows
    form = FormValues({"motif": request.args.get("motif", "")} | known)
    return render_template(
        "structures/report.html", structure=structure, form=form, errors=(), kinds=KINDS
    )


@pages.post("/structures/<key>/signaler")
@limiter.limit(LIMIT, error_message=TOO_MANY)
def send(key: str) -> Response | tuple[str, int]:
    """Keep what is reported. A machine that filled the hidden field is thanked, and not heard."""
    structure = service.by_siret(session(), key)
    given = FormValues({name: request.form.get(name, "") for name in FIELDS})
    reported, errors = read_report(given)
    if reported is None:
        body = render_template(
            "structures/report.html", structure=structure, form=given, errors=errors, kinds=KINDS
        )
        return body, 400
    if not request.form.get(HONEYPOT):
        with writing(session()) as db_session:
            file_report(db_session, service.by_siret(db_session, key), reported)
    flash(THANKS)
    return redirect(url_for("structures.show", key=key), 303)
