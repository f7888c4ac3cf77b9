"""`/structures/<clé>/pourquoi`: why a lot is suggested to a structure, or not."""

from flask import Blueprint, render_template, request

from annuaire.asking import today
from annuaire.errors import InvalidInputError, NotFoundError
from annuaire.extensions import session
from annuaire.structures.service import by_siret
from annuaire.workspace.why_not import WhyNot, lot_at, why_not
from search.filters import InputError

pages = Blueprint("why_not", __name__)


@pages.get("/structures/<key>/pourquoi")
def show(key: str) -> tuple[str, int]:
    """The form, and the answer for the lot asked (`lot`)."""
    structure = by_siret(session(), key)
    typed = request.args.get("lot", "")
    found: WhyNot | None = None
    errors: list[InputError] = []
    if typed.strip():
        try:
            contract, lot = lot_at(session(), typed)
            found = why_not(session(), structure, contract, lot, today())
        except (InvalidInputError, NotFoundError) as error:
            errors.append(InputError("lot", error.message))
    body = render_template(
        "workspace/why_not.html", structure=structure, typed=typed, found=found, errors=errors
    )
    return body, 400 if errors else 200
