"""What a moderator decided of an edit, taken back; in the caller's transaction."""

from collections.abc import Collection
from datetime import date

from sqlalchemy.orm import Session

from annuaire.accounts.audit import record
from annuaire.errors import InvalidInputError
from annuaire.profiles import service
from annuaire.profiles.changes import reversed_diff
from annuaire.profiles.models import Profile, ProfileEdit
from annuaire.profiles.reviewing import hold_edit

CHANGED = (
    "La fiche a changé depuis : annuler cette décision perdrait ce changement. Modifiez la fiche, "
    "ou annulez d’abord la modification plus récente dans son historique."
)


def put_back(profile: Profile, made: ProfileEdit) -> list[str]:
    """The fields that refusing an edit would put back as they were."""
    if made.state != "shown":
        return []
    return [n for n, pair in made.diff.items() if profile.content.get(n) == pair[1]]


def reopen(
    session: Session,
    edit_id: int,
    before: str,
    fields: Collection[str],
    by: int,
    today: date,
) -> ProfileEdit:
    """Have an edit await a decision again as it did `before` ("waiting" or "shown"); `fields` are
    those that its refusal put back. Raises NotFoundError, and InvalidInputError when a later
    change would be lost."""
    made, structure, profile = hold_edit(session, edit_id)
    if made.state not in ("accepted", "refused"):
        raise InvalidInputError(f"Cette modification est déjà {service.STATES[made.state]}.")
    diff = {}
    if made.state == "accepted" and before == "waiting":
        diff = reversed_diff(made.diff)
    elif made.state == "refused" and before == "shown":
        diff = {name: pair for name, pair in made.diff.items() if name in fields}
    if any(profile.content.get(name) != pair[0] for name, pair in diff.items()):
        raise InvalidInputError(CHANGED)
    if diff:
        service.show(session, structure, profile, diff, today)
    made.state = before
    made.decided_by = made.decided_at = made.reason = None
    session.flush()
    record(session, "profile.reopened", "structure", structure.id, actor_id=by, edit=made.id)
    return made
