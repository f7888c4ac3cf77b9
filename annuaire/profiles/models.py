"""Tables of profiles: what structures say of themselves, edit by edit, and their files."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from annuaire.db import AwareDateTime, Base


class Profile(Base):
    """What a structure says of itself now: `content` by field (annuaire/profiles/fields.py), what
    is not said left out. `version` grows by one with each change that is shown."""

    __tablename__ = "profile"

    id: Mapped[int] = mapped_column(primary_key=True)
    structure_id: Mapped[int] = mapped_column(ForeignKey("structure.id"), unique=True)
    version: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    updated_at: Mapped[datetime] = mapped_column(AwareDateTime)


class ProfileEdit(Base):
    """A change of one subject: `diff` is field → [before, after]; `replaces` what it made disappear
    of the page (annuaire/profiles/changes.py). Never deleted.

    `state` is "shown" (and to be reviewed), "waiting" (risky: nothing is shown of it), "accepted",
    "refused" or "undone". `version` is the profile's once the edit was shown, the one on which it
    was made while it waits. `author_id` and `decided_by` number accounts, None once these are
    erased; `undoes` is the edit that this one takes back.
    """

    __tablename__ = "profile_edit"

    id: Mapped[int] = mapped_column(primary_key=True)
    profile_id: Mapped[int] = mapped_column(ForeignKey("profile.id"), index=True)
    subject: Mapped[str]
    version: Mapped[int]
    diff: Mapped[dict[str, Any]] = mapped_column(JSON)
    replaces: Mapped[list[str]] = mapped_column(JSON, default=list)
    state: Mapped[str] = mapped_column(index=True)
    author_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), index=True
    )
    made_at: Mapped[datetime] = mapped_column(AwareDateTime)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime | None] = mapped_column(AwareDateTime)
    reason: Mapped[str | None]
    undoes: Mapped[int | None] = mapped_column(ForeignKey("profile_edit.id"), unique=True)


class ProfileFile(Base):
    """A file that was sent: `kind` is "picture" (re-encoded, in `widths` px) or "proof" (kept as
    it came, for the structure and moderators). Kept in the data folder under its SHA-256."""

    __tablename__ = "profile_file"
    __table_args__ = (UniqueConstraint("profile_id", "kind", "sha256"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    profile_id: Mapped[int] = mapped_column(ForeignKey("profile.id"), index=True)
    kind: Mapped[str]
    sha256: Mapped[str]
    media_type: Mapped[str]
    name: Mapped[str]
    size: Mapped[int]
    widths: Mapped[list[int]] = mapped_column(JSON, default=list)
    created_at: Mapped[datetime] = mapped_column(AwareDateTime)
