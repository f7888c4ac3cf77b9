"""The pages of a need: the form, and the structures suggested with the reasons."""

from flask import Blueprint, render_template, request

from annuaire.asking import arguments, today
from annuaire.contracts.service import by_reference
from annuaire.extensions import engine, places, session
from annuaire.listing import FormValues
from annuaire.matching.form import Asked, read_form
from annuaire.matching.grouping import MOST_LOTS, grouping_of_lots
from annuaire.matching.need import need_from_form
from annuaire.matching.presenting import answer_context, grouping_context
from annuaire.matching.service import suggest
from annuaire.paging import address
from annuaire.wording import date_fr, euros

pages = Blueprint("matching", __name__)

PATH = "/besoins/nouveau"
FIELDS = ("quoi", "lieu", "montant", "nature", "date")


@pages.get(PATH)
def new() -> str | tuple[str, int]:
    """The form; once filled, its answer. Nothing is stored: all is in the address."""
    given = FormValues({key: value for key, value in request.args.items() if key in FIELDS})
    if not given or "modifier" in request.args:
        return render_template("matching/need.html", form=given, errors=())
    asked, errors = read_form(given, today())
    if asked is None:
        return render_template("matching/need.html", form=given, errors=errors), 400
    need = need_from_form(
        asked.what,
        place=asked.place,
        amount_eur=asked.amount_eur,
        nature=asked.nature,
        on=asked.on,
        find=places(),
    )
    answer = suggest(session(), engine(), need, today())
    return render_template(
        "matching/suggestions.html", need=_summary(asked), **answer_context(answer)
    )


def _summary(asked: Asked) -> dict[str, object]:
    lines = [("Lieu", asked.place), ("Date de lancement", date_fr(asked.on))]
    if asked.amount_eur is not None:
        lines.insert(1, ("Montant estimé", f"{euros(asked.amount_eur)} HT"))
    if asked.nature:
        lines.insert(1, ("Nature", asked.nature))
    return {
        "title": asked.what,
        "lines": [{"label": label, "value": value} for label, value in lines],
        "edit_url": address(PATH, arguments(), modifier="1"),
    }


@pages.get("/marches/<reference>/groupements")
def groups(reference: str) -> str:
    """Who could take several lots of a contract, alone or together."""
    contract = by_reference(session(), reference)
    grouping = grouping_of_lots(session(), engine(), contract, today())
    shown = {
        "title": contract.title,
        "url": f"/marches/{contract.reference}",
        "read": MOST_LOTS,
        "more": len(contract.lots) > MOST_LOTS,
    }
    return render_template(
        "matching/groups.html", contract=shown, grouping=grouping_context(grouping)
    )
