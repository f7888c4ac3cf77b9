"""`/moderation/comptes`: what awaits a moderator among the accounts."""

from typing import Final

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from annuaire.accounts import moderating
from annuaire.accounts.views.base import row_number, signed_in, site
from annuaire.db import reading, writing
from annuaire.extensions import session
from annuaire.geo.departements import departement_label

pages = Blueprint("account_moderation", __name__)

PATH: Final = "/moderation/comptes"
SHOWN: Final = 50


@pages.get(PATH)
def show() -> str:
    """The seats to verify and the territories asked for, the oldest first."""
    db = reading(session())
    return render_template(
        "accounts/moderation.html",
        seats=db.execute(moderating.seats_awaiting().limit(SHOWN)).all(),
        territories=[
            (territory, user, departement_label(territory.code) or territory.code)
            for territory, user in db.execute(moderating.territories_awaiting().limit(SHOWN))
        ],
    )


@pages.post(PATH)
def decide() -> Response:
    """Accept (`acte` is « accepter ») or refuse, with a reason, a seat or a territory (`sorte`) by
    its number (`numero`)."""
    kind, number = request.form.get("sorte", ""), row_number("numero")
    accepted = request.form.get("acte") == "accepter"
    reason, actor = request.form.get("raison", ""), signed_in().user_id
    with writing(session()) as db:
        if kind == "organisations" and accepted:
            moderating.verify_seat(db, number, actor, site())
        elif kind == "organisations":
            moderating.refuse_seat(db, number, actor, reason, site())
        elif accepted:
            moderating.grant_territory(db, number, actor, site())
        else:
            moderating.refuse_territory(db, number, actor, reason, site())
    flash("C’est accepté." if accepted else "C’est refusé.")
    return redirect(PATH, 303)
