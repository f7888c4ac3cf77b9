"""« Pas adaptée parce que… », kept in the visitor's own signed cookie, for who is signed in with
the account or the body that it buys for; and taken back."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request
from flask import session as cookie
from werkzeug.wrappers import Response

from annuaire.accounts.current import current_user
from annuaire.activities.taxonomy import taxonomy
from annuaire.asking import today
from annuaire.db import reading, writing
from annuaire.extensions import session
from annuaire.geo.gazetteer import departement_label
from annuaire.matching.contesting import REASONS, Contest, added, taken_back
from annuaire.matching.kept_contests import contests_of, keep_contests
from annuaire.sourcing.views.owner import owners
from annuaire.structures.reading import full_by_keys
from annuaire.structures.service import by_siret
from annuaire.takeaway.views.kept import local_path

pages = Blueprint("contests", __name__)

NAME = "ecartees"
PATH = "/propositions/ecartees"


def kept() -> list[Contest]:
    """What this visitor said against structures, the oldest first."""
    if current_user():
        return contests_of(session(), owners()[0])
    found = cookie.get(NAME)
    return [c for row in found if (c := _contest(row))] if isinstance(found, list) else []


def _contest(row: object) -> Contest | None:
    match row:
        case [str(key), str(reason), str(activity), str(place), str(day)] if reason in REASONS:
            with suppress(ValueError):
                return Contest(key, reason, activity, place, date.fromisoformat(day))
    return None  # what another version of the site kept


def _keep(contests: Sequence[Contest]) -> None:
    if current_user():
        owner = owners()[0]
        with writing(session()) as db:
            keep_contests(db, owner, contests)
    elif contests:
        cookie[NAME] = [
            [c.key, c.reason, c.activity, c.departement, c.on.isoformat()] for c in contests
        ]
        cookie.permanent = True
    else:
        cookie.pop(NAME, None)


@pages.get(PATH)
def show() -> str:
    """What this visitor said, to be taken back."""
    contests = kept()
    names = {s.key: s.shown_name for s in full_by_keys(session(), [c.key for c in contests])}
    lines = [
        {
            "key": c.key,
            "name": names.get(c.key, c.key),
            "sentence": c.sentence,
            "about": _about(c),
        }
        for c in reversed(contests)
    ]
    return render_template("matching/contests.html", lines=lines)


def _about(contest: Contest) -> str:
    """For which needs it counts."""
    scope = REASONS[contest.reason].scope
    if scope == "activity" and contest.activity:
        return f"pour « {taxonomy().label(contest.activity)} »"
    if scope == "departement" and contest.departement:
        return f"pour {departement_label(contest.departement) or contest.departement}"
    return "pour tous vos besoins"


@pages.post(PATH)
def change() -> Response:
    """Keep a reason (`cle`, `motif`, `activite`, `departement`), or take a structure's back
    (`annuler`); then back to where the visitor was (`retour`)."""
    reading(session())
    form = request.form
    if key := form.get("annuler", ""):
        _keep(taken_back(kept(), key))
        flash("C’est annulé : cette structure retrouve son rang.")
    elif form.get("motif", "") in REASONS:
        structure = by_siret(session(), form.get("cle", ""))
        name = structure.shown_name
        code, place = form.get("activite", ""), form.get("departement", "")
        contest = Contest(
            structure.key,
            form["motif"],
            code if taxonomy().get(code) else "",
            place if departement_label(place) else "",
            today(),
        )
        _keep(added(kept(), contest))
        flash(f"Noté pour « {name} » : elle passera plus bas dans vos besoins.")
    else:
        flash("Choisissez une raison.", "error")
    return redirect(local_path(form.get("retour", ""), PATH), 303)
