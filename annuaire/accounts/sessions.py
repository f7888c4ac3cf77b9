"""Sessions, kept by us: opened at each sign-in under a new secret, listed, ended."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from annuaire.accounts.models import User, UserSession
from annuaire.accounts.policy import STAFF
from annuaire.accounts.tokens import hash_of, new_token

LASTS: Final = timedelta(days=30)
IDLE: Final = timedelta(days=7)
STAFF_LASTS: Final = timedelta(hours=12)
STAFF_IDLE: Final = timedelta(hours=1)
SEEN_EVERY: Final = timedelta(minutes=10)  # `seen_at` is that exact: a page read writes nothing
AGENT_LENGTH: Final = 120


def open_session(
    session: Session, user: User, method: str, agent: str, *, second_factor: bool = False
) -> str:
    """Sign a person in, in the caller's transaction; returns the secret for their cookie, which
    is kept nowhere."""
    now = datetime.now(UTC)
    token = new_token()
    user.signed_in_at = now
    user.warned_at = None
    session.add(
        UserSession(
            user_id=user.id,
            token_hash=hash_of(token),
            method=method,
            second_factor=second_factor,
            agent=_short(agent),
            created_at=now,
            proved_at=now,
            seen_at=now,
        )
    )
    session.flush()
    return token


def _short(agent: str) -> str:
    return "".join(c if c.isprintable() else " " for c in agent)[:AGENT_LENGTH]


def find(session: Session, token: str) -> tuple[User, UserSession] | None:
    """Whose cookie this is, while the session lasts and the account is not suspended."""
    found = session.execute(
        select(User, UserSession)
        .join(UserSession, UserSession.user_id == User.id)
        .where(
            UserSession.token_hash == hash_of(token),
            UserSession.ended_at.is_(None),
            User.suspended_at.is_(None),
        )
        .execution_options(populate_existing=True)
    ).first()
    if found is None or not lasts(found[0], found[1], datetime.now(UTC)):
        return None
    return found[0], found[1]


def lasts(user: User, held: UserSession, now: datetime) -> bool:
    """Whether a session that nobody ended is neither too old nor idle for too long."""
    staff = user.role in STAFF
    age, idle = (STAFF_LASTS, STAFF_IDLE) if staff else (LASTS, IDLE)
    return now - held.created_at < age and now - held.seen_at < idle


def see(session: Session, session_id: int) -> None:
    """Note that a session was used just now, in the caller's transaction."""
    session.execute(
        update(UserSession).where(UserSession.id == session_id).values(seen_at=datetime.now(UTC))
    )


def strengthen(session: Session, session_id: int) -> None:
    """Note that the person of a session just proved their second factor."""
    session.execute(
        update(UserSession)
        .where(UserSession.id == session_id)
        .values(second_factor=True, proved_at=datetime.now(UTC))
    )


def prove(session: Session, session_id: int) -> str:
    """Note that the person of a session just proved who they are; returns its new secret, as the
    old one serves no more."""
    token = new_token()
    session.execute(
        update(UserSession)
        .where(UserSession.id == session_id)
        .values(proved_at=datetime.now(UTC), token_hash=hash_of(token))
    )
    return token


def living(user_id: int) -> Select[UserSession]:
    """The sessions of an account that nobody ended, the newest first."""
    held = select(UserSession).where(UserSession.user_id == user_id, UserSession.ended_at.is_(None))
    return held.order_by(UserSession.id.desc())


def end(session: Session, user_id: int, *, but: int | None = None) -> int:
    """End every session of an account, but one; returns how many."""
    ids = [held.id for held in session.scalars(living(user_id)) if held.id != but]
    return end_some(session, user_id, ids)


def end_some(session: Session, user_id: int, ids: Collection[int]) -> int:
    """End some sessions of an account, by their numbers; returns how many were still living."""
    ended = session.scalars(
        update(UserSession)
        .where(
            UserSession.user_id == user_id,
            UserSession.id.in_(ids),
            UserSession.ended_at.is_(None),
        )
        .values(ended_at=datetime.now(UTC))
        .returning(UserSession.id)
    ).all()
    return len(ended)
