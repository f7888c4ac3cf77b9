"""`annuaire geocode`: the addresses that have no true point, looked up in the address base."""

from datetime import date
from typing import Any

import click

from annuaire.cli.context import application
from annuaire.cli.output import json_option, print_json, progress, say
from annuaire.cli.settling import update_index
from annuaire.db import reading
from annuaire.extensions import session, settings
from annuaire.geo.geocoder import Geocoder
from annuaire.structures.geocoding import Geocoding
from annuaire.structures.geocoding import geocode as look_up
from annuaire.structures.queries import count_by_precision, count_without_true_point

WORDS = {"number": "au numéro", "street": "à la rue", "commune": "au centre de la commune"}
NOWHERE = "sans position"
SHOWN_REMARKS = 20


@click.command()
@click.option("--limit", type=click.IntRange(1, 10**9), help="Ne demander que N adresses.")
@click.option(
    "--retry-failed",
    is_flag=True,
    help="Redemander aussi les adresses restées inconnues, ou dont la réponse a été écartée.",
)
@json_option
def geocode(limit: int | None, retry_failed: bool, as_json: bool) -> None:
    """Placer les adresses qui n'ont pas de point précis, avec la Base adresse nationale (BAN)."""
    today = date.today()  # noqa: DTZ011 - local day
    with application():
        total = reading(session()).scalar(count_without_true_point())
        session().rollback()
        with progress("Recherche des adresses", total) as on_step:
            done = look_up(
                session(),
                Geocoder(settings().geocoder_domain).ask,
                today,
                limit=limit,
                retry_failed=retry_failed,
                on_step=on_step,
            )
        update_index()  # what a job that was killed placed waits too
        rows = reading(session()).execute(count_by_precision()).all()
        precisions = {precision or "none": count for precision, count in rows}
    print_json(_as_json(done, precisions)) if as_json else _print(done, precisions)
    raise click.exceptions.Exit(done.exit_code)


def _as_json(done: Geocoding, precisions: dict[str, int]) -> dict[str, Any]:
    return {
        "candidates": done.candidates,
        "asked": done.asked,
        "placed": done.placed,
        "unchanged": done.unchanged,
        "not_found": done.not_found,
        "refused": done.refused,
        "stopped": done.stopped,
        "run": done.run_id,
        "remarks": done.remarks,
        "precisions": precisions,
    }


def _print(done: Geocoding, precisions: dict[str, int]) -> None:
    for remark in done.remarks[:SHOWN_REMARKS]:
        say(remark)
    if len(done.remarks) > SHOWN_REMARKS:
        say(f"… et {len(done.remarks) - SHOWN_REMARKS} autres (annuaire runs {done.run_id}).")
    if done.stopped:
        say(done.stopped)
    click.echo(
        f"{done.candidates} structures sans point précis, {done.asked} adresses demandées : "
        f"{done.placed} placées, {done.not_found} introuvables, {done.refused} réponses écartées."
    )
    total = sum(precisions.values()) or 1
    for name, count in sorted(precisions.items(), key=lambda pair: -pair[1]):
        click.echo(f"  {WORDS.get(name, NOWHERE)} : {count} ({100 * count / total:.1f} %)")
