"""The sheet of feasibility: lot by lot, what the offer, the law and the hours allow."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from annuaire.advising.allotting import Proposal
from annuaire.advising.clauses import Model
from annuaire.advising.hours import Rule, Total, Trade
from annuaire.advising.offering import Offer
from annuaire.facilitators import Facilitator
from annuaire.law.routes import Nature, Route
from annuaire.matching.need import Need
from annuaire.matching.service import Answer

EQUAL_PARTS: Final = (
    "Plusieurs métiers : le montant est partagé entre eux à parts égales, faute d'en savoir plus. "
    "Remplacez ces parts par votre estimation."
)
ONE_TRADE: Final = (
    "Compté pour un seul métier, « {} » : les mots du besoin n'en séparent pas plusieurs. Un autre "
    "métier, ou plusieurs, se choisissent dans le calculateur."
)
NO_AMOUNT: Final = "montant non publié : les heures ne peuvent pas être calculées"


@dataclass(frozen=True, slots=True)
class LotAdvice:
    """What can be said of one lot. `hours` are those of each of its `trades`, which give the shares
    of labour; None while its amount is unknown; `hours_note` says how several were counted.
    `models` are the texts for the route that the offer suggests, then for a clause that the law
    commands; none before the code, which opens no route. `facilitators` are those named at the
    place of the lot, which a page asks the accounts."""

    number: str
    title: str
    url: str | None
    need: Need
    offer: Offer
    answer: Answer
    trades: tuple[Trade, ...]
    hours: Total | None
    hours_note: str
    proposals: tuple[Proposal, ...]
    models: tuple[Model, ...]
    facilitators: tuple[Facilitator, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A purchase before its launch. `amount_eur` is in € HT for all lots, None when one is unknown;
    `on` is the day whose law is applied; `left_out` lots were too many to be looked at."""

    title: str
    buyer: str | None
    reference: str | None
    on: date
    state: bool
    concession: bool
    nature: Nature | None
    amount_eur: float | None
    routes: tuple[Route, ...]
    reminders: tuple[str, ...]
    lots: tuple[LotAdvice, ...]
    rule: Rule
    total: Total | None
    left_out: int = 0

    @property
    def place(self) -> str:
        """Where its lots are wanted, as understood."""
        labels = dict.fromkeys(lot.need.place_label for lot in self.lots if lot.need.place_label)
        return ", ".join(labels) or "non précisé"
