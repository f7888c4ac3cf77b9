"""/espace/cles: the keys of who is signed in, with what they asked."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from sqlalchemy import Select
from werkzeug.exceptions import Unauthorized
from werkzeug.wrappers import Response

from annuaire.accounts import audit
from annuaire.accounts.current import current_user
from annuaire.accounts.guarding import recently_proved
from annuaire.accounts.models import User
from annuaire.asking import today
from annuaire.db import writing
from annuaire.errors import InvalidInputError
from annuaire.extensions import limiter, session
from annuaire.listing import FormValues
from annuaire.platforms import keys as service
from annuaire.platforms.models import ApiKey
from annuaire.platforms.usage import SHOWN, last_days, usage_of
from search.filters import InputError

pages = Blueprint("keys", __name__, url_prefix="/espace/cles")

LIMIT: Final = "20 per hour"
DURATIONS: Final = {"90": "trois mois", "365": "un an", "1095": "trois ans"}
FIELDS: Final = ("nom", "duree", "essai")
ERRORS: Final = {"name": "nom", "scopes": "portees", "days": "duree", "owner": "nom"}


@pages.get("")
def show() -> str:
    """My keys, and the form of a new one."""
    return _page(FormValues({"duree": "365"}))


@pages.post("")
@limiter.limit(LIMIT)
@recently_proved
def create() -> Response | tuple[str, int]:
    """Make a key; its secret is shown in this answer alone."""
    user, form = _user(), FormValues({name: request.form.get(name, "") for name in FIELDS})
    scopes = [scope for scope in request.form.getlist("portees") if scope in service.OWN_SCOPES]
    days = int(form["duree"]) if form["duree"] in DURATIONS else 365
    lasts, test = timedelta(days=days), form["essai"] == "oui"
    wanted = service.Wanted(
        form["nom"], user.email, scopes, "espace", test=test, lasts=lasts, user_id=user.id
    )
    try:
        with writing(session()) as db_session:
            key, text = service.create(db_session, wanted, datetime.now(UTC))
            _log(db_session, "keys.create", key, user.id)
    except InvalidInputError as error:
        told = InputError(ERRORS.get(error.field or "", "nom"), error.message)
        return _page(form, scopes, [told]), 400
    return _shown_once(text)


@pages.post("/<prefix>/remplacer")
@limiter.limit(LIMIT)
@recently_proved
def rotate(prefix: str) -> Response:
    """Replace a key; the old one holds for a week more."""
    user = _user()
    with writing(session()) as db_session:
        old = service.by_prefix(db_session, prefix, _mine(user))
        key, text = service.rotate(db_session, old, "espace", datetime.now(UTC))
        _log(db_session, "keys.rotate", key, user.id)
    return _shown_once(text)


@pages.post("/<prefix>/revoquer")
def revoke(prefix: str) -> Response:
    """Close a key at once."""
    user = _user()
    with writing(session()) as db_session:
        key = service.by_prefix(db_session, prefix, _mine(user))
        service.revoke(db_session, key, "par son titulaire", datetime.now(UTC))
        _log(db_session, "keys.revoke", key, user.id)
    flash(f"La clé {prefix} est révoquée : elle ne vaut plus rien.")
    return redirect(url_for("keys.show"), 303)


def _user() -> User:
    user = current_user()
    if user is None:  # the session ended since the door was passed
        raise Unauthorized
    session().expunge(user)  # plain values, that a transaction does not take away
    return user


def _mine(user: User) -> Select[ApiKey]:
    return service.keys_of(user.email, user.id)


def _log(db_session: Any, action: str, key: ApiKey, user_id: int) -> None:
    audit.record(db_session, action, "api_key", key.id, actor_id=user_id)


def _shown_once(text: str) -> Response:
    response = make_response(render_template("platforms/key_once.html", key=text))
    response.headers["Cache-Control"] = "no-store"
    return response


def _page(
    form: FormValues, scopes: list[str] | None = None, errors: list[InputError] | None = None
) -> str:
    now = datetime.now(UTC)
    held = session().scalars(_mine(_user())).all()
    ids = [key.id for key in held]
    last = {row[0]: row for row in session().execute(last_days(ids))}
    used: dict[int, list[Any]] = {}
    for row in session().execute(usage_of(ids, today() - SHOWN)):
        used.setdefault(row.key_id, []).append(row)
    rows = [
        {
            "key": key,
            "holds": key.holds(now),
            "scopes": [service.SCOPES[scope] for scope in key.scopes],
            "asked": last[key.id][2] if key.id in last else 0,
            "last_day": last[key.id][1] if key.id in last else None,
            "usage": used.get(key.id, []),
        }
        for key in held
    ]
    return render_template(
        "platforms/keys.html",
        rows=rows,
        form=form,
        chosen=scopes if scopes is not None else ["read", "match"],
        scopes={scope: service.SCOPES[scope] for scope in service.OWN_SCOPES},
        durations=list(DURATIONS.items()),
        errors=errors or [],
    )
