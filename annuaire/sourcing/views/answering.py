"""The pages of a structure that was written to: answer, ask for no more requests. Opening them
changes nothing; no account is needed."""

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from annuaire.db import writing
from annuaire.errors import InvalidInputError
from annuaire.extensions import csrf, session
from annuaire.sourcing import answering
from annuaire.sourcing.presenting import summary
from annuaire.sourcing.views.owner import links, now, private
from annuaire.sourcing.wording import ANSWERS
from search.filters import InputError

pages = Blueprint("sourcing_answering", __name__)

THANKS = "Votre réponse est enregistrée, et l’acheteur la voit."
WORDS = {"interested": "Nous sommes intéressés", "declined": "Pas cette fois"}
ONE_CLICK = "List-Unsubscribe"  # RFC 8058, 3.1


@pages.get("/demandes/repondre/<token>")
def show(token: str) -> Response:
    """The request, and the form of its answer with what was answered."""
    asked_id = links().read("repondre", token)
    asked = answering.asked_by_id(session(), asked_id)
    given = answering.Given(asked.answer or "", asked.message or "", asked.contact or "")
    return private(_page(asked_id, given, []))


@pages.post("/demandes/repondre/<token>")
def answer(token: str) -> Response:
    """Keep the answer, or say why it cannot be."""
    asked_id = links().read("repondre", token)
    form = request.form
    given = answering.Given(
        form.get("reponse", ""), form.get("message", ""), form.get("contact", "")
    )
    try:
        with writing(session()) as db:
            changed = answering.answer(db, asked_id, given, links(), now())
    except InvalidInputError as wrong:
        error = InputError(wrong.field or "", wrong.message)
        return private(_page(asked_id, given, [error]), 400)
    flash(THANKS if changed else "Votre réponse n’a pas changé.")
    return redirect(f"/demandes/repondre/{token}", 303)


def _page(asked_id: int, given: answering.Given, errors: list[InputError]) -> str:
    asked = answering.asked_by_id(session(), asked_id)
    return render_template(
        "sourcing/answer.html",
        request_=summary(asked.request, now()),
        structure={"name": asked.name, "url": f"/structures/{asked.key}"},
        may_answer=answering.may_answer(asked, now()),
        answered_at=asked.answered_at,
        said=ANSWERS.get(asked.answer or ""),
        given=given,
        words=list(WORDS.items()),
        errors=errors,
        path=request.path,
        stop_path=links().path("arreter", [asked.structure_id, asked.address])
        if asked.address
        else None,
    )


@pages.get("/demandes/arreter/<token>")
def to_stop(token: str) -> Response:
    """A button that stops requests, or the one that takes this back."""
    structure_id, address = links().read("arreter", token)
    stopped = answering.is_stopped(session(), structure_id, address)
    return private(
        render_template("sourcing/stop.html", stopped=stopped, address=address, path=request.path)
    )


@pages.post("/demandes/arreter/<token>")
def stop(token: str) -> Response:
    """Stop requests, or take that back (`reprendre`). The address is the proof, not the cookie:
    mail programs post it by themselves at one click (RFC 8058)."""
    structure_id, address = links().read("arreter", token)
    with writing(session()) as db:
        if "reprendre" in request.form:
            answering.resume(db, structure_id, address, now())
        else:
            answering.stop(db, structure_id, address, now())
    if ONE_CLICK in request.form:
        return Response(status=204)
    return redirect(f"/demandes/arreter/{token}", 303)


csrf.exempt(stop)
