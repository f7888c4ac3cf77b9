"""A buyer's own requests and purchases: by its account, or by the signed address of a notebook."""

from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from annuaire.accounts.current import current_user
from annuaire.asking import today
from annuaire.db import writing
from annuaire.errors import InvalidInputError, NotFoundError
from annuaire.extensions import limiter, session
from annuaire.mail.letters import address_key, usable_address
from annuaire.mail.service import queue
from annuaire.sourcing import letters, queries, rules
from annuaire.sourcing.owners import owner_of_address
from annuaire.sourcing.presenting import summary
from annuaire.sourcing.purchases import Typed, note, purchases_of, take_back
from annuaire.sourcing.views.owner import (
    held_address,
    hold,
    let_go,
    links,
    now,
    owners,
    private,
)
from annuaire.sql import typed_number
from annuaire.structures.service import by_siret

pages = Blueprint("sourcing_notebook", __name__)

LIMIT = "10 per hour"  # letters: who is signed in has none sent, and notes as they like


def _signed_in() -> bool:
    return current_user() is not None


SENT = (
    "Si des demandes ou des achats sont gardés pour cette adresse, un courriel y part avec le lien "
    "de son carnet."
)


@pages.get("/demandes")
def home() -> Response:
    """What requests are, and the way to one's own; those of who is signed in."""
    user = current_user()
    found = _requests(address_key(user.email)) if user else []
    purchases = purchases_of(session(), owners()) if user else []
    body = render_template(
        "sourcing/home.html",
        requests=found,
        purchases=purchases,
        kinds=rules.KINDS.values(),
        held=held_address(),
        signed_in=user is not None,
        path="/demandes",
        day=today(),
    )
    return private(body)


def _requests(sender_key: str) -> list[dict[str, object]]:
    return [
        {**summary(each, now()), "url": links().path("suivi", each.id)}
        for each in session().scalars(queries.requests_of(sender_key))
    ]


@pages.post("/demandes")
@limiter.limit(LIMIT, exempt_when=_signed_in)
def find() -> Response:
    """Mail the way to the notebook of an address, at most once an hour; the answer is the same
    whether or not something is kept for it: nobody learns who asks for quotes. Or note a purchase,
    for who is signed in."""
    if current_user():
        return _change(owners(), "/demandes")
    try:
        email = usable_address(request.form.get("courriel", "").strip())
    except InvalidInputError as wrong:
        flash(wrong.message, "error")
        return redirect("/demandes", 303)
    key = address_key(email)
    with writing(session()) as db:
        known = db.scalars(queries.requests_of(key).limit(1)).first() is not None
        if known or purchases_of(db, [owner_of_address(key)]):
            queue(db, letters.own_requests(email, key, links(), _once(key, now())))
    flash(SENT)
    return redirect("/demandes", 303)


def _once(key: str, moment: datetime) -> str:
    return f"sourcing:notebook:{int(moment.timestamp()) // 3600}:{key}"[:200]


@pages.get("/demandes/carnet/<token>")
def show(token: str) -> Response:
    """The requests that an address sent, and the purchases that it noted."""
    key = str(links().read("carnet", token))
    body = render_template(
        "sourcing/notebook.html",
        requests=_requests(key),
        purchases=purchases_of(session(), [owner_of_address(key)]),
        address=key,
        held=held_address() == key,
        path=request.path,
        day=today(),
    )
    return private(body)


@pages.post("/demandes/carnet/<token>")
def change(token: str) -> Response:
    """Note a purchase or take one back; have this browser hold the notebook (`garder`) or let it go
    (`rendre`)."""
    key = str(links().read("carnet", token))
    path = f"/demandes/carnet/{token}"
    response = redirect(path, 303)
    if "garder" in request.form:
        hold(response, key)
        flash("Ce navigateur tient compte de ce carnet pendant 31 jours.")
    elif "rendre" in request.form:
        let_go(response)
        flash("Ce navigateur ne tient plus compte de ce carnet.")
    else:
        return _change([owner_of_address(key)], path)
    return response


def _change(names: list[str], path: str) -> Response:
    form = request.form
    try:
        with writing(session()) as db:
            if number := form.get("retirer", ""):
                take_back(db, names, typed_number(number))
                said = "L’achat n’est plus noté."
            else:
                structure = by_siret(db, "".join(form.get("cle", "").split()))
                typed = Typed(form.get("achat", ""), form.get("le", ""), form.get("prix", ""))
                note(db, names[0], structure, typed, now())
                said = f"Noté : un achat chez {structure.shown_name}."
        flash(said)
    except (InvalidInputError, NotFoundError) as wrong:
        flash(wrong.message, "error")
    return redirect(path, 303)
