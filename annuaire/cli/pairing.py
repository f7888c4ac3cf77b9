"""`annuaire duplicates`: structures that may be one, found by the machine, decided by people."""

import getpass
from datetime import date
from typing import Any

import click

from annuaire.cli.context import application
from annuaire.cli.output import json_option, print_json, progress
from annuaire.cli.settling import settle
from annuaire.db import reading, writing
from annuaire.extensions import session
from annuaire.structures.duplicates import service
from annuaire.structures.duplicates.evidence import LABELS
from annuaire.structures.duplicates.finding import find as find_duplicates
from annuaire.structures.models import Structure

pair_argument = click.argument("pair_id", metavar="ID", type=click.IntRange(1))
by_option = click.option("--by", help="Qui décide ; par défaut, le compte de la machine.")


@click.group()
def duplicates() -> None:
    """Examiner les structures qui en sont peut-être une seule : rien n'est réuni sans décision."""


@duplicates.command()
@json_option
def find(as_json: bool) -> None:
    """Chercher les doublons probables dans tout le répertoire, et mettre la liste à jour."""
    with application():
        with progress("Recherche des doublons probables"):
            done = find_duplicates(session())
        evidence = dict(done.by_evidence.most_common())
        counts = {
            "structures": done.structures, "compared": done.compared, "pairs": done.pairs,
            "new": done.new, "changed": done.changed, "gone": done.gone, "refused": done.refused,
            "evidence": evidence,
        }  # fmt: skip
    if as_json:
        print_json(counts)
        return
    click.echo(
        f"{done.structures} structures, {done.compared} paires comparées : {done.pairs} à "
        f"examiner ({done.new} nouvelles, {done.changed} changées, {done.gone} disparues), "
        f"{done.refused} déjà refusées."
    )
    _print_evidence(evidence)


@duplicates.command("list")
@click.option("--state", default="open", type=click.Choice(list(service.STATES)))
@click.option("--evidence", multiple=True, type=click.Choice(list(LABELS)), help="Avec cet indice.")
@click.option("--departement", help="Code du département.")
@click.option("--page", default=1, type=click.IntRange(1, 10**9))
@click.option("--per-page", default=service.PER_PAGE, type=click.IntRange(1, 10_000))
@json_option
def list_(
    state: str,
    evidence: tuple[str, ...],
    departement: str | None,
    page: int,
    per_page: int,
    as_json: bool,
) -> None:
    """Les paires à examiner, les plus probables d'abord."""
    with application():
        found = service.review(reading(session()), state, evidence, departement, page, per_page)
        figures = service.figures(session())
        items = [_pair(item) for item in found.items]
    if as_json:
        print_json(
            {
                "total": found.total, "page": found.page, "states": figures.states,
                "evidence": figures.evidence, "pairs": items,
            }
        )  # fmt: skip
        return
    for item in items:
        _print_pair(item)
    last = -(-found.total // per_page) or 1
    click.echo(f"{found.total} paires {service.STATES[state]}, page {found.page} sur {last}.")
    if state == "open":
        _print_evidence(figures.evidence)


@duplicates.command()
@pair_argument
@json_option
def show(pair_id: int, as_json: bool) -> None:
    """Une paire : ses deux structures, ses indices, ses décisions."""
    with application():
        item = _pair(service.seen(reading(session()), pair_id))
    if as_json:
        print_json(item)
        return
    _print_pair(item)
    for structure in item["structures"]:
        click.echo(f"  {structure['key']}")
        for name in _FIELDS:
            if value := structure[name]:
                shown = ", ".join(value) if isinstance(value, list) else value
                click.echo(f"    {_FIELDS[name]} : {shown}")
    for decision in item["decisions"]:
        click.echo(
            f"  {decision['at'][:16].replace('T', ' ')} {_VERDICTS[decision['verdict']]} par "
            f"{decision['by']} (gardée : {decision['kept']}) : {decision['why']}"
        )


@duplicates.command()
@pair_argument
@by_option
@click.option("--keep", metavar="NUMÉRO", help="La structure gardée : son numéro d'adresse.")
@json_option
def accept(pair_id: int, by: str | None, keep: str | None, as_json: bool) -> None:
    """Réunir les deux structures d'une paire ; l'adresse de l'une mène à l'autre."""
    with application():
        with writing(session()):
            kept = service.accept(session(), pair_id, by or getpass.getuser(), _today(), keep).key
        settle()
    if as_json:
        print_json({"pair": pair_id, "state": "accepted", "kept": kept})
        return
    click.echo(
        f"Paire {pair_id} réunie à l'adresse /structures/{kept}. "
        f"« annuaire duplicates undo {pair_id} » défait cette décision."
    )


@duplicates.command()
@pair_argument
@by_option
@json_option
def refuse(pair_id: int, by: str | None, as_json: bool) -> None:
    """Dire que ce sont deux structures : la paire n'est plus proposée, sauf si ses indices
    changent."""
    with application(), writing(session()):
        service.refuse(session(), pair_id, by or getpass.getuser())
    if as_json:
        print_json({"pair": pair_id, "state": "refused"})
        return
    click.echo(f"Paire {pair_id} refusée : elle n'est plus proposée tant que ses indices restent.")


@duplicates.command()
@pair_argument
@by_option
@json_option
def undo(pair_id: int, by: str | None, as_json: bool) -> None:
    """Défaire la décision prise sur une paire : tout est comme si elle n'avait pas été prise."""
    with application():
        with writing(session()):
            verdict = service.undo(session(), pair_id, by or getpass.getuser(), _today())
        settle()
    if as_json:
        print_json({"pair": pair_id, "state": "open", "undone": verdict})
        return
    click.echo(f"Paire {pair_id} : décision défaite ({_VERDICTS[verdict]}), elle est à examiner.")


_VERDICTS = {"accept": "réunie", "refuse": "refusée", "undo": "décision défaite"}
_FIELDS = {
    "name": "nom", "brand": "nom d'usage", "kinds": "types", "address": "adresse",
    "phone": "téléphone", "email": "courriel", "website": "site", "ended_on": "close le",
    "joined_to": "réunie à",
}  # fmt: skip


def _today() -> date:
    return date.today()  # noqa: DTZ011 - local day


def _pair(seen: service.Seen) -> dict[str, Any]:
    pair = seen.pair
    return {
        "id": pair.id,
        "state": pair.state,
        "score": pair.score,
        "departement": pair.departement,
        "structures": [_structure(s, seen.joined.get(s.key)) for s in (seen.first, seen.second)],
        "evidence": [
            {"code": e.code, "points": e.points, "sentence": e.sentence} for e in pair.evidence
        ],
        "decisions": [
            {
                "verdict": d.verdict,
                "by": d.decided_by,
                "at": d.decided_at.isoformat(),
                "kept": d.kept_key,
                "other": d.other_key,
                "why": d.why,
            }
            for d in pair.decisions
        ],
    }


def _structure(structure: Structure, joined_to: str | None) -> dict[str, Any]:
    ended_on = None if joined_to else structure.ended_on
    parts = (structure.address, structure.postcode, structure.city)
    return {
        "key": structure.key,
        "name": structure.name,
        "brand": structure.brand,
        "kinds": structure.kinds_held(_today()),
        "address": " ".join(part for part in parts if part),
        "phone": structure.phone,
        "email": structure.email,
        "website": structure.website,
        "ended_on": ended_on.isoformat() if ended_on else None,
        "joined_to": joined_to,
    }


def _print_pair(item: dict[str, Any]) -> None:
    first, second = item["structures"]
    click.echo(f"{item['id']:>6}  {item['score']:>3} points  {first['key']}  {second['key']}")
    for structure in (first, second):
        kinds = ", ".join(structure["kinds"]) or ("réunie" if structure["joined_to"] else "close")
        click.echo(f"        {structure['name']} ({kinds}), {structure['address']}")
    for evidence in item["evidence"]:
        click.echo(f"        {evidence['points']:+d}  {evidence['sentence']}")


def _print_evidence(evidence: dict[str, int]) -> None:
    for code, count in evidence.items():
        click.echo(f"  {count:>6}  {LABELS[code]} ({code})")
