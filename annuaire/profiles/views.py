"""The pages on which a structure says who it is: one subject a page, with its history."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from annuaire.accounts.current import current, current_user
from annuaire.accounts.models import User
from annuaire.asking import today
from annuaire.db import writing
from annuaire.errors import InvalidInputError, NotFoundError
from annuaire.extensions import limiter, places, session
from annuaire.paging import Page, address, page_number
from annuaire.profiles import pages_of, presenting, queries, service
from annuaire.profiles.fields import SUBJECTS
from annuaire.profiles.reading import Sent, Values
from annuaire.sql import among, count_rows, typed_number
from annuaire.structures.models import Structure
from annuaire.structures.reports import STATES as REPORT_STATES
from annuaire.structures.reports import reports_from
from annuaire.structures.service import by_siret
from search.filters import InputError

pages = Blueprint("profiles", __name__)

FICHE = "/espace/structure/<key>/fiche"
LIMIT = "60 per minute"
TOLD = 50  # edits that wait or were refused, looked at for the first page
PER_PAGE = 50  # edits of the history
TOO_MANY = (
    "Trop de modifications en une minute : attendez un peu, puis enregistrez de nouveau. Rien de "
    "ce qui était enregistré n’a changé."
)
SHOWN = "C’est enregistré, et déjà visible sur votre page. La recherche suit dans les secondes."
WAITING = (
    "C’est enregistré, mais pas encore visible : cette modification remplace à la fois le nom, les "
    "contacts et les activités que montrait la page. Une personne de la modération la relit."
)
NOTHING = "Rien n’a changé : ces réponses étaient déjà enregistrées."


@pages.get(FICHE)
def index(key: str) -> str:
    """What the profile says, how complete it is, what waits, what was reported."""
    structure = by_siret(session(), key)
    held = service.held(session(), structure.id)
    edits = session().scalars(queries.told_of(structure.id).limit(TOLD)).all()
    waiting = [made for made in edits if made.state == "waiting"]
    user = current_user()
    reports = session().scalars(reports_from(structure.id, user.email)).all() if user else ()
    return render_template(
        "profiles/index.html",
        structure=structure,
        held=held,
        gauge=pages_of.completeness(structure, held.content),
        summaries=pages_of.summaries(held.content, waiting),
        refused=[made for made in edits if made.state == "refused"][:3],
        subjects=SUBJECTS,
        ended=service.ENDED if structure.ended_on else None,
        reports=[(report, REPORT_STATES[report.state]) for report in reports],
    )


@pages.get(f"{FICHE}/<subject>")
def form(key: str, subject: str) -> str:
    """The form of a subject, with what is said now."""
    structure = by_siret(session(), key)
    held = service.held(session(), structure.id)
    shown = pages_of.filled(structure, _subject(subject), held.content, today())
    return render_form(structure, subject, shown, held)


@pages.post(f"{FICHE}/<subject>")
@limiter.limit(LIMIT, error_message=TOO_MANY)
def save(key: str, subject: str) -> Response | tuple[str, int]:
    """Keep what the form says, or show what it would change (`action=apercu`)."""
    _subject(subject)
    return save_form(key, subject, request.form.to_dict(flat=False), [])


def save_form(
    key: str, subject: str, sent: Sent, errors: list[InputError]
) -> Response | tuple[str, int]:
    """Keep what a form sent, unless there are errors; the page that says how it went."""
    structure, day = by_siret(session(), key), today()
    values, wrong = pages_of.read_form(session(), structure, subject, sent, day, places())
    held = service.held(session(), structure.id)
    again = pages_of.as_typed(subject, sent, day)
    if errors or wrong or values is None:
        return render_form(structure, subject, again, held, errors=[*errors, *wrong]), 400
    if request.form.get("action") == "apercu":
        shown, diff = pages_of.preview(held, values, day)
        return render_form(structure, subject, again, held, preview=shown, diff=diff), 200
    try:
        made = _keep(key, subject, values)
    except service.StaleEditError as stale:
        page = render_form(
            by_siret(session(), key), subject, again, stale.held,
            stale=stale, diff=presenting.diff_lines(stale.other.diff),
        )  # fmt: skip
        return page, 409
    except InvalidInputError as error:
        said = [InputError(error.field or "", error.message)]
        return render_form(by_siret(session(), key), subject, again, held, errors=said), 400
    flash(NOTHING if made is None else WAITING if made == "waiting" else SHOWN)
    return redirect(url_for("profiles.index", key=key), 303)


def _keep(key: str, subject: str, values: Values) -> str | None:
    """The state of the edit that was kept; None when nothing differed."""
    version, author = typed_number(request.form.get("version", "")), user_id()
    with writing(session()) as db_session:
        made = service.edit(
            db_session, by_siret(db_session, key), subject, values, version, author, today()
        )
        return made.state if made else None


def render_form(
    structure: Structure,
    subject: str,
    shown: Values,
    held: service.Held,
    errors: list[InputError] | None = None,
    **more: Any,
) -> str:
    """The page of a subject's form."""
    return render_template(
        f"profiles/{subject}.html",
        structure=structure,
        subject=subject,
        title=SUBJECTS[subject],
        form=pages_of.Answers(shown),
        version=held.version,
        held=held,
        errors=errors or [],
        parts=pages_of.form_parts(structure, subject, shown),
        area=pages_of.area_parts(structure, held.content) if subject == "zone" else None,
        pictures=pages_of.pictures_of(held.content) if subject == "photos" else None,
        **({"stale": None, "preview": None, "diff": []} | more),
    )


@pages.get(f"{FICHE}/historique")
def history(key: str) -> str:
    """Every edit, with its author, what it changed, and its undoing, a page at a time."""
    structure = by_siret(session(), key)
    wanted = queries.edits_of(structure.id)
    total = count_rows(session(), wanted)
    number = page_number(request.args.get("page"), total, PER_PAGE)
    edits = session().scalars(wanted.offset((number - 1) * PER_PAGE).limit(PER_PAGE)).all()
    authors = among(User.id, [made.author_id for made in edits])
    names = session().execute(select(User.id, User.name).where(authors))
    lines = presenting.history(edits, {row.id: row.name for row in names})
    path = url_for("profiles.history", key=key)
    page = Page(lines, total, number, PER_PAGE, lambda n: address(path, [], page=n))
    return render_template("profiles/history.html", structure=structure, page=page)


@pages.post(f"{FICHE}/historique/<int:edit_id>/annuler")
def undo(key: str, edit_id: int) -> Response:
    """Put back what an edit changed."""
    author = user_id()
    try:
        with writing(session()) as db_session:
            service.undo(db_session, by_siret(db_session, key), edit_id, author, today())
        flash(
            f"La modification {edit_id} est annulée : la page montre de nouveau ce qui précédait."
        )
    except InvalidInputError as error:
        flash(error.message, "error")
    return redirect(url_for("profiles.history", key=key), 303)


def user_id() -> int | None:
    """The number of who is signed in."""
    found = current()
    return found.user_id if found else None


def _subject(subject: str) -> str:
    if subject not in SUBJECTS:
        raise NotFoundError(f"La page « {subject[:40]} » n’existe pas.")
    return subject
