"""What profiles ask of the database."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, Subquery, select

from annuaire.profiles.models import Profile, ProfileEdit, ProfileFile
from annuaire.sql import among
from annuaire.structures.models import Structure
from annuaire.structures.queries import leading

#: The states that a person has yet to look at.
OPEN = ("waiting", "shown")


def _profiles() -> Subquery:
    """Every profile (`profile_id`) with the structure that shows it: its own, or the one that this
    was joined to."""
    led = leading()
    return (
        select(Profile.id.label("profile_id"), led.c.structure_id)
        .join(led, led.c.id == Profile.structure_id)
        .subquery()
    )


def profiles_of(structure_ids: Sequence[int]) -> Select[Profile, int]:
    """The profiles of some structures, each with the one that shows it: a structure's own comes
    before that of one joined to it."""
    led = _profiles()
    return (
        select(Profile, led.c.structure_id)
        .join(led, led.c.profile_id == Profile.id)
        .where(among(led.c.structure_id, structure_ids))
        .order_by(led.c.structure_id, Profile.structure_id != led.c.structure_id, Profile.id)
    )


def edits_of(structure_id: int) -> Select[ProfileEdit]:
    """All edits of a structure's profile, of those joined to it too, the newest first."""
    led = _profiles()
    return (
        select(ProfileEdit)
        .join(led, led.c.profile_id == ProfileEdit.profile_id)
        .where(led.c.structure_id == structure_id)
        .order_by(ProfileEdit.id.desc())
    )


def told_of(structure_id: int) -> Select[ProfileEdit]:
    """The edits of a structure's profile of which its first page tells: those that wait, those
    that were refused; the newest first."""
    return edits_of(structure_id).where(ProfileEdit.state.in_(("waiting", "refused")))


def newest_on(profile_id: int, subject: str, version: int) -> Select[ProfileEdit]:
    """The newest edit of a subject that was shown after a version of the profile."""
    return (
        select(ProfileEdit)
        .where(
            ProfileEdit.profile_id == profile_id,
            ProfileEdit.subject == subject,
            ProfileEdit.version > version,
            ProfileEdit.state != "waiting",
        )
        .order_by(ProfileEdit.id.desc())
        .limit(1)
    )


def unreviewed_since(profile_id: int, moment: datetime) -> Select[ProfileEdit]:
    """The edits made since a moment that nobody reviewed."""
    return (
        select(ProfileEdit)
        .where(
            ProfileEdit.profile_id == profile_id,
            ProfileEdit.state.in_(OPEN),
            ProfileEdit.made_at >= moment,
        )
        .order_by(ProfileEdit.id)
    )


def to_review() -> Select[ProfileEdit, str, str]:
    """What moderators have to look at, with the key and name of its structure: what waits first,
    then what is shown, the oldest first."""
    led = _profiles()
    return (
        select(ProfileEdit, Structure.key, Structure.name)
        .join(led, led.c.profile_id == ProfileEdit.profile_id)
        .join(Structure, Structure.id == led.c.structure_id)
        .where(ProfileEdit.state.in_(OPEN))
        .order_by(ProfileEdit.state != "waiting", ProfileEdit.made_at, ProfileEdit.id)
    )


def refused_of(author_id: int, since: datetime) -> Select[ProfileEdit, Structure]:
    """A person's edits that were refused since a moment, each with the structure that shows its
    profile."""
    led = _profiles()
    return (
        select(ProfileEdit, Structure)
        .join(led, led.c.profile_id == ProfileEdit.profile_id)
        .join(Structure, Structure.id == led.c.structure_id)
        .where(
            ProfileEdit.author_id == author_id,
            ProfileEdit.state == "refused",
            ProfileEdit.decided_at > since,
        )
        .order_by(ProfileEdit.id)
    )


def files_of(structure_id: int) -> Select[ProfileFile]:
    """The files of a structure's profile, of those joined to it too."""
    led = _profiles()
    return (
        select(ProfileFile)
        .join(led, led.c.profile_id == ProfileFile.profile_id)
        .where(led.c.structure_id == structure_id)
        .order_by(ProfileFile.id)
    )


def holder_of(edit_id: int) -> Select[int]:
    """The structure that shows the profile of an edit."""
    led = _profiles()
    return (
        select(led.c.structure_id)
        .join(ProfileEdit, ProfileEdit.profile_id == led.c.profile_id)
        .where(ProfileEdit.id == edit_id)
    )
