"""What profiles keep of persons: who edited what, and whom a structure names as its contacts."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, cast, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from annuaire.accounts.models import User
from annuaire.profiles.models import Profile, ProfileEdit
from annuaire.profiles.register import tell
from annuaire.structures.models import Structure


def export_of(session: Session, email: str) -> dict[str, Any]:
    """The edits that a person made and the contacts that name their address; plain values."""
    edits = session.scalars(
        select(ProfileEdit)
        .join(User, User.id == ProfileEdit.author_id)
        .where(User.email == email.lower())
        .order_by(ProfileEdit.id)
    ).all()
    named = [
        {"structure": key, **row}
        for profile, key in session.execute(
            select(Profile, Structure.key)
            .join(Structure, Structure.id == Profile.structure_id)
            .where(_holds(Profile.content, email))
            .order_by(Profile.id)
        )
        for row in profile.content.get("contacts", ())
        if _is(row.get("email"), email)
    ]
    kept = {
        "edits": [
            {"subject": made.subject, "made_at": made.made_at.isoformat(), "diff": made.diff}
            for made in edits
        ],
        "contacts": named,
    }
    return {name: found for name, found in kept.items() if found}


def erase(session: Session, email: str) -> int:
    """Take a person's address, with the contact that holds it, out of profiles and of their
    history, in the caller's transaction; returns from how many. The edits that they made stay,
    and name nobody once their account is erased."""
    profiles = session.scalars(
        select(Profile).where(_holds(Profile.content, email)).order_by(Profile.id).with_for_update()
    ).all()
    today = datetime.now(UTC).date()
    changed = 0
    for profile in profiles:
        left = _without(profile.content, email)
        if left == profile.content:
            continue
        profile.content = left
        profile.version += 1
        changed += 1
        session.flush()
        structure = session.get_one(Structure, profile.structure_id)
        tell(session, structure, profile.content, today)
    edits = session.scalars(
        select(ProfileEdit).where(_holds(ProfileEdit.diff, email)).order_by(ProfileEdit.id)
    ).all()
    for made in edits:
        diff = {
            name: [_forgotten(name, value, email) for value in pair]
            for name, pair in made.diff.items()
        }
        changed += diff != made.diff
        made.diff = diff
    session.flush()
    return changed


def _holds(column: InstrumentedAttribute[dict[str, Any]], email: str) -> ColumnElement[bool]:
    """Whether what is kept may hold an address: all its parts in ASCII. Databases differ on the
    case of other letters, and JSON on how it writes them: whoever asks compares again."""
    text = func.lower(cast(column, Text))
    parts = re.findall(r"[\x20-\x7e]+", email.lower())
    return and_(*(text.contains(part, autoescape=True) for part in parts))


def _is(value: str | None, email: str) -> bool:
    return value is not None and value.lower() == email.lower()


def _without(content: Mapping[str, Any], email: str) -> dict[str, Any]:
    left = {name: _forgotten(name, value, email) for name, value in content.items()}
    return {name: value for name, value in left.items() if value is not None}


def _forgotten(name: str, value: Any, email: str) -> Any:
    """A field's value without this address; None for nothing left."""
    if name == "email":
        return None if _is(value, email) else value
    if name == "contacts" and isinstance(value, Sequence):
        return [row for row in value if not _is(row.get("email"), email)] or None
    return value
