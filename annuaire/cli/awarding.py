"""`annuaire awards`: awards of the essential data (DECP) matched with award notices."""

from typing import Any

import click

from annuaire.cli.context import application
from annuaire.cli.deciding import signed
from annuaire.cli.output import json_option, print_json, progress
from annuaire.cli.settling import settle
from annuaire.contracts import awarding, queries
from annuaire.db import reading, writing
from annuaire.extensions import session

reference_argument = click.argument("reference", metavar="DECP-…")


@click.group()
def awards() -> None:
    """Rapprocher les données essentielles (DECP) et les avis d'attribution d'un même marché."""


@awards.command("match")
@click.option("--all", "everything", is_flag=True, help="Tout revoir, pas seulement le nouveau.")
@json_option
def match_(everything: bool, as_json: bool) -> None:
    """Rapprocher ce qui a été lu depuis la dernière fois ; chaque import le fait déjà."""
    with application():
        with progress("Rapprochement des données essentielles et des avis") as on_buyer:
            done = awarding.match_awards(session(), on_buyer, everything=everything)
        settle()
    counts = {
        "buyers": done.buyers, "standing": done.standing, "joined": done.joined,
        "parted": done.parted,
    }  # fmt: skip
    if as_json:
        print_json(counts)
        return
    click.echo(
        f"{done.buyers} acheteurs examinés : {done.standing} données essentielles rapprochées "
        f"d'un avis ({done.joined} nouvelles, {done.parted} qui ne le sont plus)."
    )


@awards.command("list")
@click.option("--limit", default=50, type=click.IntRange(1, 10_000), show_default=True)
@json_option
def list_(limit: int, as_json: bool) -> None:
    """Les rapprochements, les moins sûrs d'abord, avec leurs raisons."""
    with application():
        rows = [_row(row) for row in reading(session()).execute(queries.matched_awards())]
    rows.sort(key=lambda row: (row["score"], row["reference"]))
    if as_json:
        for row in rows[:limit]:
            print_json(row)
        return
    for row in rows[:limit]:
        click.echo(f"{row['score']:>4}  {row['reference']}  ↔  {row['with']} (lot {row['lot']})")
        click.echo(f"      {', '.join(row['reasons'])}")
    click.echo(f"{len(rows)} rapprochements.")


def _row(row: Any) -> dict[str, Any]:
    return {"reference": f"{row.source}-{row.source_key}", **row.matched}


@awards.command()
@reference_argument
@signed
def part(reference: str, author: str, reason: str) -> None:
    """Séparer une donnée essentielle de l'avis dont elle a été rapprochée."""
    with application():
        with writing(session()) as db:
            official = awarding.part(db, reference, author, reason)
        settle()
    click.echo(f"{reference} n'est plus rapproché de {official}.")


@awards.command("join-again")
@reference_argument
@signed
def join_again(reference: str, author: str, reason: str) -> None:
    """Revenir sur une séparation : les règles décident à nouveau."""
    with application():
        with writing(session()) as db:
            parted = awarding.join_again(db, reference, author, reason)
        settle()
    click.echo(f"{reference} peut de nouveau être rapproché de {', '.join(parted)}.")
