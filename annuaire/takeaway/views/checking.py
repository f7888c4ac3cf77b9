"""« Vérifier un SIRET »: one number by its address, or a list that is forgotten once answered."""

import tempfile
from pathlib import Path

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from annuaire.asking import today
from annuaire.db import reading
from annuaire.errors import AnnuaireError, InvalidInputError
from annuaire.extensions import limiter, session, settings
from annuaire.sources import source_titles
from annuaire.takeaway.answers import COLUMNS, answer_line, answer_rows
from annuaire.takeaway.checking import Checked, check, counts
from annuaire.takeaway.lists import MAX_LINES, Asked, numbers_of
from annuaire.takeaway.numbers import read_number
from annuaire.takeaway.sourcing import sources_read, status_sources
from annuaire.takeaway.tables import Cover, Table
from annuaire.takeaway.verdicts import INVALID, UNKNOWN, VERDICTS
from annuaire.takeaway.views.sending import now, send_table
from importers.descriptions import DESCRIPTIONS
from importers.files.grids import Grid, grids_of_file, grids_of_text, too_long
from search.filters import InputError

pages = Blueprint("checking", __name__)

PATH = "/verifier"
SHOWN_LINES = 500  # of a list, on the page; the file has them all
EXPORTS = ("xlsx", "ods", "csv")
#: A list of thousands takes a second of work; a person who sorts one by its buttons sends few.
LIMIT = "30 per minute"
TOO_MANY = (
    "Trente listes sont parties de cette connexion en une minute : attendez une minute, puis "
    "recommencez. Rien n’est gardé de ce que vous avez envoyé."
)


@pages.get(PATH)
def form() -> BaseResponse | tuple[str, int]:
    """The two forms; a number given by the first (`siret`) leads to its own address."""
    typed = request.args.get("siret", "").strip()
    if not typed:
        return _form()
    try:
        found = answer_for(typed)
    except InvalidInputError as error:
        return _form(typed, [InputError("siret", error.message)])
    return redirect(f"{PATH}/{found.asked.number.digits}", 302)


def _form(typed: str = "", errors: list[InputError] | None = None) -> tuple[str, int]:
    body = render_template(
        "takeaway/check.html", typed=typed, errors=errors or [], most_lines=MAX_LINES
    )
    return body, 400 if errors else 200


@pages.get(f"{PATH}/<number>")
def one(number: str) -> str | BaseResponse:
    """The answer for one number. Raises InvalidInputError when it is none."""
    found = answer_for(number)
    digits = found.asked.number.digits
    if digits != number:
        return redirect(f"{PATH}/{digits}", 301)
    return render_template(
        "takeaway/check_one.html",
        answer=answer_line(found, source_titles()),
        unknown=found.verdict == UNKNOWN,
        sources=sources_read(session(), status_sources(), DESCRIPTIONS),
        day=today(),
    )


def answer_for(text: str) -> Checked:
    """The answer for one number of an address. Raises InvalidInputError."""
    (found,) = check(session(), [Asked(1, read_number(text))], today())
    if found.verdict == INVALID:
        number = found.asked.number
        raise InvalidInputError(f"« {number.given} » ne peut pas être vérifié : {number.wrong}.")
    return found


@pages.post(PATH)
@limiter.limit(LIMIT, error_message=TOO_MANY)
def many() -> Response | tuple[str, int]:
    """The answers for a pasted list (`liste`) or a file (`fichier`): a page, or a file of them
    (`export`). Nothing is kept: the list comes back with each request."""
    reading(session())
    try:
        asked = numbers_of(_grids())
    except AnnuaireError as error:
        return _form(errors=[InputError("liste", error.message)])
    found = check(session(), asked, today())
    ending = request.form.get("export", "")
    if ending in EXPORTS:
        return _file(found, ending)
    wanted = request.form.get("voir", "")
    kept = [c for c in found if c.verdict == wanted] if wanted in VERDICTS else found
    totals = counts(found)
    titles = source_titles()
    body = render_template(
        "takeaway/check_many.html",
        lines=[answer_line(checked, titles) for checked in kept[:SHOWN_LINES]],
        kept=len(kept),
        total=len(found),
        wanted=wanted if wanted in VERDICTS else "",
        verdicts=[(code, VERDICTS[code], totals[code]) for code in VERDICTS if code in totals],
        again=_again(asked),
        sources=sources_read(session(), status_sources(), DESCRIPTIONS),
        moment=now(),
    )
    return body, 200


def _grids() -> list[Grid]:
    """The possible readings of what was sent. Raises UnreadableFile and InvalidInputError."""
    sent = request.files.get("fichier")
    if sent is not None and sent.filename:
        with tempfile.TemporaryDirectory() as folder:
            # Its own name is for our messages alone, never a path.
            path = Path(folder) / "liste"
            sent.save(path)
            return grids_of_file(path, MAX_LINES)
    lines = request.form.get("liste", "").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    while lines and not lines[-1].strip():
        lines.pop()
    if not lines:
        raise InvalidInputError("Collez une liste de numéros, ou choisissez un fichier.", "liste")
    if len(lines) > MAX_LINES:
        raise too_long(MAX_LINES)
    return grids_of_text(lines)


def _again(asked: list[Asked]) -> str:
    """The list as it is sent again by the buttons of its page: a number a line, at its line."""
    lines = [""] * (asked[-1].line if asked else 0)
    for each in asked:
        number = each.number
        lines[each.line - 1] = number.digits or number.doubtful or _bare(number.given)
    return "\n".join(lines)


def _bare(given: str) -> str:
    return "".join(" " if c in ";,|\t\r\n" else c for c in given)


def _file(found: list[Checked], ending: str) -> Response:
    totals = counts(found)
    lines = [("Numéros vérifiés", str(len(found)))]
    lines += [(VERDICTS[code].label, str(totals[code])) for code in VERDICTS if code in totals]
    cover = Cover(
        "Vérification d’une liste de fournisseurs",
        now(),
        tuple(lines),
        sources_read(session(), status_sources(), DESCRIPTIONS),
        (VERDICTS[UNKNOWN].meaning,),
    )
    rows = answer_rows(found, source_titles(), settings().public_url)
    return send_table(cover, Table("Résultats", COLUMNS, rows), "verification", ending, today())
