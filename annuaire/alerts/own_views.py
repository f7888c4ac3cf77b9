"""The pages of who holds a letter of ours: their alerts, leaving one, « pas pour nous ». Signed
addresses stand for a sign-in; nothing changes when one is only opened."""

from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from annuaire.alerts import replacing_views, service, teaching
from annuaire.alerts.letters import page_of
from annuaire.alerts.links import LEAVE, MINE, REFUSE
from annuaire.alerts.models import AlertSubscription
from annuaire.alerts.rhythm import in_words
from annuaire.alerts.views import given_by, now, shown, site, sort_of
from annuaire.alerts.wishes import read_when, read_wish
from annuaire.asking import today
from annuaire.contracts.service import by_reference
from annuaire.errors import InvalidInputError, NotFoundError
from annuaire.extensions import csrf, engine, places, session
from annuaire.sql import typed_number
from search.filters import InputError

pages = Blueprint("own_alerts", __name__, url_prefix="/alertes")

STATES = {"pending": "à confirmer", "active": "en cours", "paused": "suspendue"}
LEFT = "Cette alerte est arrêtée : plus rien ne sera envoyé pour elle."


@pages.after_request
def unlisted(response: Any) -> Any:
    """These addresses are their holder's own: kept by no cache, told to no other site."""
    response.cache_control.no_store = True
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "same-origin"
    return response


@pages.get("/mes/<token>")
def mine(token: str) -> str:
    """All the alerts of an address."""
    address = site().value(MINE, token)
    found = service.mine(session(), address)
    refused = service.refusals_of(session(), [each.id for each in found])
    alerts = [_line(each) | {"refusals": refused[each.id]} for each in found]
    return render_template("alerts/mine.html", address=address, alerts=alerts, token=token)


def _line(alert: AlertSubscription) -> dict[str, Any]:
    return {
        "id": alert.id,
        "title": alert.title,
        "url": page_of(alert),
        "state": STATES[alert.state],
        "active": alert.state == "active",
        "paused": alert.state == "paused",
        "rhythm": in_words(alert.rhythm, alert.hour, alert.weekday),
        "reminder": alert.reminder_days,
        "trouble": alert.trouble,
    }


@pages.get("/mes/<token>/<int:id_>")
def edit(token: str, id_: int) -> str:
    """The form of one alert."""
    alert = _own(token, id_)
    given = _given(alert)
    wish, errors = read_wish(session(), engine(), places(), given)
    return shown("alerts/edit.html", wish, given, errors, alert=alert, token=token)


@pages.post("/mes/<token>/<int:id_>/chercher")
def go_and_search(token: str, id_: int) -> BaseResponse:
    """Lead to the search of an alert, whose results will lead back to it."""
    alert = _own(token, id_)
    replacing_views.go_and_search(sort_of(alert.kind), token, id_)
    return redirect(page_of(alert), 303)


@pages.post("/mes/<token>/<int:id_>/recherche")
def replace_search(token: str, id_: int) -> BaseResponse | tuple[str, int]:
    """Have an alert await what another search finds; or leave its own as it is (`garder`)."""
    alert = _own(token, id_)
    if "garder" in request.form:
        replacing_views.found()
        return _to_mine(token)
    typed = request.form.get("recherche", "")
    return _save(alert, token, _given(alert) | {"recherche": typed}, "Sa recherche est remplacée.")


def _given(alert: AlertSubscription) -> dict[str, str]:
    options = alert.options
    return {
        "sorte": sort_of(alert.kind),
        "recherche": alert.query,
        "structure": alert.structure_key or "",
        "distance": f"{options.get('within_km', 0):.0f}",
        "clauses": "oui" if options.get("clauses_only") else "",
        "points": f"{options.get('least', 0):.0f}",
        "rythme": alert.rhythm,
        "heure": str(alert.hour),
        "jour": str(alert.weekday),
        "rappel": str(alert.reminder_days or ""),
    }


@pages.post("/mes/<token>/<int:id_>")
def save(token: str, id_: int) -> BaseResponse | tuple[str, int]:
    """Change an alert: when it leaves, and what « marchés pour nous » asks."""
    alert = _own(token, id_)
    sent = {key: value for key, value in given_by(request.form).items() if value}
    own = {"sorte", "structure", "courriel", "recherche"}
    given = _given(alert) | {k: v for k, v in sent.items() if k not in own}
    for name in ("clauses", "rappel"):
        given[name] = sent.get(name, "")
    return _save(alert, token, given, "Votre alerte est changée.")


def _save(
    alert: AlertSubscription, token: str, given: dict[str, str], said: str
) -> BaseResponse | tuple[str, int]:
    wish, errors = read_wish(session(), engine(), places(), given)
    when, wrong = read_when(given)
    errors += wrong
    if not wish or errors:
        return shown("alerts/edit.html", wish, given, errors, alert=alert, token=token), 400
    service.change(session(), engine(), alert.id, wish, when, now(), today())
    replacing_views.found()
    flash(said)
    return _to_mine(token)


@pages.post("/mes/<token>/<int:id_>/suspendre")
def pause(token: str, id_: int) -> BaseResponse:
    """Send nothing for a while."""
    service.pause(session(), _own(token, id_).id)
    flash("Votre alerte est suspendue : rien ne sera envoyé avant que vous la repreniez.")
    return _to_mine(token)


@pages.post("/mes/<token>/<int:id_>/reprendre")
def resume(token: str, id_: int) -> BaseResponse:
    """Serve it again."""
    service.resume(session(), _own(token, id_).id, now())
    flash("Votre alerte reprend : vous recevrez ce qui paraît à partir de maintenant.")
    return _to_mine(token)


@pages.post("/mes/<token>/<int:id_>/arreter")
def stop(token: str, id_: int) -> BaseResponse:
    """Erase it."""
    service.leave(session(), _own(token, id_).id)
    flash(LEFT)
    return _to_mine(token)


@pages.get("/quitter/<token>")
def to_leave(token: str) -> str:
    """A button: opening a link leaves nothing."""
    id_ = site().value(LEAVE, token)
    try:
        alert = service.one(session(), id_)
    except NotFoundError:
        alert = None
    return render_template("alerts/leave.html", alert=alert, token=token)


@pages.post("/quitter/<token>")
def leave(token: str) -> BaseResponse:
    """Leave one alert, whoever posts: a mail program, or the page's button."""
    try:
        id_ = site().value(LEAVE, token)
    except NotFoundError as error:  # a form that is none of ours, as for all others
        raise InvalidInputError(error.message) from error
    service.leave(session(), id_)
    return make_response(render_template("alerts/leave.html", alert=None, token=token))


# Mail programs post there in one click (RFC 8058): the signed address is the proof.
csrf.exempt(f"{__name__}.leave")


@pages.get("/non/<token>/<reference>")
def to_refuse(token: str, reference: str) -> str:
    """What one may say of a contract that does not suit."""
    return _refusing(token, reference, [])


def _refusing(token: str, reference: str, errors: list[InputError]) -> str:
    alert = service.one(session(), site().value(REFUSE, token))
    contract = by_reference(session(), reference)
    return render_template(
        "alerts/refuse.html",
        alert=alert,
        contract=contract,
        choices=teaching.choices(contract),
        refusals=service.refusals(session(), alert.id),
        errors=errors,
        token=token,
    )


@pages.post("/non/<token>/<reference>")
def refuse(token: str, reference: str) -> BaseResponse | tuple[str, int]:
    """Keep what does not suit."""
    id_ = site().value(REFUSE, token)
    try:
        teaching.refuse(session(), id_, reference, request.form.getlist("motif"), now())
    except InvalidInputError as error:
        return _refusing(token, reference, [InputError("motif", error.message)]), 400
    flash("C’est noté : cette alerte en tient compte dès maintenant.")
    return redirect(request.path, 303)


@pages.post("/non/<token>/<reference>/reprendre")
def take_back(token: str, reference: str) -> BaseResponse:
    """Forget something that was said not to suit."""
    id_ = site().value(REFUSE, token)
    _take_back(id_)
    return redirect(request.path.removesuffix("/reprendre"), 303)


@pages.post("/mes/<token>/<int:id_>/refus")
def take_back_from_mine(token: str, id_: int) -> BaseResponse:
    """The same from the list of alerts."""
    _take_back(_own(token, id_).id)
    return _to_mine(token)


def _take_back(id_: int) -> None:
    if number := typed_number(request.form.get("refus", "")):
        teaching.take_back(session(), id_, number)
        flash("C’est oublié : cette alerte n’en tient plus compte.")


def _own(token: str, id_: int) -> AlertSubscription:
    """An alert of the address that the link was signed for."""
    return service.one(session(), id_, site().value(MINE, token))


def _to_mine(token: str) -> BaseResponse:
    return redirect(f"/alertes/mes/{token}", 303)
