"""The state of a contract on a day, in words: what one may still do, and until when."""

from dataclasses import dataclass
from datetime import date, datetime

from annuaire.contracts.models import Contract
from annuaire.contracts.reading import closing_day
from annuaire.wording import pluriel
from search.filters.contracts import CLOSED, INDEXED_STATES, OPEN, STATES

PUBLISHED = "publié"  # without a closing day that is known
_BY_INDEXED = {indexed: STATES[value] for value, indexed in INDEXED_STATES.items()}


@dataclass(frozen=True, slots=True)
class State:
    """`label` is the state in a word or two, `deadline` the last moment or day to answer, `since`
    says how that stands to today: « il reste 3 jours », « clos depuis 12 jours »."""

    label: str
    open: bool
    deadline: datetime | date | None
    since: str


def state_label(state: str, closes: date | None, today: date) -> str:
    """« en cours » while one may answer, « clos » after; else what the notices say."""
    if state == "published":
        return PUBLISHED if closes is None else STATES[OPEN if closes >= today else CLOSED]
    return _BY_INDEXED.get(state, state)


def state_of(contract: Contract, today: date) -> State:
    """The state of a contract on a day."""
    closes = closing_day(contract.deadline, contract.expires_on)
    published = contract.state == "published"
    label = state_label(contract.state, closes, today)
    if not published or closes is None:
        return State(label, False, contract.deadline, "")
    days = (closes - today).days
    return State(label, days >= 0, contract.deadline or closes, _since(days))


def _since(days: int) -> str:
    if days < 0:
        return f"clos depuis {_long(-days)}"
    if days == 0:
        return "dernier jour"
    return f"il reste {pluriel(days, 'jour')}"


def _long(days: int) -> str:
    """A time in its largest unit: nobody counts years in days."""
    if days < 60:
        return pluriel(days, "jour")
    return f"{days // 30} mois" if days < 730 else pluriel(days // 365, "an")
