"""`annuaire keys create|list|rotate|revoke`: keys of the API, for the operator."""

from datetime import UTC, datetime, timedelta
from typing import Any

import click

from annuaire.cli.context import application
from annuaire.cli.output import json_option, print_json, say
from annuaire.db import reading, writing
from annuaire.extensions import session
from annuaire.platforms import keys as service
from annuaire.platforms.models import ApiKey
from annuaire.platforms.usage import last_days

OPERATOR = "annuaire keys"
ONCE = "Cette clé ne sera plus montrée : remettez-la à son titulaire par un moyen sûr."

prefix = click.argument("prefix", metavar="CLÉ")


@click.group()
def keys() -> None:
    """Les clés de l'API : les créer, les lister, les remplacer, les révoquer."""


@keys.command()
@click.argument("name", metavar="NOM")
@click.option("--owner", required=True, metavar="COURRIEL", help="Qui tient la clé.")
@click.option(
    "--scope", "scopes", multiple=True, required=True, type=click.Choice(list(service.SCOPES)),
    help="Ce qu'elle ouvre ; répétable.",
)  # fmt: skip
@click.option("--platform", help="Le nom de la plateforme, pour contracts:write.")
@click.option("--test", is_flag=True, help="Une clé d'essai : répondue par des exemples inventés.")
@click.option("--days", default=365, show_default=True, type=click.IntRange(1, 1_095))
@json_option
def create(
    name: str,
    owner: str,
    scopes: tuple[str, ...],
    platform: str | None,
    test: bool,
    days: int,
    as_json: bool,
) -> None:
    """Créer une clé pour l'usage NOM."""
    lasts = timedelta(days=days)
    wanted = service.Wanted(name, owner, scopes, OPERATOR, platform, test, lasts)
    with application(), writing(session()) as db_session:
        _tell(*service.create(db_session, wanted, datetime.now(UTC)), as_json=as_json)


@keys.command("list")
@click.option("--owner", metavar="COURRIEL", help="Celles d'un seul titulaire.")
@json_option
def list_(owner: str | None, as_json: bool) -> None:
    """Les clés, la plus récente d'abord, avec ce qu'elles ont demandé."""
    now = datetime.now(UTC)
    with application():
        db_session = reading(session())
        wanted = service.keys_of(owner.lower()) if owner else service.all_keys()
        found = db_session.scalars(wanted).all()
        used = {row[0]: row for row in db_session.execute(last_days([key.id for key in found]))}
        rows = [_row(key, now) | _used(used.get(key.id)) for key in found]
    if as_json:
        print_json({"keys": rows})
        return
    click.echo(f"{len(rows)} clés.")
    for row in rows:
        asked = (
            f"{row['asked']} demandes, la dernière le {row['last_day']}"
            if row["asked"]
            else ("jamais utilisée")
        )
        click.echo(
            f"{row['prefix']}  {row['state']:<9} {row['owner'] or '(effacé)'} : {row['name']} "
            f"({', '.join(row['scopes'])}{', essai' if row['test'] else ''}) ; {asked}"
        )


@keys.command()
@prefix
@click.option(
    "--overlap", default=service.OVERLAP.days, show_default=True, type=click.IntRange(0, 90),
    help="Jours pendant lesquels l'ancienne vaut encore.",
)  # fmt: skip
@json_option
def rotate(prefix: str, overlap: int, as_json: bool) -> None:
    """Remplacer une clé, nommée par son début, en laissant l'ancienne valoir quelques jours."""
    now = datetime.now(UTC)
    with application(), writing(session()) as db_session:
        old = service.by_prefix(db_session, prefix)
        made = service.rotate(db_session, old, OPERATOR, now, timedelta(days=overlap))
        _tell(*made, as_json=as_json)


@keys.command()
@prefix
@click.option("--why", required=True, help="La raison, que le titulaire lira.")
def revoke(prefix: str, why: str) -> None:
    """Révoquer une clé, nommée par son début : elle ne vaut plus rien, tout de suite."""
    with application(), writing(session()) as db_session:
        key = service.by_prefix(db_session, prefix)
        service.revoke(db_session, key, why, datetime.now(UTC))
        shown = key.prefix
    click.echo(f"La clé {shown} est révoquée.")


def _tell(key: ApiKey, text: str, *, as_json: bool) -> None:
    say(ONCE)
    if as_json:
        print_json(_row(key, datetime.now(UTC)) | {"key": text})
    else:
        click.echo(text)


def _row(key: ApiKey, now: datetime) -> dict[str, Any]:
    state = "révoquée" if key.revoked_at else "en cours" if key.holds(now) else "expirée"
    return {
        "prefix": key.prefix,
        "name": key.name,
        "owner": key.owner,
        "platform": key.platform,
        "scopes": key.scopes,
        "test": key.test,
        "state": state,
        "expires_at": key.expires_at.isoformat(timespec="seconds"),
    }


def _used(row: Any) -> dict[str, Any]:
    return {"asked": int(row[2]) if row else 0, "last_day": row[1].isoformat() if row else None}
