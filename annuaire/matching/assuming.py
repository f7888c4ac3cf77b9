"""What had to be assumed of a need, in French sentences."""

from collections.abc import Sequence
from math import isfinite
from typing import Final

from annuaire.activities.cpv import normalise
from annuaire.activities.taxonomy import taxonomy
from annuaire.matching.details import Details
from annuaire.matching.trades import Trade
from annuaire.wording import euros

MAX_AMOUNT_EUR: Final = 1e10
#: Outside these an amount is believed, and doubted: cents or thousands may have been meant.
LIKELY_EUR: Final = (100.0, 1e9)


def deduced(activities: Sequence[tuple[str, float, str]], text: str) -> tuple[str, ...]:
    """How the activity was understood, or that it was not."""
    if not activities:
        if not text:
            return ("Besoin non décrit : seuls le lieu et le type de structure ont compté.",)
        return ("Aucune activité reconnue dans ces mots : les mots eux-mêmes ont été cherchés.",)
    code, _, evidence = activities[0]
    proof = f" (d'après « {evidence} »)" if evidence else ""
    return (f"Activité déduite du texte : {taxonomy().label(code)}{proof}.",)


def possible_amount(amount_eur: float | None) -> tuple[float | None, tuple[str, ...]]:
    """An amount that can be one, in € HT, with a sentence when it is hardly likely; else None with
    the sentence that says so."""
    if amount_eur is None:
        return None, ()
    if not isfinite(amount_eur) or not 0 < amount_eur < MAX_AMOUNT_EUR:
        return None, ("Montant invraisemblable : il n'a pas été pris en compte.",)
    least, most = LIKELY_EUR
    if not least <= amount_eur <= most:
        size = "faible" if amount_eur < least else "élevé"
        said = f"Montant de {euros(amount_eur)} HT, très {size} pour un achat public : vérifiez-le."
        return amount_eur, (f"{said} Il a été pris en compte tel quel.",)
    return amount_eur, ()


def known_code(cpv: str | None) -> tuple[str | None, tuple[str, ...]]:
    """A CPV code that exists; else None with the sentence that says so."""
    if not cpv or not cpv.strip():
        return None, ()
    if normalise(cpv):
        return cpv, ()
    said = f"Code CPV inconnu : « {cpv.strip()[:20]} » ; il n'a pas été pris en compte."
    return None, (said,)


def several(found: Sequence[Trade]) -> tuple[str, ...]:
    """The trades asked for together."""
    if not found:
        return ()
    named = " ; ".join(trade.words for trade in found)
    return (f"Plusieurs métiers lus, à pourvoir ensemble : {named}.",)


def amount_read(told: Details) -> str | None:
    """The amount that was read in the text."""
    if told.amount_eur is None:
        return None
    return f"Montant lu dans le texte : {euros(told.amount_eur)} HT."
