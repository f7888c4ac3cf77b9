"""How complete a profile is: what is there, what to add next, and why it matters; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Step:
    """A thing that buyers look for: known when one of `fields` is, by the profile or, for those
    that directories tell too, by the register."""

    fields: tuple[str, ...]
    points: int
    label: str
    why: str
    subject: str


#: Points sum to 100: what decides whether one is found weighs most.
STEPS: Final = (
    Step(("activities",), 20, "vos activités",
         "une activité que vous déclarez compte plus que celle que nous déduisons de votre nom",
         "activites"),
    Step(("area",), 15, "votre zone d’intervention",
         "un acheteur cherche qui intervient chez lui, pas seulement qui y a son siège", "zone"),
    Step(("phone", "email"), 12, "un téléphone ou un courriel",
         "sans eux, un acheteur qui vous a trouvé ne peut pas vous consulter", "contacts"),
    Step(("description",), 10, "une présentation",
         "la recherche lit ses mots, et un acheteur les vôtres", "presentation"),
    Step(("ways",), 6, "vos façons de travailler",
         "une clause d’insertion et une prestation ne s’adressent pas aux mêmes structures",
         "presentation"),
    Step(("people", "teams", "machines"), 8, "vos moyens",
         "un acheteur vérifie qu’un lot est à votre taille", "moyens"),
    Step(("amount_min", "amount_max"), 5, "les montants qui vous vont",
         "vous ne serez plus proposée sans réserve pour des lots trop grands ou trop petits",
         "moyens"),
    Step(("available",), 4, "votre disponibilité",
         "elle est dite aux acheteurs pendant deux mois", "moyens"),
    Step(("cocontract",), 4, "si vous co-traitez",
         "des lots demandent un groupement : on y cherche qui l’accepte", "moyens"),
    Step(("references",), 8, "une référence",
         "un marché déjà mené rassure plus qu’une promesse", "references"),
    Step(("qualifications",), 4, "une qualification ou un label",
         "certains lots l’exigent", "qualifications"),
    Step(("photos", "logo"), 4, "un logo ou une photo", "on reconnaît votre page", "photos"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Gauge:
    """`points` of 100; `missing` steps, the heaviest first; `done` those that are known."""

    points: int
    missing: tuple[Step, ...]
    done: tuple[Step, ...]


def gauge(content: Mapping[str, Any], register: Mapping[str, Any]) -> Gauge:
    """How complete a profile is. `register` holds what directories declare of the same fields."""

    def known(step: Step) -> bool:
        return any(
            content.get(name) not in (None, [], "") or register.get(name) for name in step.fields
        )

    done = tuple(step for step in STEPS if known(step))
    missing = sorted((step for step in STEPS if step not in done), key=lambda step: -step.points)
    return Gauge(sum(step.points for step in done), tuple(missing), done)
