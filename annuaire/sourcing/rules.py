"""How many structures are asked at once, until when, how often; pure. Each figure has its reason,
which the page gives.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from annuaire.law import thresholds
from annuaire.wording import PARIS, euros

QUOTE: Final = "quote"
QUESTION: Final = "question"


@dataclass(frozen=True, slots=True)
class Kind:
    """What may be asked: its name, at most how many structures, and why no more."""

    label: str
    most: int
    why: str


KINDS: Final = {
    QUOTE: Kind(
        "Demande de devis",
        3,
        "Trois structures au plus : c'est l'usage pour un achat sans publicité ni mise en "
        "concurrence (R2122-8), qui demande une offre pertinente et un bon usage des deniers "
        "publics. Répondre à un devis prend du temps : une demande à dix le ferait perdre à neuf.",
    ),
    QUESTION: Kind(
        "Question de sourcing",
        10,
        "Dix structures au plus : assez pour connaître l'offre avant de lancer un marché "
        "(R2111-1), et assez peu pour que chacune soit lue et reçoive une suite.",
    ),
}

LEAST_DAYS: Final = 2  # to answer
MOST_DAYS: Final = 90
REMIND_DAYS: Final = 2  # before the last day
REMIND_LEAST: Final = timedelta(days=1)  # from the request or a reminder by hand to a reminder
A_WEEK: Final = timedelta(days=7)
STRUCTURE_WEEK: Final = 5  # requests to one structure, of all buyers
SENDER_WEEK: Final = 2  # of those, from one address: nobody uses up what is left to others
SENDER_DAY: Final = 5  # requests that one address confirms
PENDING: Final = 3  # requests of one address that wait for its confirmation
DRAFT_KEPT: Final = timedelta(days=2)
KEPT: Final = timedelta(days=365)  # after the last day to answer
PURCHASES_KEPT: Final = timedelta(days=3 * 366)  # as long as they count: three years
CHANGES: Final = 10  # of one structure's answer


def no_quote(
    amount_eur: float | None,
    nature: str | None,
    on: date,
    *,
    published: bool,
    concession: bool = False,
) -> str | None:
    """Why no quote may be asked for (a published contract, a concession, an amount over the
    threshold of R2122-8 at that day), or None."""
    if published:
        return (
            "Ce lot fait partie d'un marché publié : ses candidats répondent à la consultation, "
            "par le profil d'acheteur. Une question de sourcing sert à préparer un autre achat, "
            "ou à faire connaître l'avis (R2111-1)."
        )
    if concession:
        return (
            "Une concession n'a pas de seuil d'achat direct : un devis ne suffit pas. Posez une "
            "question de sourcing, qui prépare la mise en concurrence."
        )
    rule = "direct.works" if nature == "travaux" else "direct.supplies_services"
    found = thresholds.find(rule, on)
    if amount_eur is None or found is None or found.value is None or amount_eur < found.value:
        return None
    return (
        f"Au-dessus de {euros(found.value)} HT, un devis ne suffit plus : il faut une mise en "
        f"concurrence ({found.article}). Posez une question de sourcing, qui la prépare (R2111-1)."
    )


def last_moment(deadline: date) -> datetime:
    """The end of the last day to answer, in Paris."""
    return datetime.combine(deadline + timedelta(days=1), datetime.min.time(), PARIS)


def is_over(deadline: date, now: datetime) -> bool:
    """Whether it is too late to answer."""
    return now >= last_moment(deadline)


def reminds_from(deadline: date) -> datetime:
    """From when those that are silent are reminded: the morning two days before the last day."""
    day = deadline - timedelta(days=REMIND_DAYS)
    return datetime.combine(day, datetime.min.time(), PARIS).replace(hour=8)
