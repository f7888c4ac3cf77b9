"""Likely duplicates: pairs of structures, with their evidence."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from annuaire.moderation.items import ALL, By, Decided, Item, Waits
from annuaire.structures.duplicates import service
from annuaire.structures.duplicates.models import DuplicatePair
from annuaire.structures.models import Structure


class DuplicatesQueue:
    """Accepting joins the two structures; refusing says that they are two."""

    name = "doublons"
    title = "Doublons probables"
    accept = "Réunir les deux structures"
    refuse = "Ce sont deux structures"
    note = ""
    writes: frozenset[str] = ALL  # nobody asked for it: there is nobody to tell

    def waits(self, session: Session) -> Waits:
        wanted = select(func.count(), func.min(DuplicatePair.found_at)).where(
            DuplicatePair.state == "open", DuplicatePair.listed
        )
        return Waits(*session.execute(wanted).one())

    def page(self, session: Session, offset: int, limit: int) -> Sequence[Item]:
        found = service.review(session, page=offset // limit + 1, per_page=limit)
        return [_item(seen) for seen in found.items]

    def item(self, session: Session, item_id: int) -> Item:
        return _item(service.seen(session, item_id))

    def decide(self, session: Session, item: Item, verdict: str, by: By) -> dict[str, Any]:
        if verdict == "accept":
            service.accept(session, item.id, by.name, by.now.date())
        else:
            service.refuse(session, item.id, by.name)
        return {}

    def undo(self, session: Session, decided: Decided, by: By) -> None:
        service.undo(session, decided.item_id, by.name, by.now.date())


def _item(seen: service.Seen) -> Item:
    both = (seen.first, seen.second)
    facts = [(f"Structure {n}", _line(each)) for n, each in enumerate(both, 1)]
    facts += [(f"Indice ({e.points:+d} points)", e.sentence) for e in seen.pair.evidence]
    return Item(
        seen.pair.id,
        seen.pair.found_at,
        f"{seen.first.shown_name} et {seen.second.shown_name} ({seen.pair.score} points)",
        tuple(facts),
        tuple((f"La page de {each.key}", f"/structures/{each.key}") for each in both),
    )


def _line(structure: Structure) -> str:
    parts = (structure.name, structure.key, structure.address, structure.postcode, structure.city,
             structure.phone, structure.email)  # fmt: skip
    return ", ".join(part for part in parts if part)
