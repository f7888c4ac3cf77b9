"""Awards as pages show them: who won, amounts that cannot be, what was changed afterwards."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from annuaire.contracts import amounts
from annuaire.contracts.models import Contract, Lot
from annuaire.contracts.records import UNKNOWN_NAME

OF_BUYER: Final = "déclaration de l'acheteur, données essentielles"
AWARDED_LABELS: Final = {
    "considerationsSociales": f"considérations sociales ({OF_BUYER})",
    "considerationsEnvironnementales": f"considérations environnementales ({OF_BUYER})",
    "considerationSociale": f"considérations sociales ({OF_BUYER})",
    "considerationEnvironnementale": f"considérations environnementales ({OF_BUYER})",
    "essential": "données essentielles",
}

#: By a lot's reference and a winner as published: the address and name of the structure it is.
WinnerUrl = Callable[[str, str], tuple[str, str] | None]


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A modification of a contract, by what it changed."""

    on: date | None
    subject: str | None
    amount: float | None
    absurd: bool
    months: int | None
    winners: list[str]


def award_views(lot: Lot, reference: str, winner_url: WinnerUrl) -> list[dict[str, Any]]:
    """The winners of a lot; one whose name is not published takes that of its structure."""
    shown: list[dict[str, Any]] = []
    for award in lot.awards:
        winner, amount = award["winner"], award.get("amount_eur")
        url, name = winner_url(reference, winner) or (None, winner)
        shown.append(
            {
                "winner": name if winner.endswith(UNKNOWN_NAME) else winner,
                "amount": amount,
                "unlikely": amounts.unlikely(amount),
                "date": award.get("awarded_on"),
                "url": url,
            }
        )
    return shown


def changes_of(contract: Contract) -> list[ChangeView]:
    """What was changed of the contract after its award, in its order."""
    return [
        ChangeView(
            on=date.fromisoformat(change["on"]) if change["on"] else None,
            subject=change["subject"],
            amount=change["amount_eur"],
            absurd=amounts.unlikely(change["amount_eur"]),
            months=change["months"],
            winners=change["winners"],
        )
        for notice in contract.notices
        for change in notice.changes
    ]
