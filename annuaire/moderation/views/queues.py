"""The queues, by age: read, decided one by one or together, undone; and their figures."""

from datetime import UTC, datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from annuaire.accounts.guarding import recently_proved
from annuaire.claims.views.base import now
from annuaire.db import reading, writing
from annuaire.errors import InvalidInputError
from annuaire.extensions import session
from annuaire.moderation import journal, service
from annuaire.moderation.items import Item, Queue
from annuaire.moderation.queues import QUEUES
from annuaire.moderation.views.base import by
from annuaire.paging import Page, address, page_number
from annuaire.sql import count_rows
from annuaire.wording import pluriel
from search.filters import InputError

pages = Blueprint("moderation", __name__)

PATH = "/moderation"
PER_PAGE = 20


@pages.get(PATH)
def index() -> str:
    """The queues, the one whose oldest item waits longest first."""
    found = [(queue, queue.waits(session())) for queue in QUEUES.values()]
    moment = now()
    found.sort(key=lambda pair: pair[1].oldest or moment)
    return render_template("moderation/index.html", queues=found, moment=moment)


@pages.get(f"{PATH}/<queue>")
def show(queue: str) -> str:
    """A page of a queue, what waits longest first."""
    return _list(service.queue_named(queue), [], "", ())


def _list(queue: Queue, errors: list[InputError], reason: str, checked: tuple[int, ...]) -> str:
    total = queue.waits(session()).count
    number = page_number(request.args.get("page"), total, PER_PAGE)
    items = queue.page(session(), (number - 1) * PER_PAGE, PER_PAGE)
    path = f"{PATH}/{queue.name}"
    found = Page(items, total, number, PER_PAGE, lambda n: address(path, [], page=n))
    return render_template(
        "moderation/queue.html", queue=queue, page=found, errors=errors, reason=reason,
        checked=checked, moment=now(), most=service.MOST,
    )  # fmt: skip


@pages.get(f"{PATH}/<queue>/<int:number>")
def item(queue: str, number: int) -> str:
    """One item, with all that is at stake and what was decided of it before."""
    found = service.queue_named(queue)
    return _one(found, found.item(session(), number), [], "")


def _one(queue: Queue, item: Item, errors: list[InputError], reason: str) -> str:
    before = session().scalars(service.decisions_of(queue.name, item.id)).all()
    return render_template(
        "moderation/item.html", queue=queue, item=item, errors=errors, reason=reason,
        before=before, said=service.VERDICTS, moment=now(),
    )  # fmt: skip


@pages.post(f"{PATH}/<queue>")
@recently_proved
def decide(queue: str) -> Response | str | tuple[str, int]:
    """Decide of the checked items (`ligne`) alike; several are confirmed first."""
    found = service.queue_named(queue)
    form = request.form
    ids = tuple(dict.fromkeys(n for n in form.getlist("ligne", type=int) if n > 0))
    verdict, reason = form.get("verdict", ""), form.get("motif", "")
    try:
        service.refuse_reason(reason)
        if len(ids) > 1 and "confirme" not in form:
            reading(session())
            return _confirm(found, ids, verdict, reason, form.get("vu", ""))
        with writing(session()) as db:
            made = service.decide(db, found, ids, verdict, by(db, reason), _seen())
            count = len(made)
    except InvalidInputError as error:
        reading(session())
        errors = [InputError(error.field or "", error.message)]
        if form.get("seul") and len(ids) == 1:
            return _one(found, found.item(session(), ids[0]), errors, reason), 400
        return _list(found, errors, reason, ids), 400
    flash(f"{pluriel(count, 'décision prise', 'décisions prises')}. Chacune s’annule.")
    return redirect(f"{PATH}/{found.name}", 303)


def _seen() -> datetime | None:
    """When the page that the form stands on was made (`vu`); None where it does not say."""
    try:
        return datetime.fromisoformat(request.form.get("vu", "")).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _confirm(queue: Queue, ids: tuple[int, ...], verdict: str, reason: str, seen: str) -> str:
    """What is about to be decided of several items at once."""
    service.refuse_verdict(queue, verdict)
    if len(ids) > service.MOST:
        raise InvalidInputError(f"Cochez de 1 à {service.MOST} lignes.")
    items = [queue.item(session(), number) for number in ids]
    return render_template(
        "moderation/confirm.html", queue=queue, items=items, verdict=verdict, reason=reason,
        seen=seen,
    )  # fmt: skip


@pages.get(f"{PATH}/decisions")
def decisions() -> str:
    """What was decided, the newest first; `file` keeps one queue."""
    name = request.args.get("file", "")
    wanted = service.decisions(name if name in QUEUES else None)
    total = count_rows(session(), wanted)
    number = page_number(request.args.get("page"), total, PER_PAGE)
    rows = session().scalars(wanted.offset((number - 1) * PER_PAGE).limit(PER_PAGE)).all()
    kept = [("file", name)] if name in QUEUES else []
    path = f"{PATH}/decisions"
    page = Page(rows, total, number, PER_PAGE, lambda n: address(path, kept, page=n))
    return render_template(
        "moderation/decisions.html", page=page, queues=QUEUES, chosen=name,
        verdicts=service.VERDICTS, undone=service.undone_among(session(), [r.id for r in rows]),
        names=journal.names(session(), {row.decided_by for row in rows}),
    )  # fmt: skip


@pages.post(f"{PATH}/decisions/<int:number>/annuler")
@recently_proved
def undo(number: int) -> Response:
    """Undo a decision, with a reason (`motif`)."""
    try:
        with writing(session()) as db:
            service.undo(db, number, by(db, request.form.get("motif", "")))
        flash("La décision est annulée : la demande attend de nouveau.")
    except InvalidInputError as error:
        flash(error.message, "error")
    return redirect(url_for("moderation.decisions"), 303)


@pages.get(f"{PATH}/statistiques")
def statistics() -> str:
    """How the queues stand, and what was decided by day."""
    moment = now()
    return render_template(
        "moderation/statistics.html", found=service.statistics(session(), moment), moment=moment,
        days=service.STATISTICS_DAYS,
    )  # fmt: skip
