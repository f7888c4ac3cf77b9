"""`annuaire advise`: what the law allows for a purchase at a date, with the codes to enter."""

from datetime import date, datetime
from typing import Any, cast

import click

from annuaire.cli.output import json_option, print_json
from annuaire.law.reminders import reminders
from annuaire.law.routes import Nature, Route
from annuaire.law.routes import advise as routes_of
from annuaire.law.thresholds import Threshold

NO_ADVICE = "Ce n'est pas un conseil juridique : le juriste de l'acheteur décide."


@click.command()
@click.option("--amount", type=float, help="Montant estimé du besoin entier, en € HT.")
@click.option("--nature", type=click.Choice(["travaux", "services", "fournitures"]))
@click.option(
    "--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="Date de lancement ; aujourd'hui sinon."
)
@click.option("--state", is_flag=True, help="L'acheteur est l'État : son seuil européen est autre.")
@click.option("--concession", is_flag=True, help="Une concession, non un marché.")
@json_option
def advise(
    amount: float | None,
    nature: str | None,
    day: datetime | None,
    state: bool,
    concession: bool,
    as_json: bool,
) -> None:
    """Dire les voies que la loi ouvre pour un achat à une date, avec les codes de l'avis."""
    on = day.date() if day else date.today()  # noqa: DTZ011 - the user's day
    kind = cast(Nature | None, nature)
    routes = routes_of(amount, kind, on, state=state, concession=concession)
    said = reminders(amount, kind, on, state=state, concession=concession)
    if as_json:
        print_json(
            {
                "on": on.isoformat(),
                "amount_eur": amount,
                "nature": nature,
                "state": state,
                "concession": concession,
                "routes": [_as_json(route) for route in routes],
                "reminders": said,
            }
        )
        return
    for route in routes:
        _print(route)
    for sentence in (*said, NO_ADVICE):
        click.echo(f"({sentence})")


def _print(route: Route) -> None:
    doubt = " [à vérifier]" if route.to_check else ""
    click.echo(f"{route.code} : {route.title} ({', '.join(route.articles)}){doubt}")
    click.echo(f"    {route.explanation}")
    for entry in route.entries:
        click.echo(f"    {entry.where} {entry.field} = {entry.value}")


def _as_json(route: Route) -> dict[str, Any]:
    return {
        "code": route.code,
        "title": route.title,
        "explanation": route.explanation,
        "conditions": list(route.conditions),
        "articles": list(route.articles),
        "caution": route.caution,
        "to_check": route.to_check,
        "entries": [
            {"where": e.where, "field": e.field, "value": e.value, "status": e.status}
            for e in route.entries
        ],
        "thresholds": [_threshold(t) for t in route.thresholds],
    }


def _threshold(threshold: Threshold) -> dict[str, Any]:
    return {
        "rule": threshold.rule,
        "article": threshold.article,
        "value": threshold.value,
        "unit": threshold.unit,
        "valid_from": threshold.valid_from.isoformat(),
        "valid_to": threshold.valid_to.isoformat() if threshold.valid_to else None,
        "status": threshold.status,
        "source": threshold.source,
    }
