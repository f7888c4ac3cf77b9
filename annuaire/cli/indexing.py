"""`annuaire index rebuild|drain|status|setup-keys`."""

from datetime import date

import click

from annuaire import outbox
from annuaire.cli.context import application
from annuaire.cli.output import json_option, print_json, progress
from annuaire.cli.settling import update_index
from annuaire.config import load_settings
from annuaire.db import reading
from annuaire.errors import InvalidInputError
from annuaire.extensions import engine, session
from search.indexing import INDEXES, count_to_index, rebuild

WORDS = {"structures": "Structures", "contracts": "Marchés"}


@click.group()
def index() -> None:
    """L'index de recherche : reconstruire, mettre à jour, vérifier."""


@index.command("rebuild")
@json_option
def rebuild_(as_json: bool) -> None:
    """Reconstruire les index depuis la base, à côté de ceux en service, puis basculer."""
    with application():
        done = rebuild_all()
    if as_json:
        print_json(done)
        return
    for name, count in done.items():
        click.echo(f"{WORDS[name]} : {count} documents.")


def rebuild_all() -> dict[str, int]:
    """Rebuild every index, with a bar; returns how many documents each holds."""
    done: dict[str, int] = {}
    today = date.today()  # noqa: DTZ011 - local day
    for name in INDEXES:
        total = count_to_index(reading(session()), name)
        with progress(f"{WORDS[name]}", total) as on_batch:
            done[name] = rebuild(session(), engine(), name, today, on_batch)
    return done


def index_lost() -> bool:
    """Whether an index lacks documents that no waiting line will bring: its folder was deleted."""
    read = reading(session())
    counts, waiting = engine().health().counts, outbox.waiting(read)
    missing = {name: count_to_index(read, name) - counts.get(name, 0) for name in INDEXES}
    read.rollback()
    return any(count > waiting.get(name, (0,))[0] for name, count in missing.items())


@index.command("drain")
@json_option
def drain_(as_json: bool) -> None:
    """Porter dans l'index les changements qui attendent."""
    with application():
        count = update_index()
    print_json({"drained": count}) if as_json else click.echo(f"{count} objets mis à jour.")


@index.command("setup-keys")
@click.option(
    "--master-key", envvar="ANNUAIRE_MEILISEARCH_MASTER_KEY", prompt="Clé maîtresse",
    hide_input=True, help="Clé maîtresse du serveur, pour cette commande seulement.",
)  # fmt: skip
@json_option
def setup_keys_(master_key: str, as_json: bool) -> None:
    """Créer sur le serveur Meilisearch les clés d'annuaire, aux droits les plus étroits."""
    url = load_settings().meilisearch_url
    if url is None:
        raise InvalidInputError("Indiquez d'abord le serveur dans ANNUAIRE_MEILISEARCH_URL.")
    # Loaded only here: the client is slow to import.
    from search.meilisearch_keys import setup_keys

    keys = setup_keys(url, master_key)
    if as_json:
        print_json(keys)
        return
    for name, key in keys.items():
        click.echo(f"{name} : {key}")


@index.command("status")
@json_option
def status(as_json: bool) -> None:
    """Ce que contient l'index, et ce qui attend d'y entrer."""
    with application():
        health = engine().health()
        waiting = outbox.waiting(reading(session()))
        rows = {
            name: {
                "documents": health.counts.get(name, 0),
                "expected": count_to_index(session(), name),
                "waiting": waiting[name][0] if name in waiting else 0,
                "oldest": waiting[name][1].isoformat() if name in waiting else None,
            }
            for name in INDEXES
        }
    if as_json:
        print_json({"ok": health.ok, "message": health.message, **rows})
        return
    if health.message:
        click.echo(health.message)
    for name, row in rows.items():
        since = f" depuis {row['oldest']}" if row["oldest"] else ""
        click.echo(
            f"{WORDS[name]} : {row['documents']} documents sur {row['expected']} attendus, "
            f"{row['waiting']} changements en attente{since}."
        )
