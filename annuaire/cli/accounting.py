"""`annuaire admin`, `annuaire erase`, `annuaire accounts …`: people's accounts, for who runs the
site."""

from datetime import UTC, datetime
from typing import Any

import click
from sqlalchemy import func, select

from annuaire.accounts import links, members, personal, retention, service, signing, typed
from annuaire.accounts.models import User
from annuaire.accounts.wording import ROLES
from annuaire.cli.context import application
from annuaire.cli.output import json_option, print_json
from annuaire.config import load_settings
from annuaire.db import reading, writing
from annuaire.errors import InvalidInputError
from annuaire.extensions import session

address = click.argument("email", metavar="ADRESSE")
why = click.option("--why", "reason", required=True, metavar="TEXTE", help="La raison, gardée.")


@click.command()
@address
@click.option("--role", default="administrator", show_default=True,
              type=click.Choice(["administrator", "moderator", "user"]))  # fmt: skip
@click.option(
    "--link", is_flag=True, help="Afficher un lien de connexion, sans passer par le courriel."
)
@json_option
def admin(email: str, role: str, link: bool, as_json: bool) -> None:
    """Faire d'une personne un administrateur (ou un modérateur), en créant au besoin son compte."""
    email = typed.email(email)
    shown = None
    with application(), writing(session()) as db:
        user = signing.by_email(db, email)
        made = user is None
        user = user or signing.make(db, email, signing.name_from(email))
        service.give_role(db, user, role, actor_id=None)
        if link:
            token = links.make(db, "sign_in", email, links.SIGN_IN, user_id=user.id, next="")
            shown = f"{load_settings().public_url}{signing.LINK}/{token}"
    if as_json:
        print_json({"email": email, "role": role, "made": made, "link": shown})
        return
    click.echo(f"{email} est {ROLES[role]}{' ; son compte vient d’être créé' if made else ''}.")
    click.echo(shown or "La connexion se fait par lien, depuis /connexion.")


@click.command()
@address
@json_option
def erase(email: str, as_json: bool) -> None:
    """Effacer tout ce que l'annuaire garde d'une personne, avec ou sans compte."""
    site = load_settings().public_url
    with application(), writing(session()) as db:
        counts = personal.erase_all(db, typed.email(email), site, actor_id=None)
    if as_json:
        print_json({"email": email, "erased": counts})
        return
    for room, count in counts.items():
        click.echo(f"{room} : {count}")


@click.group()
def accounts() -> None:
    """Les comptes : les lire, les arrêter, oublier ce qui a fait son temps."""


@accounts.command("list")
@click.option("--role", type=click.Choice(sorted(ROLES)), help="Un seul rôle.")
@click.option("--page", default=1, show_default=True, type=click.IntRange(1, 10**6))
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 1_000))
@json_option
def list_(role: str | None, page: int, limit: int, as_json: bool) -> None:
    """Les comptes, le plus récent d'abord."""
    found = select(User).order_by(User.id.desc())
    found = found.where(User.role == role) if role else found
    with application():
        db = reading(session())
        total = db.scalar(select(func.count()).select_from(found.order_by(None).subquery())) or 0
        rows = [_row(user) for user in db.scalars(found.offset((page - 1) * limit).limit(limit))]
    if as_json:
        print_json({"total": total, "page": page, "accounts": rows})
        return
    click.echo(f"{total} comptes.")
    for row in rows:
        stopped = " (suspendu)" if row["suspended_at"] else ""
        click.echo(
            f"{row['id']:>6}  {ROLES[row['role']]:<15} {row['email']}  {row['name']}{stopped}"
        )


@accounts.command()
@address
@json_option
def show(email: str, as_json: bool) -> None:
    """Un compte, avec ce à quoi il donne droit."""
    with application():
        db = reading(session())
        user = service.account_at(db, typed.email(email))
        rights = sorted(members.subject_of(db, user).words - {"visitor", "signed_in"})
        structures = [s.key for s in db.scalars(members.structures_of(user.id))]
        row = _row(user) | {"rights": rights, "structures": structures}
    if as_json:
        print_json(row)
        return
    for name, value in row.items():
        click.echo(f"{name} : {', '.join(value) if isinstance(value, list) else value}")


@accounts.command()
@address
@json_option
def export(email: str, as_json: bool) -> None:
    """Tout ce que l'annuaire garde d'une personne, en JSON."""
    with application():
        print_json(personal.export_all(reading(session()), typed.email(email)))


@accounts.command()
@address
@why
def suspend(email: str, reason: str) -> None:
    """Arrêter un compte : ses sessions se ferment, personne ne s'y connecte."""
    with application(), writing(session()) as db:
        service.suspend(db, service.account_at(db, typed.email(email)), actor_id=None,
                        reason=_said(reason))  # fmt: skip
    click.echo("Le compte est suspendu.")


@accounts.command()
@address
@why
def restore(email: str, reason: str) -> None:
    """Rendre un compte suspendu."""
    with application(), writing(session()) as db:
        service.restore(db, service.account_at(db, typed.email(email)), actor_id=None,
                        reason=_said(reason))  # fmt: skip
    click.echo("Le compte est rétabli.")


@accounts.command("retention")
@json_option
def retention_(as_json: bool) -> None:
    """Oublier ce qui a fait son temps (à lancer chaque jour)."""
    site = load_settings().public_url
    with application(), writing(session()) as db:
        counts = retention.run(db, datetime.now(UTC), site)
    if as_json:
        print_json(counts)
        return
    for name, count in counts.items():
        click.echo(f"{name} : {count}")


def _said(reason: str) -> str:
    if not reason.strip():
        raise InvalidInputError("Dites pourquoi (--why).")
    return reason.strip()


def _row(user: User) -> dict[str, Any]:
    def moment(value: datetime | None) -> str | None:
        return value.isoformat() if value else None

    return {
        "id": user.id,
        "email": user.email,
        "name": user.name,
        "role": user.role,
        "created_at": moment(user.created_at),
        "signed_in_at": moment(user.signed_in_at),
        "suspended_at": moment(user.suspended_at),
        "second_factor": user.totp_since is not None,
    }
