"""Tables of the accounts: people, what they belong to, how they prove who they are."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from annuaire.db import AwareDateTime, Base


class User(Base):
    """A person's account. `email` is in lower case. `role` is what they may do for the whole site;
    what they belong to is in Membership and Seat, what they look after in Territory.

    A person who was told that they sign in no more has `warned_at`; one whom a moderator stopped
    has `suspended_at`. `totp_step` is the last step whose code was taken: none serves twice.
    """

    __tablename__ = "account"
    # A number is never given twice: the log of acts bears it once the account is erased.
    __table_args__ = (
        CheckConstraint("role IN ('user', 'moderator', 'administrator')", "role"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[str] = mapped_column(default="user")
    password_hash: Mapped[str | None]
    totp_secret: Mapped[str | None]  # encrypted: `second_factor`
    totp_since: Mapped[datetime | None] = mapped_column(AwareDateTime)
    totp_step: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(AwareDateTime)
    signed_in_at: Mapped[datetime | None] = mapped_column(AwareDateTime, index=True)
    warned_at: Mapped[datetime | None] = mapped_column(AwareDateTime)
    suspended_at: Mapped[datetime | None] = mapped_column(AwareDateTime)


class Membership(Base):
    """A person who speaks for a structure, since they proved it. One who leaves has no row."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("user_id", "structure_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    structure_id: Mapped[int] = mapped_column(ForeignKey("structure.id"), index=True)
    since: Mapped[datetime] = mapped_column(AwareDateTime)


class Seat(Base):
    """A person who buys for a public body, named by its SIRET. `verified_at` is empty while a
    moderator has not seen that they do; `verified_by` says by what or whom it is known: "domain",
    "colleague", "provider" or "moderator"."""

    __tablename__ = "buyer_seat"
    # A number is never given twice: decisions of moderators bear it.
    __table_args__ = (UniqueConstraint("user_id", "siret"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    siret: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    since: Mapped[datetime] = mapped_column(AwareDateTime)
    verified_at: Mapped[datetime | None] = mapped_column(AwareDateTime)
    verified_by: Mapped[str | None]

    @property
    def siren(self) -> str:
        return self.siret[:9]


class Territory(Base):
    """A territory (`annuaire.accounts.territories`) that a facilitator of social clauses asks to
    look after; theirs once `granted_at`."""

    __tablename__ = "facilitator_territory"
    # A number is never given twice, as that of a seat.
    __table_args__ = (UniqueConstraint("user_id", "code"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    code: Mapped[str]
    employer: Mapped[str]
    asked_at: Mapped[datetime] = mapped_column(AwareDateTime)
    granted_at: Mapped[datetime | None] = mapped_column(AwareDateTime)


class FacilitatorContact(Base):
    """How a facilitator agreed to be named to buyers, while they do: no row, not named. `phone` is
    E.164, `email` at the domain of the account's own address; at least one of them is given. Where
    they are named, and for whom they work, is in Territory."""

    __tablename__ = "facilitator_contact"
    __table_args__ = (CheckConstraint("email IS NOT NULL OR phone IS NOT NULL", "reached"),)

    user_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    role: Mapped[str]
    email: Mapped[str | None]
    phone: Mapped[str | None]
    agreed_at: Mapped[datetime] = mapped_column(AwareDateTime)


class UserSession(Base):
    """A browser that is signed in. `token_hash` is of what its cookie holds; `proved_at` is when
    the person last proved who they are; `method` is "link", "password" or "provider"."""

    __tablename__ = "account_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    method: Mapped[str]
    second_factor: Mapped[bool]
    agent: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(AwareDateTime)
    proved_at: Mapped[datetime] = mapped_column(AwareDateTime)
    seen_at: Mapped[datetime] = mapped_column(AwareDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(AwareDateTime, index=True)


class MailedLink(Base):
    """What a mailed link opens, once, until it expires. `purpose` is "sign_in", "sign_up",
    "email_new", "email_old", "invitation" or "second_factor" (a cookie rather than a mail: who
    proved the first factor). `value` is what it carries: where to go then, a name, a SIRET."""

    __tablename__ = "mailed_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    email: Mapped[str] = mapped_column(index=True)
    user_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    value: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(AwareDateTime)
    expires_at: Mapped[datetime] = mapped_column(AwareDateTime, index=True)
    used_at: Mapped[datetime | None] = mapped_column(AwareDateTime)


class RecoveryCode(Base):
    """A code that stands once for the telephone that gives the second factor."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str]
    used_at: Mapped[datetime | None] = mapped_column(AwareDateTime)


class ProviderIdentity(Base):
    """A person as an OpenID Connect provider names them (`issuer` and `subject`)."""

    __tablename__ = "provider_identity"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    issuer: Mapped[str]
    subject: Mapped[str]
    since: Mapped[datetime] = mapped_column(AwareDateTime)


class Attempts(Base):
    """Attempts counted under a key (an account, an address, both: hashed) since `since`; none is
    heard before `wait_until`."""

    __tablename__ = "attempts"

    key: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]
    since: Mapped[datetime] = mapped_column(AwareDateTime)
    wait_until: Mapped[datetime] = mapped_column(AwareDateTime)
    last_at: Mapped[datetime] = mapped_column(AwareDateTime, index=True)
