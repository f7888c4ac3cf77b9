"""The pages of a purchase plan: send it, follow its analysis, take the result away, erase it."""

from contextlib import closing
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from annuaire.asking import today
from annuaire.errors import NotFoundError
from annuaire.extensions import limiter, session
from annuaire.geo.free_address import find_place, unknown_place
from annuaire.paging import Page, address, page_number
from annuaire.plans import service
from annuaire.plans.answering import DEPTH_KM
from annuaire.plans.reading import HEADINGS, MAX_LINES
from annuaire.plans.rows import COLUMNS, plan_cover, rows, state_of
from annuaire.takeaway.tables import Table
from annuaire.takeaway.views.sending import now, send_table
from annuaire.web import wants_fragment
from search.filters import InputError

pages = Blueprint("plans", __name__)

PATH = "/plan-d-achat"
PER_PAGE = 50
FORMATS = (("xlsx", "Excel (XLSX)"), ("ods", "LibreOffice (ODS)"), ("csv", "CSV"))
#: A plan of thousands of lines takes the worker a minute; a person sends few.
LIMIT = "10 per minute"
TOO_MANY = (
    "Dix plans sont partis de cette connexion en une minute : attendez une minute, puis "
    "recommencez. Ceux qui sont déjà partis sont gardés."
)


@pages.get(PATH)
def form() -> str:
    """The form."""
    return _form({}, [])


def _form(given: dict[str, str], errors: list[InputError]) -> str:
    return render_template(
        "plans/new.html",
        form={name: given.get(name, "") for name in ("lieu", "acheteur")},
        errors=errors,
        most_lines=MAX_LINES,
        headings={name: aliases[:3] for name, aliases in HEADINGS.items()},
    )


@pages.post(PATH)
@limiter.limit(LIMIT, error_message=TOO_MANY)
def send() -> BaseResponse | tuple[str, int]:
    """Keep the file for the worker, and lead to its page."""
    given = {name: request.form.get(name, "").strip()[:100] for name in ("lieu", "acheteur")}
    errors: list[InputError] = []
    sent = request.files.get("fichier")
    content = b""
    if sent is not None:
        with closing(sent):
            content = sent.read()
    if not content:
        errors.append(InputError("fichier", "Choisissez un fichier qui ne soit pas vide."))
    if given["lieu"] and find_place(given["lieu"]) is None:
        errors.append(InputError("lieu", unknown_place(given["lieu"])))
    if errors or sent is None:
        return _form(given, errors), 400
    token = service.receive(
        session(),
        content,
        sent.filename or "",
        datetime.now(UTC),
        place=_text(given["lieu"]),
        buyer=_text(given["acheteur"]),
    )
    return redirect(f"{PATH}/{token}", 303)


def _text(given: str) -> str | None:
    return "".join(c for c in given if c.isprintable()) or None


@pages.get(f"{PATH}/<token>")
def show(token: str) -> Response:
    """How far the analysis has come, then its result, line by line."""
    plan = service.progress(session(), token, datetime.now(UTC))
    per_page, path = PER_PAGE, f"{PATH}/{token}"
    number = page_number(request.args.get("page"), plan.total, per_page)
    found = service.page_of_lines(session(), plan.id, (number - 1) * per_page, per_page)
    lines = Page(
        [_line(given, answer) for given, answer in found],
        plan.total,
        number,
        per_page,
        lambda page: address(path, [], page=page),
    )
    template = "plans/_progress.html" if wants_fragment() else "plans/show.html"
    body = render_template(
        template,
        plan=plan,
        path=path,
        lines=lines,
        depth_km=DEPTH_KM,
        links=[(label, f"{path}/resultat.{ending}") for ending, label in FORMATS],
    )
    return _unlisted(Response(body, mimetype="text/html"))


def _line(given: dict[str, Any], answer: dict[str, Any] | None) -> dict[str, Any]:
    found = dict.fromkeys(("activity", "depth", "verdict", "place", "route"))
    lists = {"best": (), "articles": (), "groups": (), "gaps": (), "assumptions": ()}
    return {**given, "state": state_of(given, answer), **found, **lists, **(answer or {})}


@pages.get(f"{PATH}/<token>/resultat.<any(xlsx, ods, csv):ending>")
def result(token: str, ending: str) -> Response:
    """The lines with their answers, as a file. Raises NotFoundError while they are awaited."""
    plan = service.progress(session(), token, datetime.now(UTC))
    if plan.state != "done":
        raise NotFoundError(
            "L'analyse de ce plan n'est pas finie : son résultat sera ici dans un moment."
        )
    lines = list(service.answered_lines(session(), plan.id))
    cover = plan_cover(plan.name, now(), lines, plan.place, plan.buyer)
    return send_table(cover, Table("Lignes", COLUMNS, rows(lines)), "plan-d-achat", ending, today())


@pages.post(f"{PATH}/<token>/effacer")
def erase(token: str) -> BaseResponse:
    """Erase a plan before its week is over."""
    service.forget(session(), token)
    flash("Votre plan d'achat et son analyse sont effacés.")
    return redirect(PATH, 303)


def _unlisted(response: Response) -> Response:
    response.cache_control.private = True
    response.cache_control.no_store = True
    response.headers["X-Robots-Tag"] = "noindex"
    return response
