"""What a buyer notes of its purchases: no notice tells them, and suppliers should turn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from annuaire.errors import InvalidInputError
from annuaire.matching.form import MAX_AMOUNT
from annuaire.matching.noting import Noted
from annuaire.sourcing import queries, rules
from annuaire.sourcing.models import NotedPurchase
from annuaire.sourcing.owners import address_in
from annuaire.sourcing.typed import one_line
from annuaire.sql import among, possible
from annuaire.structures.models import Structure
from annuaire.wording import PARIS

MAX_TITLE = 150
MOST = 500  # notes of one owner
FIRST_DAY = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Purchase:
    """A purchase as it is shown; `amount_eur` is in € HT."""

    id: int
    key: str
    name: str
    title: str
    on: date
    amount_eur: float | None


def purchases_of(session: Session, owners: Sequence[str]) -> list[Purchase]:
    """What a buyer noted, under any of its names, the newest first."""
    return [
        Purchase(row.id, row.key, row.brand or row.name, row.title, row.on, row.amount_eur)
        for row in session.execute(queries.purchases_of(owners))
    ]


def noted_by(session: Session, owners: Sequence[str]) -> list[Noted]:
    """The same for matching, with what was asked under these names, the newest first; nothing for
    nobody."""
    if not owners:
        return []
    bought = [Noted(p.key, p.title, p.on) for p in purchases_of(session, owners)]
    addresses = [address for owner in owners if (address := address_in(owner))]
    since = datetime.now(UTC) - rules.PURCHASES_KEPT
    asked = [
        Noted(row.key, row.subject, row.asked_at.astimezone(PARIS).date(), asked=True)
        for row in session.execute(queries.asked_by(addresses, since))
    ]
    return sorted([*bought, *asked], key=lambda noted: noted.on, reverse=True)


def note(
    session: Session,
    owner: str,
    structure: Structure,
    typed: "Typed",
    now: datetime,
    request_id: int | None = None,
) -> NotedPurchase:
    """Keep a purchase, in the caller's transaction. Raises InvalidInputError."""
    title = one_line(typed.title)
    if not 2 <= len(title) <= MAX_TITLE:
        raise InvalidInputError(f"Dites ce qui a été acheté (2 à {MAX_TITLE} signes).", "achat")
    on = _day(typed.on, now.astimezone(PARIS).date())
    amount = _amount(typed.amount)
    if len(purchases_of(session, [owner])) >= MOST:
        raise InvalidInputError(f"Ce carnet a déjà {MOST} achats : retirez-en d'anciens.")
    kept = NotedPurchase(
        owner=owner,
        structure_id=structure.id,
        title=title,
        on=on,
        amount_eur=amount,
        request_id=request_id,
        noted_at=now,
    )
    session.add(kept)
    return kept


@dataclass(frozen=True, slots=True)
class Typed:
    """A purchase as it was typed."""

    title: str
    on: str
    amount: str = ""


def take_back(session: Session, owners: Sequence[str], purchase_id: int) -> Sequence[Any]:
    """Remove a note of one of these owners, in the caller's transaction."""
    if not possible(purchase_id):
        return ()
    return session.scalars(
        delete(NotedPurchase)
        .where(NotedPurchase.id == purchase_id, among(NotedPurchase.owner, owners))
        .returning(NotedPurchase.id)
    ).all()


def _day(text: str, today: date) -> date:
    try:
        found = date.fromisoformat(text.strip()) if text.strip() else today
    except ValueError as error:
        raise InvalidInputError(
            "Date illisible : écrivez-la année-mois-jour, par exemple 2026-05-31.", "le"
        ) from error
    if not FIRST_DAY <= found <= today:
        raise InvalidInputError("La date de l'achat est dans le passé.", "le")
    return found


def _amount(text: str) -> float | None:
    plain = "".join(c for c in text if not c.isspace() and c != "€").replace(",", ".")
    plain = plain.upper().removesuffix("HT")
    if not plain:
        return None
    try:
        found = float(plain)
    except ValueError:
        found = -1.0
    if not 0 < found <= MAX_AMOUNT:
        raise InvalidInputError(
            "Montant illisible : écrivez un nombre, par exemple 25 000.", "prix"
        )
    return found
