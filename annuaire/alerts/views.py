"""The pages of alerts: what one may await, what it would have sent, asking for one, confirming."""

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from annuaire.accounts.current import current_user
from annuaire.alerts import service
from annuaire.alerts.asking import CONTRACTS, OPPORTUNITIES
from annuaire.alerts.limits import visitor_key
from annuaire.alerts.links import CONFIRM, MINE, Site
from annuaire.alerts.preview import DAYS, preview
from annuaire.alerts.reminders import DAYS as REMINDERS
from annuaire.alerts.replacing_views import replaced
from annuaire.alerts.rhythm import DAYS as WEEKDAYS
from annuaire.alerts.rhythm import RHYTHMS
from annuaire.alerts.wishes import DISTANCES, POINTS, SORTS, Wish, read_when, read_wish
from annuaire.asking import today
from annuaire.errors import InvalidInputError, NotFoundError
from annuaire.extensions import (
    address_of_caller,
    engine,
    limiter,
    places,
    session,
    settings,
)
from annuaire.mail.letters import address_key
from annuaire.wording import pluriel
from search.filters import InputError

pages = Blueprint("alerts", __name__)

FIELDS = (
    "sorte", "recherche", "structure", "distance", "clauses", "points", "courriel", "rythme",
    "heure", "jour", "rappel",
)  # fmt: skip
HONEYPOT = "site"
MAX_FIELD = 4_000  # characters
LIMIT = "30 per hour"
TOO_MANY = (
    "Trop de demandes sont parties de cette connexion en une heure : attendez avant d’en envoyer "
    "une autre. Les précédentes sont gardées."
)
#: What would have been sent is worked out for each look.
LOOKS = "60 per minute"
TOO_MANY_LOOKS = "Trop d’aperçus en peu de temps : attendez une minute, puis recommencez."
SENT = (
    "Un courriel vient d’être envoyé à {} : ouvrez-le et confirmez. Sans réponse sous trois jours, "
    "la demande est effacée."
)
MINE_SENT = "Si cette adresse a des alertes, un courriel avec leur lien vient de lui être envoyé."


def now() -> datetime:
    """This moment."""
    return datetime.now(UTC)


def site() -> Site:
    """The site as its letters name it."""
    return Site(settings().public_url, settings().secret_key)


def given_by(source: Any) -> dict[str, str]:
    """What a form or an address holds, by field."""
    return {name: source.get(name, "").strip()[:MAX_FIELD] for name in FIELDS}


@pages.app_context_processor
def _for_results() -> dict[str, Any]:
    """What the pages of results ask: `alert_replaced(sort)`."""
    return {"alert_replaced": replaced}


@pages.get("/alertes")
def index() -> str:
    """What one may await, and the way to one's own alerts."""
    return render_template("alerts/index.html", errors=(), courriel="")


@pages.post("/alertes")
@limiter.limit(LIMIT, error_message=TOO_MANY)
def send_mine() -> BaseResponse | tuple[str, int]:
    """Send an address the link to its alerts. Nobody is told whether it has some."""
    email = request.form.get("courriel", "").strip()[:MAX_FIELD]
    try:
        if not request.form.get(HONEYPOT):
            service.send_mine(session(), site(), email, now())
    except InvalidInputError as error:
        errors = [InputError("courriel", error.message)]
        return render_template("alerts/index.html", errors=errors, courriel=email), 400
    flash(MINE_SENT)
    return redirect("/alertes", 303)


@pages.get("/alertes/nouvelle")
@limiter.limit(LOOKS, error_message=TOO_MANY_LOOKS)
def new() -> str | tuple[str, int]:
    """What is awaited, what it would have sent, and the form; who is signed in has an address."""
    given = given_by(request.args)
    user = current_user()
    if user is not None:
        given["courriel"] = given["courriel"] or user.email
    wish, errors = read_wish(session(), engine(), places(), given)
    body = _new(wish, given, errors)
    return body if wish else (body, 400)


def _new(wish: Wish | None, given: dict[str, str], errors: Any) -> str:
    replaced_alert = _replaced(given["sorte"])
    return shown("alerts/new.html", wish, given, errors, replaced=replaced_alert)


def _replaced(sort: str) -> dict[str, Any] | None:
    """The alert whose search this visitor went to change: its title, and where to post."""
    found = replaced(sort)
    if found is None:
        return None
    try:
        alert = service.one(session(), found.id, site().value(MINE, found.token))
    except NotFoundError:
        return None
    return {"title": alert.title, "path": f"/alertes/mes/{found.token}/{found.id}/recherche"}


def shown(template: str, wish: Wish | None, given: dict[str, str], errors: Any, **more: Any) -> str:
    """A form of an alert with what it would have sent."""
    found = preview(session(), engine(), wish, today()) if wish else None
    return render_template(
        template,
        wish=wish,
        preview=found,
        days=DAYS,
        form=given,
        errors=errors,
        rhythms=list(RHYTHMS.items()),
        hours=[(str(hour), f"{hour} h") for hour in range(24)],
        weekdays=[(str(number), name) for number, name in enumerate(WEEKDAYS)],
        reminders=[("", "aucun"), *((str(d), f"{pluriel(d, 'jour')} avant") for d in REMINDERS)],
        distances=[(str(km), f"{km} km") for km in DISTANCES],
        points=[(str(number), f"{number} points sur 100") for number in POINTS],
        closes=wish is not None and wish.kind in (CONTRACTS, OPPORTUNITIES),
        suits=wish is not None and wish.kind == OPPORTUNITIES,
        **more,
    )


@pages.post("/alertes/nouvelle")
@limiter.limit(LIMIT, error_message=TOO_MANY)
def create() -> BaseResponse | tuple[str, int]:
    """Keep an alert until its address confirms it. A machine that filled the hidden field is
    thanked, and not heard."""
    given = given_by(request.form)
    wish, errors = read_wish(session(), engine(), places(), given)
    when, wrong = read_when(given)
    errors += wrong
    if not given["courriel"]:
        errors.append(InputError("courriel", "Indiquez l’adresse qui recevra l’alerte."))
    if wish and not errors:
        asked_from = visitor_key(settings().secret_key, address_of_caller())
        try:
            if not request.form.get(HONEYPOT):
                email = given["courriel"]
                service.subscribe(session(), site(), wish, when, email, asked_from, now())
        except InvalidInputError as error:
            errors.append(InputError("courriel", error.message))
    if not wish or errors:
        return _new(wish, given, errors), 400
    flash(SENT.format(given["courriel"]))
    return redirect("/alertes", 303)


@pages.get("/alertes/confirmer/<token>")
def to_confirm(token: str) -> str:
    """A button: programs that look for harm in mails open every link."""
    id_ = site().value(CONFIRM, token)
    return render_template("alerts/confirm.html", alert=service.one(session(), id_), token=token)


@pages.post("/alertes/confirmer/<token>")
def confirm(token: str) -> BaseResponse:
    """Begin to serve an alert, and lead to all those of its address."""
    id_ = site().value(CONFIRM, token)
    address = service.confirm(session(), engine(), id_, now(), today())
    flash("Votre alerte est confirmée.")
    return redirect(site().link(MINE, address).removeprefix(settings().public_url), 303)


@pages.get("/espace/alertes")
def of_account() -> BaseResponse:
    """The alerts of who is signed in: those of their address."""
    user = current_user()
    if user is None:  # the table of rights has it that one is
        raise NotFoundError("Connectez-vous pour voir vos alertes.")
    link = site().link(MINE, address_key(user.email))
    return redirect(link.removeprefix(settings().public_url), 303)


def sort_of(kind: str) -> str:
    """A kind of alert as addresses and forms name it."""
    return next(sort for sort, known in SORTS.items() if known == kind)
