"""What moderators decide of edits: accepted, or refused with a reason; in the caller's
transaction."""

from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from annuaire.accounts.audit import record
from annuaire.errors import InvalidInputError, NotFoundError
from annuaire.profiles import queries, service
from annuaire.profiles.changes import reversed_diff
from annuaire.profiles.fields import BY_NAME
from annuaire.profiles.models import Profile, ProfileEdit
from annuaire.profiles.queries import OPEN
from annuaire.sql import numbered
from annuaire.structures.models import Structure

MAX_REASON = 1_000  # characters


def accept(session: Session, edit_id: int, by: int | None, today: date) -> ProfileEdit:
    """Accept an edit; one that waited is now shown. Raises NotFoundError, and InvalidInputError
    for what was decided already, or whose page was changed since it waits."""
    made, structure, profile = _open(session, edit_id)
    if made.state == "waiting":
        since = [n for n, pair in made.diff.items() if profile.content.get(n) != pair[0]]
        if since:
            names = ", ".join(BY_NAME[name].label for name in sorted(since) if name in BY_NAME)
            raise InvalidInputError(
                f"La structure a changé depuis : {names}. Refusez cette modification ; elle "
                "pourra la proposer de nouveau."
            )
        service.show(session, structure, profile, made.diff, today)
        made.version = profile.version
    _decide(session, made, structure, "accepted", by, None)
    return made


def refuse(session: Session, edit_id: int, by: int | None, reason: str, today: date) -> ProfileEdit:
    """Refuse an edit with a reason that its author reads; what it shows and no later edit changed
    again is put back as it was. Raises NotFoundError and InvalidInputError."""
    words = " ".join(reason.split())
    if not words or len(words) > MAX_REASON:
        raise InvalidInputError(
            f"Dites pourquoi à la structure, en {MAX_REASON} signes au plus.", "raison"
        )
    made, structure, profile = _open(session, edit_id)
    if made.state == "shown":
        still = {n: pair for n, pair in made.diff.items() if profile.content.get(n) == pair[1]}
        service.show(session, structure, profile, reversed_diff(still), today)
    _decide(session, made, structure, "refused", by, words)
    return made


def edit_of(session: Session, edit_id: int) -> tuple[ProfileEdit, Structure]:
    """An edit, and the structure that shows its profile. Raises NotFoundError."""
    made = numbered(session, ProfileEdit, edit_id)
    holder = session.scalar(queries.holder_of(made.id)) if made else None
    if made is None or holder is None:
        raise NotFoundError(f"Aucune modification ne porte le numéro {edit_id}.")
    return made, session.get_one(Structure, holder)


def hold_edit(session: Session, edit_id: int) -> tuple[ProfileEdit, Structure, Profile]:
    """An edit, its structure and its profile, this held until the transaction ends. Raises
    NotFoundError."""
    made, structure = edit_of(session, edit_id)
    profile = service.own_profile(session, structure)
    session.refresh(made)  # another may have decided while the profile was waited for
    return made, structure, profile


def _open(session: Session, edit_id: int) -> tuple[ProfileEdit, Structure, Profile]:
    """An edit that awaits a decision, its structure and its profile, held."""
    made, structure, profile = hold_edit(session, edit_id)
    if made.state not in OPEN:
        raise InvalidInputError(f"Cette modification est déjà {service.STATES[made.state]}.")
    return made, structure, profile


def _decide(
    session: Session,
    made: ProfileEdit,
    structure: Structure,
    state: str,
    by: int | None,
    reason: str | None,
) -> None:
    made.state, made.decided_by, made.reason = state, by, reason
    made.decided_at = datetime.now(UTC)
    session.flush()
    record(
        session, f"profile.{state}", "structure", structure.id,
        actor_id=by, reason=reason, edit=made.id,
    )  # fmt: skip
