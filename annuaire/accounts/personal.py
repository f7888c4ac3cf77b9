"""The rooms that keep something of persons: what each keeps of one, and how it forgets them.

Every room that stores an address or a name of a person offers `export_of(session, email)` (plain
values, for JSON) and `erase(session, email)` (how many things; in the caller's transaction), and
has a line in ROOMS. docs/personal-data.md is the register of it all, for those who read.
"""

from collections.abc import Callable
from pkgutil import resolve_name
from typing import Any, Final

from sqlalchemy.orm import Session

from annuaire.accounts import erasing
from annuaire.accounts.letters import send

#: By room, what it keeps, as a person reads it. Named, not imported: rooms that stand over the
#: accounts are among them. The accounts come last: others find their person by them.
ROOMS: Final = {
    "annuaire.structures.reports": "vos signalements, avec leur réponse",
    "annuaire.sourcing.service": "vos demandes aux structures, vos réponses et vos achats notés",
    "annuaire.alerts.service": "vos alertes, ce qu’elles ont envoyé et ce que vous avez refusé",
    "annuaire.claims.service": "vos rattachements à des structures, vos invitations",
    "annuaire.workspace.kept": "ce que vous gardez : recherches, sélections, besoins, notes",
    "annuaire.consultations.personal": "les consultations que vous écrivez (les brouillons sont "
    "effacés, ce qui est publié reste à votre organisation)",
    "annuaire.platforms.owners": "vos clés de l’API, leur usage et leurs webhooks",
    "annuaire.mail.service": "les courriels envoyés à votre adresse",
    "annuaire.profiles.personal": "ce que des fiches de structures disent de vous, et vos "
    "modifications de fiches",
    "annuaire.accounts.erasing": "votre compte : identité, sessions, organisations, territoires, "
    "contact montré aux acheteurs",
}

#: Those that keep things by an address and nothing else: they have `move(session, before, after)`
#: (in the caller's transaction), so that what a person did follows the address of their account.
FOLLOWING: Final = (
    "annuaire.structures.reports", "annuaire.sourcing.service", "annuaire.alerts.service",
    "annuaire.platforms.owners",
)  # fmt: skip


def labels() -> list[str]:
    """What erasing takes away, room by room."""
    return list(ROOMS.values())


def move_all(session: Session, before: str, after: str) -> None:
    """Have what a person did under an address stand under another, in the caller's transaction:
    they proved to read both. No former address is kept: who is given it next is somebody else."""
    for room in FOLLOWING:
        resolve_name(f"{room}:move")(session, before, after)


def export_all(session: Session, email: str) -> dict[str, Any]:
    """All that is kept of the person of an address, by room; rooms that keep nothing are left
    out."""
    found = {room: _call(room, "export_of")(session, email) for room in ROOMS}
    return {_named(room): kept for room, kept in found.items() if _holds(kept)}


def erase_all(session: Session, email: str, site: str, *, actor_id: int | None) -> dict[str, int]:
    """Erase all that is kept of the person of an address, in the caller's transaction, and tell
    them so by a last letter; returns how many things by room. Raises
    erasing.LastAdministratorError."""
    had_account = erasing.announce(session, email, actor_id)
    counts = {room: int(_call(room, "erase")(session, email)) for room in ROOMS}
    if had_account:
        send(session, "erased", email, site)
    return {_named(room): count for room, count in counts.items()}


def _holds(kept: Any) -> bool:
    """Whether a room keeps something: it may tell that by empty lists."""
    return any(kept.values()) if isinstance(kept, dict) else bool(kept)


def _named(room: str) -> str:
    return room.removeprefix("annuaire.").removesuffix(".service")


def _call(room: str, name: str) -> Callable[[Session, str], Any]:
    found: Callable[[Session, str], Any] = resolve_name(f"{room}:{name}")
    return found
