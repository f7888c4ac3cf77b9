"""The buyer's page of a request, by its signed address: answers, reminders, journal, files."""

from flask import Blueprint, flash, redirect, render_template, request
from flask import Response as FlaskResponse
from werkzeug.wrappers import Response

from annuaire.asking import today
from annuaire.db import writing
from annuaire.errors import InvalidInputError, NotFoundError
from annuaire.extensions import places, session
from annuaire.sourcing import presenting, queries, rules, service
from annuaire.sourcing.delivering import troubles_of
from annuaire.sourcing.models import SourcingRequest
from annuaire.sourcing.origin import need_of, origin_url
from annuaire.sourcing.owners import owner_of_address
from annuaire.sourcing.purchases import Typed, note, purchases_of
from annuaire.sourcing.views.owner import links, now, private
from annuaire.structures.service import by_siret
from annuaire.takeaway.formats import PAPERS
from annuaire.takeaway.paper import Paper
from annuaire.takeaway.sourcing_file import sourcing_paper
from annuaire.takeaway.tables import Table
from annuaire.takeaway.views.papers import searched_for
from annuaire.takeaway.views.sending import now as moment
from annuaire.takeaway.views.sending import send_paper, send_table
from annuaire.wording import pluriel

pages = Blueprint("sourcing_following", __name__)

PATH = "/demandes/suivi/<token>"
FILES = (("xlsx", "Excel (XLSX)"), ("ods", "LibreOffice (ODS)"), ("csv", "CSV"))


def _kept(token: str) -> SourcingRequest:
    """The request of an address, once it was sent. Raises NotFoundError."""
    return service.by_id(session(), links().read("suivi", token), "open", "closed")


def _events(kept: SourcingRequest) -> list[presenting.Event]:
    return presenting.event_lines(session().execute(queries.events_of(kept.id)))


@pages.get(PATH)
def show(token: str) -> Response:
    """Who was asked when, who answered what, who is silent."""
    kept = _kept(token)
    path = f"/demandes/suivi/{token}"
    owner = owner_of_address(kept.sender_key)
    keys = {asked.key for asked in kept.asked}
    body = render_template(
        "sourcing/follow.html",
        request_=presenting.summary(kept, now()),
        lines=presenting.lines_of(kept, troubles_of(session(), kept)),
        events=_events(kept),
        purchases=[each for each in purchases_of(session(), [owner]) if each.key in keys],
        path=path,
        notebook=links().path("carnet", kept.sender_key),
        again=origin_url(kept.origin),
        remind_days=rules.REMIND_DAYS,
        files=[(label, f"{path}/journal.{ending}") for ending, label in FILES],
        papers=[(each.label, f"{path}/dossier-sourcing.{name}") for name, each in PAPERS.items()]
        if origin_url(kept.origin)
        else [],
        day=today(),
    )
    return private(body)


@pages.post(f"{PATH}/relancer")
def nudge(token: str) -> Response:
    """Remind the silent ones by hand, once."""
    kept = _kept(token)
    try:
        with writing(session()) as db:
            count = service.nudge(db, kept.id, links(), now())
        flash(f"Une relance part à {pluriel(count, 'structure')}.")
    except InvalidInputError as wrong:
        flash(wrong.message, "error")
    return _back(token)


@pages.post(f"{PATH}/clore")
def close(token: str) -> Response:
    """Take no more answers."""
    kept = _kept(token)
    with writing(session()) as db:
        service.close(db, kept.id, links(), now(), early=True)
    flash("La demande est close : les structures ne peuvent plus répondre ici. Rien ne part.")
    return _back(token)


@pages.post(f"{PATH}/effacer")
def erase(token: str) -> Response:
    """Erase the request with its answers."""
    kept = _kept(token)
    with writing(session()) as db:
        service.forget(db, kept.id)
    flash("La demande, les réponses et leur journal sont effacés.")
    return redirect("/demandes", 303)


@pages.post(f"{PATH}/achat")
def purchase(token: str) -> Response:
    """Note what was bought from one of the structures."""
    kept = _kept(token)
    request_id, owner = kept.id, owner_of_address(kept.sender_key)
    form = request.form
    try:
        with writing(session()) as db:
            structure = by_siret(db, form.get("cle", ""))
            typed = Typed(form.get("achat", ""), form.get("le", ""), form.get("prix", ""))
            note(db, owner, structure, typed, now(), request_id)
        flash("L’achat est noté : à prestation égale, d’autres structures passeront devant.")
    except InvalidInputError as wrong:
        flash(wrong.message, "error")
    return _back(token)


def _back(token: str) -> Response:
    return redirect(f"/demandes/suivi/{token}", 303)


@pages.get(f"{PATH}/journal.<any(xlsx, ods, csv):ending>")
def journal(token: str, ending: str) -> FlaskResponse:
    """Who was asked, when, and what each answered, as a file."""
    kept = _kept(token)
    cover = presenting.cover_of(kept, _events(kept), moment())
    table = Table(
        "Structures", presenting.COLUMNS, presenting.rows(kept, troubles_of(session(), kept))
    )
    return send_table(cover, table, "journal-demande", ending, today())


@pages.get(f"{PATH}/dossier-sourcing.<any(docx, odt):ending>")
def sourcing_file(token: str, ending: str) -> FlaskResponse:
    """The sourcing file of the need, with this request in it. Raises NotFoundError for a request
    that comes from no need."""
    return send_paper(_paper(_kept(token)), ending, today())


def _paper(kept: SourcingRequest) -> Paper:
    need = need_of(session(), kept.origin, today(), places())
    if need is None:
        raise NotFoundError("Cette demande ne vient pas d'un besoin : son journal est complet.")
    found = searched_for(need, origin_url(kept.origin) or "/")
    told = presenting.with_request(found, kept, _events(kept))
    return sourcing_paper(told, moment())
