"""What is done with profiles: read, edited, undone. Each function works in the caller's
transaction, and whoever edits the same profile meanwhile waits, then reads what was written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from annuaire.accounts.audit import record
from annuaire.db import insert_for
from annuaire.errors import AnnuaireError, InvalidInputError, NotFoundError
from annuaire.profiles import queries
from annuaire.profiles.changes import (
    RISK_DAYS,
    applied,
    differences,
    is_risky,
    overtaken,
    replaced,
    reversed_diff,
)
from annuaire.profiles.fields import BY_NAME, SUBJECTS, fields_of
from annuaire.profiles.models import Profile, ProfileEdit
from annuaire.profiles.register import tell
from annuaire.sql import numbered
from annuaire.structures.models import Structure

STATES: Final = {
    "shown": "visible, à relire",
    "waiting": "en attente de modération",
    "accepted": "relue",
    "refused": "refusée",
    "undone": "annulée",
}
ENDED: Final = (
    "Cette structure n’est plus dans les annuaires d’origine : sa fiche ne se modifie plus. Rien "
    "n’est perdu ; elle redeviendra modifiable si elle y revient."
)


@dataclass(frozen=True, slots=True)
class Held:
    """What a profile says now; empty for a structure that never said anything."""

    content: Mapping[str, Any] = field(default_factory=dict)
    version: int = 0
    updated_at: datetime | None = None


NOTHING: Final = Held()


class StaleEditError(AnnuaireError):
    """Someone else changed the same page meanwhile; nothing of either is lost."""

    def __init__(self, other: ProfileEdit, held: Held) -> None:
        super().__init__(
            "Quelqu’un a enregistré cette page pendant que vous la remplissiez. Vos réponses sont "
            "gardées ci-dessous, rien n’est enregistré : comparez, puis enregistrez de nouveau."
        )
        self.other, self.held = other, held


def held_of(session: Session, structure_ids: Sequence[int]) -> dict[int, Held]:
    """What profiles say, by structure; in one query."""
    found: dict[int, Held] = {}
    for profile, structure_id in session.execute(queries.profiles_of(structure_ids)):
        kept = Held(profile.content, profile.version, profile.updated_at)
        found.setdefault(structure_id, kept)
    return found


def held(session: Session, structure_id: int) -> Held:
    """What a structure's profile says."""
    return held_of(session, [structure_id]).get(structure_id, NOTHING)


def edit(
    session: Session,
    structure: Structure,
    subject: str,
    values: Mapping[str, Any],
    version: int,
    author_id: int | None,
    today: date,
) -> ProfileEdit | None:
    """Keep what a page's form says: `values` were read (`reading.read`), `version` is that of the
    profile when the form was shown. Shown at once, or kept waiting when it is risky. None when
    nothing differs, as when one form is sent twice.

    Raises StaleEditError when the same subject was changed meanwhile, InvalidInputError for a
    structure that no directory lists any more.
    """
    if subject not in SUBJECTS:
        raise NotFoundError(f"La page « {subject[:40]} » n’existe pas.")
    if structure.ended_on:
        raise InvalidInputError(ENDED)
    profile = own_profile(session, structure)
    known = {f.name for f in fields_of(subject)}
    diff = differences(profile.content, {k: v for k, v in values.items() if k in known})
    if not diff:
        return None
    if other := session.scalar(queries.newest_on(profile.id, subject, version)):
        raise StaleEditError(other, Held(profile.content, profile.version, profile.updated_at))
    gone = replaced(diff, shown_of(structure))
    since = datetime.now(UTC) - timedelta(days=RISK_DAYS)
    recent = session.scalars(queries.unreviewed_since(profile.id, since)).all()
    risky = is_risky(gone, (frozenset(each.replaces) for each in recent))
    made = ProfileEdit(
        profile_id=profile.id,
        subject=subject,
        version=profile.version + (0 if risky else 1),
        diff={name: list(pair) for name, pair in diff.items()},
        replaces=sorted(gone),
        state="waiting" if risky else "shown",
        author_id=author_id,
        made_at=datetime.now(UTC),
    )
    session.add(made)
    session.flush()
    record(session, "profile.edit", "structure", structure.id, actor_id=author_id, edit=made.id)
    if not risky:
        show(session, structure, profile, made.diff, today)
    return made


def undo(
    session: Session, structure: Structure, edit_id: int, author_id: int | None, today: date
) -> ProfileEdit:
    """Put back what an edit of this structure changed; returns the edit that does so, or the one
    withdrawn when it was waiting. Raises NotFoundError, and InvalidInputError when a later edit
    changed the same again, or when it is undone already."""
    profile = own_profile(session, structure)
    made = of_structure(session, structure, edit_id)
    if made.undoes is not None:
        raise InvalidInputError("Une annulation ne s’annule pas : modifiez de nouveau la page.")
    if made.state in ("undone", "refused"):
        raise InvalidInputError(f"Cette modification est déjà {STATES[made.state]}.")
    record(session, "profile.undo", "structure", structure.id, actor_id=author_id, edit=made.id)
    if made.state == "waiting":
        made.state = "undone"
        session.flush()
        return made
    if later := overtaken(profile.content, made.diff):
        names = ", ".join(BY_NAME[name].label for name in later if name in BY_NAME)
        raise InvalidInputError(
            f"Une modification plus récente a changé : {names}. Annulez d’abord celle-là, ou "
            "corrigez la page."
        )
    made.state = "undone"
    back = ProfileEdit(
        profile_id=profile.id,
        subject=made.subject,
        version=profile.version + 1,
        diff={name: list(pair) for name, pair in reversed_diff(made.diff).items()},
        state="shown",
        author_id=author_id,
        made_at=datetime.now(UTC),
        undoes=made.id,
    )
    session.add(back)
    session.flush()
    show(session, structure, profile, back.diff, today)
    return back


def of_structure(session: Session, structure: Structure, edit_id: int) -> ProfileEdit:
    """One edit of a structure's profile. Raises NotFoundError, also for that of another."""
    made = numbered(session, ProfileEdit, edit_id)
    if made is None or session.scalar(queries.holder_of(made.id)) != structure.id:
        raise NotFoundError(f"Aucune modification de cette fiche ne porte le numéro {edit_id}.")
    return made


def show(
    session: Session, structure: Structure, profile: Profile, diff: Mapping[str, Any], today: date
) -> None:
    """Have a profile say what a diff says, on its page and in the search."""
    profile.content = applied(profile.content, diff)
    profile.version += 1
    profile.updated_at = datetime.now(UTC)
    session.flush()
    tell(session, structure, profile.content, today)


def shown_of(structure: Structure) -> dict[str, Any]:
    """What the page shows of the fields that an edit may replace."""
    names = ("name", "brand", "phone", "email", "website")
    values: dict[str, Any] = {name: getattr(structure, name) for name in names}
    return values | {"activities": [activity.code for activity in structure.activities]}


def own_profile(session: Session, structure: Structure) -> Profile:
    """The structure's own profile, held until the transaction ends; made when it has none, from
    that of a structure joined to it, if any."""
    before = held(session, structure.id)
    session.execute(
        insert_for(session, Profile.__table__)
        .values(
            structure_id=structure.id,
            version=before.version,
            content=dict(before.content),
            updated_at=datetime.now(UTC),
        )
        .on_conflict_do_nothing(index_elements=["structure_id"])
    )
    return session.scalars(
        select(Profile)
        .where(Profile.structure_id == structure.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
