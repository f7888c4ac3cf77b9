"""Those who speak for one structure: their page; and the answer of who is invited."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from annuaire.accounts.guarding import recently_proved
from annuaire.accounts.limits import attempt, letter_limits
from annuaire.accounts.members import members_of
from annuaire.claims import queries, team
from annuaire.claims.views.base import TOO_MANY, as_errors, me, my_id, now, site
from annuaire.db import reading, writing
from annuaire.errors import InvalidInputError
from annuaire.extensions import limiter, session
from annuaire.mail.letters import address_key
from annuaire.structures.service import by_siret
from search.filters import InputError

pages = Blueprint("team", __name__)

LIMIT = "30 per hour"


@pages.get("/structures/<key>/equipe")
def show(key: str) -> str | Response:
    """Who is of the structure, who asks to be, who is invited."""
    structure = by_siret(session(), key)
    if structure.key != key:
        return redirect(url_for("team.show", key=structure.key), 301)
    return _page(key, [], "")


def _page(key: str, errors: list[InputError], email: str) -> str:
    structure = by_siret(session(), key)
    return render_template(
        "claims/team.html",
        structure=structure,
        me=my_id(),
        members=session().scalars(members_of(structure.id)).all(),
        asked=session().execute(queries.asked_among([structure.id])).all(),
        invitations=session().scalars(queries.invitations_on(structure.id, now())).all(),
        errors=errors,
        email=email,
    )


@pages.post("/structures/<key>/equipe/demandes/<int:number>")
@recently_proved
def answer(key: str, number: int) -> Response | tuple[str, int]:
    """Admit (`reponse` is « oui ») or dismiss who claims the structure too."""
    admitted = request.form.get("reponse") == "oui"
    said = "La personne est rattachée." if admitted else "La demande est refusée."
    structure_id = by_siret(session(), key).id
    try:
        with writing(session()) as db:
            team.answer_claim(db, structure_id, number, my_id(), site(), now(), admitted=admitted)
    except InvalidInputError as error:
        return _refused(key, error)
    return _done(key, said)


@pages.post("/structures/<key>/equipe/invitations")
@limiter.limit(LIMIT, error_message=TOO_MANY)
def invite(key: str) -> Response | tuple[str, int]:
    """Invite a colleague (`courriel`), or take an invitation back (`retirer`)."""
    structure_id, email = by_siret(session(), key).id, request.form.get("courriel", "")
    number = request.form.get("retirer", type=int)
    if not number:  # one that is taken back and sent again is another letter
        attempt(session(), letter_limits(address_key(email), request.remote_addr))
    try:
        with writing(session()) as db:
            if number:
                team.withdraw_invitation(db, structure_id, number, my_id(), now())
                said = "L’invitation est retirée."
            else:
                team.invite(db, structure_id, me(db), email, site(), now())
                said = "L’invitation est partie."
    except InvalidInputError as error:
        return _refused(key, InvalidInputError(error.message, "courriel"), email)
    return _done(key, said)


@pages.post("/structures/<key>/equipe/membres/<int:number>/contester")
@recently_proved
def contest(key: str, number: int) -> Response | tuple[str, int]:
    """Ask the moderators to look at another's hold (`motif`)."""
    structure_id, words = by_siret(session(), key).id, request.form.get("motif", "")
    try:
        with writing(session()) as db:
            team.contest_member(db, structure_id, number, my_id(), words, site(), now())
    except InvalidInputError as error:
        return _refused(key, error)
    return _done(key, "La modération examinera ce rattachement.")


@pages.post("/structures/<key>/equipe/quitter")
def leave(key: str) -> Response:
    """Leave the structure."""
    structure_id = by_siret(session(), key).id
    with writing(session()) as db:
        team.leave_structure(db, structure_id, my_id(), site(), now())
    flash("Vous avez quitté cette structure. Sa page reste ce qu’elle est.")
    return redirect(url_for("structures.show", key=key), 303)


@pages.get("/espace/invitations/<int:number>")
def invitation(number: int) -> str:
    """An invitation, to be answered."""
    found, structure = team.invitation_for(session(), number, me(session()), now())
    inviter = team.name_of(session(), found.invited_by)
    return render_template(
        "claims/invitation.html", invitation=found, structure=structure, inviter=inviter
    )


@pages.post("/espace/invitations/<int:number>")
def answer_invitation(number: int) -> Response:
    """Join (`reponse` is « oui ») or decline."""
    joined = request.form.get("reponse") == "oui"
    with writing(session()) as db:
        key = team.answer_invitation(db, number, me(db), site(), now(), joined=joined).key
    flash("Vous êtes rattaché à cette structure." if joined else "L’invitation est déclinée.")
    return redirect(url_for("team.show" if joined else "structures.show", key=key), 303)


def _refused(key: str, error: InvalidInputError, email: str = "") -> tuple[str, int]:
    reading(session())
    return _page(key, as_errors(error), email), 400


def _done(key: str, said: str) -> Response:
    flash(said)
    return redirect(url_for("team.show", key=key), 303)
