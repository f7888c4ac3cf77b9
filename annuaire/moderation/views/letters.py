"""The letter with a code that a moderator prints and posts."""

from flask import Blueprint, render_template

from annuaire.accounts.guarding import recently_proved
from annuaire.accounts.models import User
from annuaire.claims.known import known_of
from annuaire.claims.models import Claim
from annuaire.claims.proving import print_code
from annuaire.claims.steps import claim_structure
from annuaire.claims.views.base import my_id, now, site
from annuaire.db import writing
from annuaire.errors import NotFoundError
from annuaire.extensions import session, settings
from annuaire.sql import numbered

pages = Blueprint("moderation_letters", __name__)


@pages.get("/moderation/lettres/<int:number>")
def show(number: int) -> str:
    """What the letter is for, and the button that draws its code."""
    claim = _by_letter(number)
    structure = claim_structure(session(), claim)
    return render_template(
        "moderation/letter_form.html", claim=claim, structure=structure,
        postal=known_of(session(), structure).postal,
        printable=claim.state in ("letter_wanted", "letter_sent"),
    )  # fmt: skip


def _by_letter(number: int) -> Claim:
    claim = numbered(session(), Claim, number)
    if claim is None or claim.method != "letter":
        raise NotFoundError("Aucune lettre n’est à imprimer sous ce numéro.")
    return claim


@pages.post("/moderation/lettres/<int:number>")
@recently_proved
def print_(number: int) -> str:
    """Draw the code, and show the letter this once: the code is kept nowhere."""
    with writing(session()) as db:
        claim, structure, code = print_code(db, number, site(), now(), my_id())
        values = {
            "name": structure.shown_name,
            "postal": known_of(db, structure).postal,
            "claimant": db.get_one(User, claim.user_id).name,
            "due": claim.due_at,
        }
    return render_template(
        "moderation/letter.html", code=code, number=number, day=now(),
        site_url=settings().public_url, **values,
    )  # fmt: skip
