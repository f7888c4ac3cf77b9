"""French names and explanations of the clause types, as screens show them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Label:
    """A type's short name, an explanation in a sentence or two, and its article today."""

    name: str
    explanation: str
    article: str | None


LABELS: dict[str, Label] = {
    "execution_insertion": Label(
        "Clause d'insertion",
        "Le titulaire confie une part du travail à des personnes éloignées de l'emploi. "
        "Une structure inclusive peut l'y aider : sous-traitance, cotraitance ou mise à "
        "disposition de personnel.",
        "L2112-2",
    ),
    "execution_social_other": Label(
        "Autre clause sociale",
        "L'exécution du marché comporte une condition sociale : le texte n'en dit pas plus, ou "
        "demande un stage, un apprentissage, l'égalité professionnelle.",
        "L2112-2",
    ),
    "reserved_siae": Label(
        "Réservé à l'insertion",
        "Seules peuvent répondre les structures d'insertion par l'activité économique et leurs "
        "équivalents.",
        "L2113-13",
    ),
    "reserved_handicap": Label(
        "Réservé au handicap",
        "Seuls peuvent répondre les entreprises adaptées, les établissements et services "
        "d'accompagnement par le travail (ESAT) et leurs équivalents.",
        "L2113-12",
    ),
    "reserved_unspecified": Label(
        "Réservé, sans précision",
        "Le marché est réservé à des structures inclusives, sans dire lesquelles, ou à la fois à "
        "celles de l'insertion et à celles du handicap.",
        "L2113-14",
    ),
    "reserved_ess": Label(
        "Réservé à l'économie sociale et solidaire",
        "Seules peuvent répondre les entreprises de l'économie sociale et solidaire, pour des "
        "services de santé, sociaux ou culturels.",
        "L2113-15",
    ),
    "award_criterion": Label(
        "Critère social",
        "L'offre est aussi jugée sur ce qu'elle fait pour l'insertion ou le social.",
        "R2152-7",
    ),
    "insertion_object": Label(
        "Achat d'insertion",
        "Le service acheté est l'insertion ou la qualification de personnes, par une activité "
        "qui en est le support.",
        "R2123-1",
    ),
    "environment": Label(
        "Clause environnementale",
        "L'exécution du marché comporte une condition qui protège l'environnement.",
        "L2112-2",
    ),
}

SOURCES = {"text": "lu dans le texte", "code": "déclaré par un code de l'avis"}


def confidence_label(confidence: float) -> str:
    """« sûr », « probable » ou « à vérifier », for a confidence in [0, 1]."""
    if confidence >= 0.9:
        return "sûr"
    return "probable" if confidence >= 0.7 else "à vérifier"


_FORMER = {
    "CMP2006": "du code des marchés publics de 2006",
    "ORD2015-899": "de l'ordonnance n° 2015-899",
    "DEC2016-360": "du décret n° 2016-360",
}


def article_label(today: str, cited: str | None) -> str:
    """« article L2113-12 », and what the text cites where that is another: « (cité : article 14 du
    code des marchés publics de 2006) »."""
    other = f" (cité : {citation_label(cited)})" if cited and cited != today else ""
    return f"article {today}{other}"


def article_words(today: str | None, cited: str | None) -> str | None:
    """The same as the beginning of a line; None where no article is known."""
    if today is None:
        return None
    label = article_label(today, cited)
    return label[0].upper() + label[1:]


def citation_label(cited: str) -> str:
    """« article L2113-12 », or « article 14 du code des marchés publics de 2006 » for
    « CMP2006 14 »."""
    code, _, number = cited.partition(" ")
    return f"article {number} {_FORMER[code]}" if code in _FORMER else f"article {cited}"
