"""What a buyer must know beside the routes: duties at a date, doubts on the threshold."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from annuaire.law import thresholds
from annuaire.law.routes import CODE_SINCE, Nature, Purchase, euros

DEFENCE: Final = (
    "Les marchés de défense ou de sécurité suivent d'autres règles (code de la commande publique, "
    "livre III de la deuxième partie) : rien de ce qui est dit ici ne vaut pour eux."
)
BEFORE_CODE: Final = (
    "Le code de la commande publique est entré en vigueur le 1er avril 2019 : les règles d'avant "
    "ne sont pas données ici."
)
ENVIRONMENT: Final = (
    "Depuis le 22 août 2026, tout marché comporte une condition d'exécution environnementale "
    "(L2112-2) : elle s'ajoute à la voie choisie."
)
ENVIRONMENT_CONCESSION: Final = (
    "Depuis le 22 août 2026, toute concession comporte une condition d'exécution environnementale "
    "(L3114-2) : elle s'ajoute à la voie choisie."
)
CONCESSION: Final = (
    "Une concession n'a pas de seuil d'achat direct : les 40 000, 60 000 et 100 000 € de R2122-8 "
    "sont ceux des marchés."
)
WORKS_INSTEAD: Final = (
    "Nature inconnue : s'il s'agissait de travaux, l'achat direct serait possible sous {works} € "
    "HT."
)
RISES: Final = (
    "Lancée à partir du {day}, la consultation relèverait du seuil de {value} € HT : l'achat "
    "direct serait possible."
)
NO_THRESHOLD: Final = (
    "Aucun seuil d'achat direct n'est connu ici à cette date : vérifiez le texte en vigueur."
)
_MONTHS: Final = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
    "octobre", "novembre", "décembre",
)  # fmt: skip


def reminders(
    amount_eur: float | None,
    nature: Nature | None,
    on: date,
    *,
    state: bool = False,
    concession: bool = False,
) -> list[str]:
    """French sentences that go with the routes of the same purchase (`routes.advise`)."""
    return [*_sentences(Purchase(amount_eur, nature, on, state, concession))]


def _sentences(purchase: Purchase) -> Iterator[str]:
    if purchase.on < CODE_SINCE:
        yield BEFORE_CODE
        return
    if purchase.concession:
        yield CONCESSION
    else:
        yield from _of_direct(purchase)
    if thresholds.find("clause.environment_compulsory", purchase.on):
        yield ENVIRONMENT_CONCESSION if purchase.concession else ENVIRONMENT
    yield DEFENCE


def _of_direct(purchase: Purchase) -> Iterator[str]:
    amount = purchase.amount_eur
    direct = purchase.value(f"direct.{purchase.kind}")
    if direct is None or direct.value is None:
        yield NO_THRESHOLD
        return
    if amount is None or amount < direct.value:
        return
    works = purchase.value("direct.works")
    if purchase.nature is None and works and works.value is not None and amount < works.value:
        yield WORKS_INSTEAD.format(works=euros(works.value))
    later = thresholds.next_after(direct.rule, purchase.on)
    if later and later.value is not None and amount < later.value:
        yield RISES.format(day=_day(later.valid_from), value=euros(later.value))


def _day(day: date) -> str:
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number} {_MONTHS[day.month - 1]} {day.year}"
