"""What a person belongs to: structures, public bodies, territories."""

from datetime import UTC, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from annuaire.accounts.models import Membership, Seat, Territory, User
from annuaire.accounts.policy import Subject, subject
from annuaire.db import insert_for
from annuaire.structures.models import Structure, StructureAlias


def subject_of(session: Session, user: User) -> Subject:
    """The person as the table of rights knows them."""
    seats = session.scalars(select(Seat.verified_at).where(Seat.user_id == user.id)).all()
    granted = select(Territory.id).where(
        Territory.user_id == user.id, Territory.granted_at.is_not(None)
    )
    return subject(
        user.id,
        user.role,
        buyer=bool(seats),
        verified_buyer=any(seats),
        facilitator=session.scalar(granted.limit(1)) is not None,
    )


def _leading() -> Select[int, int]:
    """Every membership as (person, structure); a joined structure is given as the other one."""
    leads = func.coalesce(StructureAlias.structure_id, Membership.structure_id)
    return (
        select(Membership.user_id, leads.label("structure_id"))
        .select_from(Membership)
        .join(Structure, Structure.id == Membership.structure_id)
        .outerjoin(StructureAlias, StructureAlias.key == Structure.key)
    )


def structures_of(user_id: int) -> Select[Structure]:
    """The structures that a person speaks for, by number."""
    held = _leading().where(Membership.user_id == user_id).subquery()
    return (
        select(Structure)
        .where(Structure.id.in_(select(held.c.structure_id)))
        .order_by(Structure.id)
    )


def is_member(session: Session, user_id: int, structure_id: int) -> bool:
    """Whether a person speaks for a structure."""
    found = structures_of(user_id).where(Structure.id == structure_id)
    return session.scalar(found.with_only_columns(Structure.id)) is not None


def members_of(structure_id: int) -> Select[User]:
    """Who speaks for a structure, by number."""
    held = _leading().subquery()
    ids = select(held.c.user_id).where(held.c.structure_id == structure_id)
    return select(User).where(User.id.in_(ids)).order_by(User.id)


def join(session: Session, user_id: int, structure_id: int) -> None:
    """Let a person speak for a structure, in the caller's transaction; whoever does already keeps
    their first day. The caller has seen the proof, and logs it."""
    if not is_member(session, user_id, structure_id):
        row = {"user_id": user_id, "structure_id": structure_id, "since": datetime.now(UTC)}
        session.execute(insert_for(session, Membership).values(row).on_conflict_do_nothing())


def leave(session: Session, user_id: int, structure_id: int) -> bool:
    """A person speaks for a structure no more; False when they did not."""
    held = _leading().add_columns(Membership.id).subquery()
    ids = select(held.c.id).where(held.c.user_id == user_id, held.c.structure_id == structure_id)
    rows = session.scalars(select(Membership).where(Membership.id.in_(ids))).all()
    for row in rows:
        session.delete(row)
    session.flush()
    return bool(rows)
