"""Buyers whom nothing vouches for, and facilitators' territories."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from annuaire.accounts import audit, facilitators, moderating
from annuaire.accounts.models import Seat, Territory, User
from annuaire.accounts.territories import territory_label
from annuaire.errors import InvalidInputError, NotFoundError
from annuaire.moderation.items import By, Decided, Item, Waits
from annuaire.sql import numbered
from annuaire.wording import siret_fr


class SeatsQueue:
    """Accepting says that the person does buy for the body; refusing takes the seat away."""

    name = "organisations"
    title = "Acheteurs à vérifier"
    accept = "Vérifier l’organisation"
    refuse = "Refuser l’organisation"
    note = ""
    writes = frozenset({"accept", "refuse"})

    def waits(self, session: Session) -> Waits:
        wanted = select(func.count(), func.min(Seat.since)).where(Seat.verified_at.is_(None))
        return Waits(*session.execute(wanted).one())

    def page(self, session: Session, offset: int, limit: int) -> Sequence[Item]:
        wanted = moderating.seats_awaiting().offset(offset).limit(limit)
        return [_seat_item(seat, user) for seat, user in session.execute(wanted)]

    def item(self, session: Session, item_id: int) -> Item:
        seat = numbered(session, Seat, item_id)
        if seat is None:
            raise NotFoundError("Cette demande n’existe plus.")
        return _seat_item(seat, session.get_one(User, seat.user_id))

    def decide(self, session: Session, item: Item, verdict: str, by: By) -> dict[str, Any]:
        seat = session.get_one(Seat, item.id, with_for_update=True)
        if seat.verified_at is not None:
            raise InvalidInputError("Cette organisation est déjà vérifiée.")
        kept: dict[str, Any] = {
            "siret": seat.siret,
            "name": seat.name,
            "since": seat.since.isoformat(),
        }
        kept["user_id"] = seat.user_id
        if verdict == "accept":
            moderating.verify_seat(session, seat.id, by.user_id, by.site.url)
        else:
            moderating.refuse_seat(session, seat.id, by.user_id, by.reason, by.site.url)
        return kept

    def undo(self, session: Session, decided: Decided, by: By) -> None:
        if decided.verdict == "accept":
            seat = session.get(Seat, decided.item_id)
            if seat is None:
                raise InvalidInputError("La personne a quitté cette organisation depuis.")
            seat.verified_at = seat.verified_by = None
        else:
            kept = dict(decided.kept)
            _refuse_gone(session, kept, Seat.siret == kept["siret"], Seat)
            since = datetime.fromisoformat(kept.pop("since"))
            session.add(Seat(**kept, since=since))
        audit.record(session, "accounts.seat_undone", "account", decided.kept["user_id"],
                     actor_id=by.user_id, reason=by.reason)  # fmt: skip


class TerritoriesQueue:
    """Accepting grants the territory; refusing takes the request away."""

    name = "facilitateurs"
    title = "Facilitateurs : territoires demandés"
    accept = "Accorder le territoire"
    refuse = "Refuser le territoire"
    note = ""
    writes = frozenset({"accept", "refuse"})

    def waits(self, session: Session) -> Waits:
        wanted = select(func.count(), func.min(Territory.asked_at)).where(
            Territory.granted_at.is_(None)
        )
        return Waits(*session.execute(wanted).one())

    def page(self, session: Session, offset: int, limit: int) -> Sequence[Item]:
        wanted = moderating.territories_awaiting().offset(offset).limit(limit)
        return [_territory_item(territory, user) for territory, user in session.execute(wanted)]

    def item(self, session: Session, item_id: int) -> Item:
        territory = numbered(session, Territory, item_id)
        if territory is None:
            raise NotFoundError("Cette demande n’existe plus.")
        return _territory_item(territory, session.get_one(User, territory.user_id))

    def decide(self, session: Session, item: Item, verdict: str, by: By) -> dict[str, Any]:
        territory = session.get_one(Territory, item.id, with_for_update=True)
        if territory.granted_at is not None:
            raise InvalidInputError("Ce territoire est déjà accordé.")
        kept = {
            "user_id": territory.user_id,
            "code": territory.code,
            "employer": territory.employer,
            "asked_at": territory.asked_at.isoformat(),
        }
        if verdict == "accept":
            moderating.grant_territory(session, territory.id, by.user_id, by.site.url)
        else:
            moderating.refuse_territory(session, territory.id, by.user_id, by.reason, by.site.url)
        return kept

    def undo(self, session: Session, decided: Decided, by: By) -> None:
        if decided.verdict == "accept":
            territory = session.get(Territory, decided.item_id)
            if territory is None:
                raise InvalidInputError("La personne a quitté ce territoire depuis.")
            territory.granted_at = None
            facilitators.territories_changed(session, territory.user_id)
        else:
            kept = dict(decided.kept)
            _refuse_gone(session, kept, Territory.code == kept["code"], Territory)
            asked_at = datetime.fromisoformat(kept.pop("asked_at"))
            session.add(Territory(**kept, asked_at=asked_at))
        audit.record(session, "accounts.territory_undone", "account", decided.kept["user_id"],
                     actor_id=by.user_id, reason=by.reason)  # fmt: skip


def _refuse_gone(session: Session, kept: dict[str, Any], same: Any, model: type[Any]) -> None:
    """Raises InvalidInputError when the account is gone, or asked for the same again."""
    if session.get(User, kept["user_id"]) is None:
        raise InvalidInputError("Ce compte n’existe plus : la décision ne peut pas être annulée.")
    if session.scalar(select(model.id).where(model.user_id == kept["user_id"], same)):
        raise InvalidInputError("La personne a refait cette demande depuis : décidez de celle-là.")


def _seat_item(seat: Seat, user: User) -> Item:
    facts = (("Compte", f"{user.name} ({user.email})"), ("SIRET", siret_fr(seat.siret)))
    links = (("Ses marchés", f"/acheteurs/{seat.siret}"),)
    return Item(seat.id, seat.since, seat.name, facts, links, user.email, user.id)


def _territory_item(territory: Territory, user: User) -> Item:
    label = territory_label(territory.code)
    facts = (("Compte", f"{user.name} ({user.email})"), ("Employeur", territory.employer))
    asked_at = territory.asked_at
    return Item(territory.id, asked_at, label, facts, (), user.email, user.id)
