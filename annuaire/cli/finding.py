"""`annuaire search`: what the site would answer."""

from datetime import date
from typing import Any

import click

from annuaire.activities.taxonomy import taxonomy
from annuaire.cli.context import application
from annuaire.cli.output import json_option, print_json
from annuaire.contracts.search import find_contracts
from annuaire.errors import InvalidInputError
from annuaire.extensions import engine, places, settings
from annuaire.structures.kinds import kind_label
from annuaire.structures.search import find_structures
from annuaire.wording import km, pluriel
from search.engine import Hit
from search.filters import CONTRACT_SORTS, STRUCTURE_SORTS, Search

OWN_OPTIONS = {
    "q": "écrivez les mots après la commande",
    "lieu": "utilisez --near",
    "rayon": "utilisez --radius",
    "tri": "utilisez --sort",
    "page": "utilisez --page",
}


@click.command()
@click.argument("text", default="")
@click.option("--contracts", is_flag=True, help="Chercher des marchés plutôt que des structures.")
@click.option("--filter", "filters", multiple=True, metavar="CLÉ=VALEUR")
@click.option(
    "--near",
    metavar="LIEU",
    help="Commune, code postal, adresse, département, région, point:LAT,LON.",
)
@click.option("--radius", metavar="KM", help="Rayon autour du lieu, en km.")
@click.option(
    "--sort", default="", help=", ".join(dict.fromkeys((*STRUCTURE_SORTS, *CONTRACT_SORTS)))
)
@click.option("--page", default="1")
@json_option
def search(
    text: str,
    contracts: bool,
    filters: tuple[str, ...],
    near: str | None,
    radius: str | None,
    sort: str,
    page: str,
    as_json: bool,
) -> None:
    """Chercher des structures, ou des marchés, comme sur le site."""
    values: dict[str, list[str]] = {
        "q": [text], "lieu": [near or ""], "rayon": [radius or ""], "tri": [sort], "page": [page],
    }  # fmt: skip
    for given in filters:
        key, found, value = given.partition("=")
        if not found:
            raise InvalidInputError(f"Filtre « {given} » : écrivez clé=valeur.")
        if key in OWN_OPTIONS:
            raise InvalidInputError(f"« {key} » n'est pas un filtre : {OWN_OPTIONS[key]}.")
        values.setdefault(key, []).append(value)
    with application():
        today = date.today()  # noqa: DTZ011 - the user's day
        find = find_contracts if contracts else find_structures
        asked, hits = find(engine(), values, today, places())
        _refuse_errors(asked)
        base = settings().public_url
        rows = [(_contract if contracts else _structure)(hit, base) for hit in hits.hits]
    if as_json:
        print_json(
            {
                "total": hits.total,
                "place": _place_as_json(asked),
                "hits": rows,
                "facets": hits.facets,
                "correction": hits.correction or None,
                "took_ms": hits.took_ms,
            }
        )
        return
    relaxed = " (aucune réponse avec tous les mots : les derniers sont laissés)"
    click.echo(f"{pluriel(hits.total, 'réponse')}{relaxed if hits.relaxed else ''}")
    if asked.place_note:
        click.echo(asked.place_note)
    if hits.correction:
        click.echo(f"Essayez avec : {hits.correction}")
    for row in rows:
        _print_hit(row)


def _refuse_errors(asked: Search) -> None:
    if asked.errors:
        raise InvalidInputError(" ".join(error.message for error in asked.errors))


def _place_as_json(asked: Search) -> dict[str, Any] | None:
    if asked.place is None:
        return None
    told = {name: getattr(asked.place, name) for name in ("label", "kind", "lat", "lon")}
    return told | {"note": asked.place_note}


def _structure(hit: Hit, base: str) -> dict[str, Any]:
    card: Any = hit.document
    known = taxonomy()
    return {
        "siret": card["siret"],
        "name": card.get("brand") or card["name"],
        "statuses": card["kinds"],
        "activities": [known.label(code) for code, *_ in card["activities"]],
        "city": card.get("city"),
        "distance_km": hit.distance_km,
        "url": f"{base}/structures/{card['key']}",
    }


def _contract(hit: Hit, base: str) -> dict[str, Any]:
    card: Any = hit.document
    return {
        "reference": card["reference"],
        "title": card["title"],
        "buyer": card["buyer"],
        "city": card.get("city"),
        "published": card["published"],
        "clause_types": card["clause_types"],
        "distance_km": hit.distance_km,
        "url": f"{base}/marches/{card['reference']}",
    }


def _print_hit(row: dict[str, Any]) -> None:
    if "siret" in row:
        where = place_words(row["city"], row["distance_km"])
        kinds = ", ".join(kind_label(kind) for kind in row["statuses"])
        click.echo(f"- {row['name']} ({where}) : {kinds}")
        if row["activities"]:
            click.echo(f"    {', '.join(row['activities'][:4])}")
    else:
        where = place_words(row["buyer"], row["distance_km"])
        click.echo(f"- {row['title']} ({where}), paru le {row['published']}")
        if row["clause_types"]:
            click.echo(f"    {', '.join(row['clause_types'])}")
    click.echo(f"    {row['url']}")


def place_words(place: str | None, distance_km: float | None) -> str:
    """« Lille, à 1,2 km », « Lille, à moins de 1 km »."""
    far = f", à {km(distance_km)}" if distance_km is not None else ""
    return f"{place or 'commune non précisée'}{far}"
