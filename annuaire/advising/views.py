"""The calculators, and the page of the dated rules."""

from flask import Blueprint, render_template, request

from annuaire.advising.hours import defaults
from annuaire.advising.hours_form import METHODS, NATURES, lot_count, read_hours
from annuaire.advising.oeth_form import read_oeth
from annuaire.advising.presenting import article_lines, rule_lines, trade_lines
from annuaire.advising.rules import rules
from annuaire.asking import arguments, today
from annuaire.law.routes import all_routes
from annuaire.listing import FormValues
from annuaire.paging import address

pages = Blueprint("advising", __name__)

HOURS_PATH = "/outils/heures-insertion"


@pages.get(HOURS_PATH)
def hours() -> tuple[str, int]:
    """The calculator of insertion hours; once filled, its answer. Nothing is stored."""
    given = FormValues(request.args.items())
    filled = any(key.startswith("montant") and value.strip() for key, value in given.items())
    asked, errors = read_hours(given) if filled or "calculer" in given else (None, ())
    count = lot_count(given)
    body = render_template(
        "advising/hours.html",
        form=given,
        errors=errors,
        asked=asked,
        known=defaults(),
        lot_numbers=range(1, count + 1),
        trades=[(trade.code, trade.label) for trade in defaults().trades.values()],
        trade_lines=trade_lines(),
        methods=list(METHODS.items()),
        natures=[("", "inconnue"), *NATURES.items()],
        more_url=address(HOURS_PATH, arguments(), lots=count + 1, calculer=None),
        clause_url=address("/outils/clause", arguments(), calculer=None),
    )
    return body, 400 if errors else 200


@pages.get("/outils/oeth")
def oeth() -> tuple[str, int]:
    """The calculator of the deduction from the OETH contribution. Nothing is stored."""
    given = FormValues(request.args.items())
    asked, errors = read_oeth(given, today()) if given else (None, ())
    body = render_template("advising/oeth.html", form=given, errors=errors, asked=asked)
    return body, 400 if errors else 200


@pages.get("/aide/procedures")
def procedures() -> str:
    """The dated rules with their articles, status and source; our own rules of depth."""
    return render_template(
        "advising/procedures.html",
        day=today(),
        rules=rule_lines(today()),
        articles=article_lines(),
        routes=all_routes(),
        stated=rules(),
        trade_lines=trade_lines(),
        known=defaults(),
    )
