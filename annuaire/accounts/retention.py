"""What is kept no longer than it serves: run every day (`annuaire accounts retention`)."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import CursorResult, Select, and_, delete, func, or_, select, update
from sqlalchemy.orm import Session

from annuaire.accounts import limits, links, personal, sessions
from annuaire.accounts.audit import KEPT_YEARS, AuditEntry
from annuaire.accounts.letters import send
from annuaire.accounts.models import MailedLink, User, UserSession
from annuaire.accounts.policy import STAFF
from annuaire.wording import date_fr

SESSIONS_KEPT: Final = timedelta(days=30)  # after their end
DORMANT: Final = timedelta(days=3 * 365)
WARNED: Final = timedelta(days=30)  # before
BATCH: Final = 200  # accounts erased or warned in one run's transaction


def run(session: Session, now: datetime, site: str) -> dict[str, int]:
    """Forget what is past its time, in the caller's transaction; returns how many of each."""
    return {
        "sessions_ended": _end_old_sessions(session, now),
        "sessions": _count(session, delete(UserSession).where(
            UserSession.ended_at < now - SESSIONS_KEPT)),
        "links": _count(session, delete(MailedLink).where(
            MailedLink.expires_at < now - links.KEPT)),
        "attempts": limits.purge(session, now),
        "acts": _count(session, delete(AuditEntry).where(
            AuditEntry.at < now - timedelta(days=366 * KEPT_YEARS))),
        "warned": _warn(session, now, site),
        "accounts": _erase_dormant(session, now, site),
    }  # fmt: skip


def _count(session: Session, statement: object) -> int:
    result = session.execute(statement)  # type: ignore[call-overload]  # any DELETE or UPDATE
    return result.rowcount if isinstance(result, CursorResult) else 0


def _end_old_sessions(session: Session, now: datetime) -> int:
    """Sessions that are too old or idle for anyone, closed or not by their person."""
    old = or_(
        UserSession.created_at < now - sessions.LASTS, UserSession.seen_at < now - sessions.IDLE
    )
    ended = update(UserSession).where(UserSession.ended_at.is_(None), old).values(ended_at=now)
    return _count(session, ended)


def _dormant(before: datetime) -> Select[User]:
    """Accounts whose person last signed in before a day, moderators and administrators apart."""
    last = func.coalesce(User.signed_in_at, User.created_at)
    found = select(User).where(and_(last < before, User.role.not_in(STAFF)))
    return found.order_by(User.id).limit(BATCH)


def _warn(session: Session, now: datetime, site: str) -> int:
    """Tell those whose account will be erased in a month, once."""
    users = session.scalars(_dormant(now - DORMANT + WARNED).where(User.warned_at.is_(None))).all()
    for user in users:
        user.warned_at = now
        send(
            session,
            "dormant",
            user.email,
            site,
            link="/connexion",
            day=date_fr((now + WARNED).date()),
        )
    return len(users)


def _erase_dormant(session: Session, now: datetime, site: str) -> int:
    """Erase those that were told a month ago and did not come back."""
    users = session.scalars(_dormant(now - DORMANT).where(User.warned_at < now - WARNED)).all()
    for email in [user.email for user in users]:
        personal.erase_all(session, email, site, actor_id=None)
    return len(users)
