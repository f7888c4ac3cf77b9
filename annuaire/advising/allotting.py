"""« Allotir autrement »: the trades and places of a need that would open it as small lots; pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from annuaire.advising.offering import Offer, Trade
from annuaire.advising.rules import CLAUSE, RESERVE, RESERVE_LOT
from annuaire.law.routes import Route

CLAUSES: Final = (
    "clause_compulsory", "concession_clause_compulsory", CLAUSE, "concession_clause",
)  # fmt: skip
CONCESSION_RESERVED: Final = "concession_reserved"
SMALL: Final = ("direct_lot", "small_lots")
#: Verdicts where some structures near do the trade: a small lot would be within their reach.
WITHIN_REACH: Final = (RESERVE, RESERVE_LOT, CLAUSE)
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
    """A part of a need that could be a lot of its own: what, why, and what the law says of its
    size, in French."""

    label: str
    sentence: str
    law: tuple[str, ...]


def proposals(
    offer: Offer, routes: Sequence[Route], amount_eur: float | None
) -> tuple[Proposal, ...]:
    """The lots to propose, trades first; `routes` are those of the whole purchase, whose amount
    this is."""
    if amount_eur is None:
        law: tuple[str, ...] = (UNKNOWN,)
    else:
        small = tuple(route.explanation for route in routes if route.code in SMALL)
        law = small if any(r.code == "small_lots" for r in routes) else (*small, FREE)
    apart = [(trade.label, _sentence(trade, offer)) for trade in offer.apart]
    parts = (*(apart or _by_trade(offer)), *_by_place(offer))
    return tuple(Proposal(label, said, law) for label, said in parts)


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


def _sentence(trade: Trade, offer: Offer) -> str:
    told = f" (reconnu dans « {trade.evidence} »)" if trade.evidence else ""
    if offer.verdict and trade.verdict.code == offer.verdict.code:
        why = (
            "peut être un lot à part, ouvert à qui ne fait que ce métier ; il pourrait être réservé"
        )
    else:
        why = "est plus offert que l'ensemble du besoin : un lot à part pourrait être réservé"
    return f"« {trade.label} »{told} {why}. {trade.verdict.reasons[0]}"


def _by_trade(offer: Offer) -> Iterator[tuple[str, str]]:
    """A lot for each trade, where several are named and none could be reserved alone."""
    reached = [trade for trade in offer.trades if trade.verdict.code in WITHIN_REACH]
    if len(offer.trades) > 1 and reached:
        names = ", ".join(trade.label for trade in offer.trades)
        best = reached[0]
        yield (
            "un lot par métier",
            f"Un lot par métier ({names}) serait ouvert à qui n'en fait qu'un, avec une clause. "
            f"« {best.label} » : {best.verdict.reasons[0]}",
        )


def _by_place(offer: Offer) -> Iterator[tuple[str, str]]:
    """Lots by place, where the need has several and structures near do its trade."""
    verdict = offer.verdict
    if not offer.places or verdict is None or verdict.code not in WITHIN_REACH:
        return
    how = "avec une clause" if verdict.code == CLAUSE else "et l'un d'eux pourrait être réservé"
    yield (
        "un lot par lieu",
        f"Le besoin porte sur plusieurs lieux ({offer.places}) : un lot par lieu, ou par groupe de "
        f"lieux voisins, serait à la taille de structures proches, {how}. {verdict.reasons[0]}",
    )
