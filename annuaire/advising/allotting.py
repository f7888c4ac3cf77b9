"""« Allotir autrement »: the part of a need that would open it to structures as a lot; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from annuaire.advising.offering import Offer, Trade
from annuaire.law.routes import Route

CLAUSE: Final = "clause"
CLAUSES: Final = (
    "clause_compulsory", "concession_clause_compulsory", CLAUSE, "concession_clause",
)  # fmt: skip
CONCESSION_RESERVED: Final = "concession_reserved"
SMALL: Final = ("direct_lot", "small_lots")
UNKNOWN: Final = (
    "Montant inconnu : au-dessus des seuils européens, un petit lot reste possible en procédure "
    "adaptée (R2123-1 2°), pour un cinquième de la valeur de tous les lots au plus."
)
FREE: Final = (
    "Sous le seuil européen, ce lot suit la même procédure que le reste et peut être réservé quel "
    "que soit son montant."
)
DIRECT: Final = (
    "Ce montant permet l'achat direct (R2122-8) : réserver n'est pas nécessaire, et ce compte dit "
    "surtout combien de structures consulter tour à tour."
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A trade that could be a lot of its own: why, and what the law says of its size, in French."""

    trade: Trade
    sentence: str
    law: tuple[str, ...]


def proposals(
    offer: Offer, routes: Sequence[Route], amount_eur: float | None
) -> tuple[Proposal, ...]:
    """The lots to propose; `routes` are those of the whole purchase, whose amount this is."""
    if amount_eur is None:
        law: tuple[str, ...] = (UNKNOWN,)
    else:
        small = tuple(route.explanation for route in routes if route.code in SMALL)
        law = small if any(r.code == "small_lots" for r in routes) else (*small, FREE)
    return tuple(Proposal(trade, _sentence(trade), law) for trade in offer.apart)


def route_codes(offer: Offer, routes: Sequence[Route]) -> tuple[str, ...]:
    """The routes whose models serve a lot, the first to be proposed first: what the offer allows (a
    clause while it tells nothing), then a clause that the law commands beside it."""
    known = [route.code for route in routes]
    chosen = (offer.verdict.route if offer.verdict else None) or CLAUSE
    if CONCESSION_RESERVED in known and chosen != CLAUSE:
        chosen = CONCESSION_RESERVED
    clause = next((code for code in CLAUSES if code in known), CLAUSE)
    if chosen == CLAUSE:
        return (clause,)
    return (chosen, clause) if clause.endswith("_compulsory") else (chosen,)


def direct_note(routes: Sequence[Route]) -> str:
    """What to make of a verdict where the law asks for no competition; empty elsewhere."""
    return DIRECT if any(route.code == "direct" for route in routes) else ""


def _sentence(trade: Trade) -> str:
    told = f" (reconnu dans « {trade.evidence} »)" if trade.evidence else ""
    return (
        f"« {trade.label} »{told} est plus offert que l'ensemble du besoin : un lot à part "
        f"pourrait être réservé. {trade.verdict.reasons[0]}"
    )
