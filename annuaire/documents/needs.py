"""From what a document states to the addresses where structures are sought."""

from collections.abc import Mapping
from typing import Final

from annuaire.documents.analysing import Analysis, ReadLot
from annuaire.paging import address

PATH: Final = "/besoins/nouveau"
MAX_WORDS: Final = 1_000  # characters of an address; the form itself takes 2,000


def lot_url(lot: ReadLot, said: Mapping[str, str]) -> str:
    """The suggestions for a lot; `said` holds the place and the date that the buyer gave. Without
    a place, the form, filled but for it."""
    amount = lot.lot.amount
    return _address(lot.words, _euros(amount.eur) if amount else "", said)


def whole_url(analysis: Analysis, said: Mapping[str, str]) -> str:
    """The suggestions for all that the document buys, as far as it is told."""
    titles = "; ".join(lot.lot.title for lot in analysis.lots)
    subject = analysis.subject or titles
    amounts = [lot.lot.amount.eur for lot in analysis.lots if lot.lot.amount]
    summed = sum(amounts) if amounts and len(amounts) == len(analysis.lots) else None
    amount = said.get("montant") or (_euros(summed) if summed else "")
    return _address(subject, amount, said)


def _address(words: str, amount: str, said: Mapping[str, str]) -> str:
    given = [
        ("quoi", " ".join(words.split())[:MAX_WORDS].strip()),
        ("lieu", said.get("lieu", "")),
        ("montant", amount),
        ("date", said.get("date", "")),
    ]
    ready = all(value for key, value in given if key in ("quoi", "lieu"))
    return address(PATH, given) if ready else address(PATH, given, modifier="1")


def _euros(value: float) -> str:
    return f"{value:.2f}".removesuffix(".00").replace(".", ",")
