"""`/espace/territoires`: what a facilitator of social clauses looks after."""

from flask import Blueprint, render_template

from annuaire.asking import today
from annuaire.claims.views.base import me
from annuaire.extensions import engine, session
from annuaire.workspace.facilitating import SOON, watched_by
from annuaire.workspace.kept import kept_by
from annuaire.workspace.models import Kept

pages = Blueprint("facilitating", __name__)

LAST_KEPT = 10


@pages.get("/espace/territoires")
def show() -> str:
    """The territories granted to a facilitator, and the searches and needs that they keep."""
    db = session()
    user = me(db)
    kept = kept_by(user.id).where(Kept.kind.in_(("search", "need"))).limit(LAST_KEPT)
    return render_template(
        "workspace/facilitating.html",
        watched=watched_by(db, engine(), user.id, today()),
        kept=db.scalars(kept).all(),
        soon=SOON,
    )
