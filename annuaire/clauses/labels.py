"""The types of clauses in French: what to call them, what they mean, in which order to show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from annuaire.clauses.findings import ENVIRONMENT, SOCIAL_TYPES


@dataclass(frozen=True, slots=True)
class Label:
    """A type of clause: in full, in two or three words, and what it asks."""

    full: str
    short: str
    explanation: str


LABELS: Final = {
    "reserved_siae": Label(
        "Réservé aux structures d'insertion",
        "réservé insertion",
        "Seules les structures qui emploient des travailleurs défavorisés peuvent répondre "
        "(code de la commande publique, article L2113-13).",
    ),
    "reserved_handicap": Label(
        "Réservé aux entreprises adaptées et aux ESAT",
        "réservé handicap",
        "Seules les structures qui emploient des travailleurs handicapés peuvent répondre "
        "(code de la commande publique, article L2113-12).",
    ),
    "reserved_unspecified": Label(
        "Réservé, sans dire à qui, ou aux deux familles",
        "réservé",
        "L'avis réserve le marché sans dire à quelle famille de structures, ou le réserve aux "
        "deux ensemble (article L2113-14).",
    ),
    "reserved_ess": Label(
        "Réservé à l'économie sociale et solidaire",
        "réservé ESS",
        "Services de santé, sociaux ou culturels réservés aux entreprises de l'économie sociale "
        "et solidaire (article L2113-15).",
    ),
    "insertion_object": Label(
        "Marché dont l'objet est l'insertion",
        "objet : insertion",
        "Ce qui est acheté est l'insertion elle-même ; la prestation en est le support.",
    ),
    "execution_insertion": Label(
        "Clause d'insertion par l'activité économique",
        "clause d'insertion",
        "Le titulaire réserve une part du travail à des personnes éloignées de l'emploi "
        "(article L2112-2).",
    ),
    "execution_social_other": Label(
        "Autre condition sociale d'exécution",
        "clause sociale",
        "L'exécution comporte une condition à caractère social, que l'avis ne précise pas ou qui "
        "n'est pas une clause d'insertion (article L2112-2).",
    ),
    "award_criterion": Label(
        "Critère social de choix des offres",
        "critère social",
        "Les offres sont notées aussi sur leur performance sociale (article R2152-7).",
    ),
    "environment": Label(
        "Clause environnementale",
        "clause environnementale",
        "L'exécution, l'objet ou le choix des offres tient compte de l'environnement "
        "(article L2112-2).",
    ),
}


def label(type_: str) -> str:
    """The type in full; the code itself when it is unknown."""
    found = LABELS.get(type_)
    return found.full if found else type_


def short_label(type_: str) -> str:
    """The type in two or three words, for a badge."""
    found = LABELS.get(type_)
    return found.short if found else type_


def explanation(type_: str) -> str:
    """What the clause asks, with its article."""
    found = LABELS.get(type_)
    return found.explanation if found else ""


def in_order(types: Iterable[str]) -> list[str]:
    """The types once each: reservations, then other social clauses, then the environment."""
    held = set(types)
    return [type_ for type_ in LABELS if type_ in held]


def is_social_type(type_: str) -> bool:
    """Whether the type counts as a social clause."""
    return type_ in SOCIAL_TYPES


def is_environmental_type(type_: str) -> bool:
    """Whether the type counts as an environmental clause."""
    return type_ == ENVIRONMENT
