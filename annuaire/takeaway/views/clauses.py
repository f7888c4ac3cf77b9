"""A model clause for a route, with the hours of the calculator: page and files."""

from flask import Blueprint, Response, render_template, request

from annuaire.advising.clauses import Model, choices, model
from annuaire.advising.hours import Total
from annuaire.advising.hours_form import NATURES, read_hours
from annuaire.asking import arguments, today
from annuaire.errors import InvalidInputError
from annuaire.listing import FormValues
from annuaire.paging import address
from annuaire.takeaway.clause_paper import clause_paper
from annuaire.takeaway.formats import PAPERS
from annuaire.takeaway.views.sending import now, send_paper
from search.filters import InputError

pages = Blueprint("clauses", __name__)

PATH = "/outils/clause"
USUAL = "clause"
MAX_SUBJECT = 200
OWN = ("voie", "objet", "nature")


@pages.get(PATH)
def clause() -> tuple[str, int]:
    """The form, and the model of the chosen route under it."""
    given = FormValues(request.args.items())
    errors: list[InputError] = []
    paper = None
    try:
        found, hours = _asked(given)
        paper = clause_paper(found, hours, now())
    except InvalidInputError as error:
        errors.append(InputError(error.field or "voie", error.message))
    kept = [pair for pair in arguments() if pair[0] not in OWN]
    body = render_template(
        "takeaway/clause.html",
        form=given,
        errors=errors,
        routes=choices(),
        kept=kept,
        paper=paper,
        hours_url=address("/outils/heures-insertion", kept) if kept else "/outils/heures-insertion",
        files=[
            (fmt.label, address(f"{PATH}.{ending}", arguments())) for ending, fmt in PAPERS.items()
        ],
    )
    return body, 400 if errors else 200


@pages.get(f"{PATH}.<any(docx, odt):ending>")
def clause_file(ending: str) -> Response:
    """The model as a file. Raises InvalidInputError for what cannot be used."""
    found, hours = _asked(FormValues(request.args.items()))
    return send_paper(clause_paper(found, hours, now()), ending, today())


def _asked(given: FormValues) -> tuple[Model, Total | None]:
    subject = " ".join(given["objet"].split())
    if len(subject) > MAX_SUBJECT:
        raise InvalidInputError("Objet trop long : 200 signes au plus.", "objet")
    nature = given["nature"] if given["nature"] in NATURES else None
    hours = None
    if any(key.startswith("montant") and value.strip() for key, value in given.items()):
        asked, errors = read_hours(given)
        if asked is None:
            raise InvalidInputError(" ".join(error.message for error in errors), "voie")
        hours = asked.total
    return model(given["voie"] or USUAL, subject, nature, hours), hours
