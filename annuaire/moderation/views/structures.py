"""One structure as moderators see it: decisions to take and to undo, who speaks for it."""

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from annuaire.accounts.guarding import recently_proved
from annuaire.accounts.members import members_of
from annuaire.accounts.models import User
from annuaire.claims import queries
from annuaire.claims.models import Claim
from annuaire.claims.states import STATES
from annuaire.contracts.facts import PUSHED
from annuaire.contracts.sheets import WRITTEN_HERE
from annuaire.db import reading, writing
from annuaire.errors import InvalidInputError
from annuaire.extensions import session
from annuaire.moderation.structures import CORRECTED, act
from annuaire.moderation.views.base import by
from annuaire.sql import typed_number
from annuaire.structures.decisions import ACTION_WORDS, decisions_of
from annuaire.structures.fields import HIDEABLE, LABELS
from annuaire.structures.service import by_siret
from search.filters import InputError

pages = Blueprint("moderation_structures", __name__)


@pages.get("/moderation/chercher")
def find() -> Response:
    """From a SIRET typed (`cle`) to the structure's page, from the reference of a buyer's own
    consultation to that one's. Raises NotFoundError."""
    key = "".join(request.args.get("cle", "").split())
    if key.startswith(f"{PUSHED}-{WRITTEN_HERE}"):
        number = typed_number(key.removeprefix(f"{PUSHED}-{WRITTEN_HERE}"))
        return redirect(f"/moderation/consultations/{number}", 303)
    found = by_siret(session(), key, withdrawn=True)
    return redirect(f"/moderation/structures/{found.key}", 303)


@pages.get("/moderation/structures/<key>")
def show(key: str) -> str:
    """What may be decided of the structure, what was, and who speaks for it."""
    return _page(key, [])


def _page(key: str, errors: list[InputError]) -> str:
    structure = by_siret(session(), key, withdrawn=True)
    rows = session().scalars(decisions_of(structure.id)).all()
    claims = queries.claims_on(structure.id).join(User, User.id == Claim.user_id)
    return render_template(
        "moderation/structure.html",
        structure=structure,
        errors=errors,
        decisions=rows,
        undone={row.undoes for row in rows if row.undoes},
        words=ACTION_WORDS,
        labels=LABELS,
        corrected=[(name, LABELS[name]) for name in CORRECTED],
        hideable=[(name, LABELS[name]) for name in HIDEABLE],
        members=session().scalars(members_of(structure.id)).all(),
        claims=session().execute(claims.add_columns(User)).all(),
        states=STATES,
        form=request.form,
    )


@pages.post("/moderation/structures/<key>")
@recently_proved
def change(key: str) -> Response | tuple[str, int]:
    """Do one act (`acte`), with its reason (`motif`)."""
    try:
        with writing(session()) as db:
            structure = by_siret(db, key, withdrawn=True)
            reason = request.form.get("motif", "")
            said = act(db, structure, request.form.get("acte", ""), request.form, by(db, reason))
    except InvalidInputError as error:
        reading(session())
        return _page(key, [InputError(error.field or "", error.message)]), 400
    flash(said)
    return redirect(f"/moderation/structures/{key}", 303)
