"""`annuaire match`: the structures for a need, a lot or a whole purchase plan."""

import re
from datetime import date, datetime
from pathlib import Path

import click

from annuaire.activities import cpv as nomenclature
from annuaire.cli.context import application
from annuaire.cli.finding import place_words
from annuaire.cli.output import json_option, print_json
from annuaire.cli.planning import match_plan
from annuaire.contracts.service import lot_by_id
from annuaire.db import reading
from annuaire.errors import InvalidInputError
from annuaire.extensions import engine, places, session
from annuaire.geo.free_address import find_place, unknown_place
from annuaire.law.reminders import BEFORE_CODE
from annuaire.matching.buying import buyer_key
from annuaire.matching.form import FIRST_DAY, LAST_DAY, MAX_AMOUNT, NO_AMOUNT, NO_DAY
from annuaire.matching.need import need_from_form, need_from_lot
from annuaire.matching.service import Answer, suggest
from annuaire.matching.service import as_json as answer_as_json


@click.command()
@click.option("--text", help="Ce qui est acheté, en quelques mots.")
@click.option("--cpv", help="Code CPV.")
@click.option("--place", help="Commune, code postal, adresse, département, région, point:LAT,LON.")
@click.option("--amount", type=float, help="Montant estimé, en € HT.")
@click.option("--nature", type=click.Choice(["travaux", "services", "fournitures"]))
@click.option("--concession", is_flag=True, help="Une concession, non un marché.")
@click.option("--date", "on", type=click.DateTime(["%Y-%m-%d"]), help="Date de la consultation.")
@click.option("--lot", "lot_id", type=click.IntRange(1), help="Identifiant d'un lot de la base.")
@click.option("--buyer", help="SIRET ou nom de l'acheteur : ses achats passés comptent.")
@click.option(
    "--plan",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Plan d'achat (CSV, XLSX, ODS) : toutes ses lignes, écrites dans --out.",
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Pour --plan : fichier .xlsx, .ods ou .csv.",
)
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 100))
@json_option
def match(
    text: str | None,
    cpv: str | None,
    place: str | None,
    amount: float | None,
    nature: str | None,
    concession: bool,
    on: datetime | None,
    lot_id: int | None,
    buyer: str | None,
    plan: Path | None,
    out: Path | None,
    limit: int,
    as_json: bool,
) -> None:
    """Proposer des structures pour un besoin, un lot ou un plan d'achat, avec les raisons."""
    if plan is not None:
        if out is None:
            raise InvalidInputError("Donnez --out FICHIER.xlsx, où écrire le résultat du plan.")
        _refuse_unusable(place, None, None)
        match_plan(plan, out, place, buyer, as_json)
    today = date.today()  # noqa: DTZ011 - the user's day
    with application():
        db_session = reading(session())
        if lot_id is not None:
            lot = lot_by_id(db_session, lot_id)
            need = need_from_lot(lot.contract, lot)
        elif (text or "").strip() or cpv:
            _refuse_unusable(place, amount, cpv)
            day = on.date() if on else today
            if not FIRST_DAY <= day <= LAST_DAY:
                raise InvalidInputError(NO_DAY)
            need = need_from_form(
                text or "",
                place=place,
                amount_eur=amount,
                nature=nature,
                on=day,
                cpv=cpv,
                concession=concession,
                buyer_key=buyer_key(db_session, buyer, place) if buyer else None,
                find=places(),
            )
        else:
            raise InvalidInputError("Donnez --text, --cpv, --lot ou --plan : rien n'est décrit.")
        answer = suggest(db_session, engine(), need, today, limit=limit)
    print_json(answer_as_json(answer)) if as_json else _print_answer(answer)


def _refuse_unusable(place: str | None, amount: float | None, cpv: str | None) -> None:
    """What was typed wrong is refused here, where nobody would see that it was left out."""
    if place and find_place(place) is None:
        raise InvalidInputError(unknown_place(place))
    if amount is not None and not 0 < amount <= MAX_AMOUNT:
        raise InvalidInputError(NO_AMOUNT)
    if cpv and not re.match(nomenclature.SENT, cpv):
        raise InvalidInputError(
            f"Le code CPV « {cpv[:20]} » n'a pas la forme attendue : 8 chiffres, puis parfois une "
            "clé, par exemple 90910000-9."
        )


def _print_answer(answer: Answer) -> None:
    for sentence in answer.assumptions:
        click.echo(f"({sentence})")
    if not answer.route:
        click.echo(f"({BEFORE_CODE})")
    for route in answer.route:
        doubt = ", à vérifier" if route.to_check else ""
        cited = ", ".join(route.articles)
        click.echo(f"Procédure possible [{route.code}] : {route.title} ({cited}{doubt})")
    if not answer.suggestions:
        click.echo("Aucune structure ne convient.")
    for sentence in (*(g.sentence for g in answer.grouping.groups), *answer.grouping.gaps):
        click.echo(f"Groupement : {sentence}")
    for rank, found in enumerate(answer.suggestions, 1):
        where = place_words(found.city, found.distance_km)
        click.echo(f"{rank:>3}. {found.name} ({where}) : {found.score:.0f}/100")
        for reason, _ in found.reasons:
            click.echo(f"       + {reason}")
        for caution in found.cautions:
            click.echo(f"       ! {caution}")
