"""The deduction that a purchase from an EA, an ESAT or a TIH gives from the contribution due under
the duty to employ disabled workers (OETH).

Code du travail L5212-10-1 (which purchases; read, version of 20 December 2023) and D5212-22 (30 %
of the labour; ceilings of 50 and 75 % of the gross contribution, read on agefiph.fr). The figures
are dated rows of data/thresholds.toml, rules « oeth.… ».
"""

from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import Final

from annuaire.errors import InvalidInputError
from annuaire.law import thresholds
from annuaire.law.thresholds import Threshold

RULES: Final = ("oeth.rate", "oeth.ceiling_low", "oeth.ceiling_high", "oeth.pivot")
MOST_EUR: Final = 1e10
NOT_IN_FORCE: Final = (
    "Cette règle de déduction vaut depuis le 1er janvier 2020 : choisissez une date plus récente."
)


@dataclass(frozen=True, slots=True)
class Spent:
    """A purchase: its price and what is taken off it (raw materials, products, subcontracting,
    intermediate consumption, costs of sale), in € HT; the employer's gross contribution in € and
    its own rate of employment (0 to 1), where known."""

    price_eur: float
    costs_eur: float = 0.0
    contribution_eur: float | None = None
    employment_rate: float | None = None


@dataclass(frozen=True, slots=True)
class Deduction:
    """`labour_eur` is what counts, `uncapped_eur` the rate of it; `ceiling_eur` and
    `deducted_eur` are None while the contribution or the rate of employment is unknown."""

    labour_eur: float
    uncapped_eur: float
    ceiling_eur: float | None
    deducted_eur: float | None
    rules: tuple[Threshold, ...]


def deduction(spent: Spent, on: date) -> Deduction:
    """What a purchase lets deduct. Raises InvalidInputError for figures that cannot be."""
    _check(spent)
    applied = [thresholds.find(rule, on) for rule in RULES]
    rules = tuple(rule for rule in applied if rule is not None)
    if len(rules) < len(RULES):
        raise InvalidInputError(NOT_IN_FORCE, "date")
    rate, low, high, pivot = (rule.value or 0.0 for rule in rules)
    labour = spent.price_eur - spent.costs_eur
    uncapped = labour * rate
    ceiling = None
    if spent.contribution_eur is not None and spent.employment_rate is not None:
        share = low if spent.employment_rate < pivot else high
        ceiling = spent.contribution_eur * share
    deducted = None if ceiling is None else min(uncapped, ceiling)
    return Deduction(labour, uncapped, ceiling, deducted, rules)


def _check(spent: Spent) -> None:
    if not (isfinite(spent.price_eur) and 0 < spent.price_eur <= MOST_EUR):
        raise InvalidInputError("Le prix doit être un nombre d'euros positif.", "prix")
    if not (isfinite(spent.costs_eur) and 0 <= spent.costs_eur <= spent.price_eur):
        raise InvalidInputError(
            "Les coûts à retrancher vont de 0 au prix de l'achat : corrigez l'un ou l'autre.",
            "couts",
        )
    given = spent.contribution_eur
    if given is not None and not (isfinite(given) and 0 <= given <= MOST_EUR):
        raise InvalidInputError("La contribution brute est un nombre d'euros.", "contribution")
    held = spent.employment_rate
    if held is not None and not (isfinite(held) and 0 <= held <= 1):
        raise InvalidInputError("Le taux d'emploi va de 0 à 100 %.", "taux")
