"""The filters and the sorts of contracts."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from annuaire.activities import cpv, cpv_search
from annuaire.clauses.findings import ENVIRONMENT, SOCIAL_TYPES
from annuaire.clauses.labels import LABELS
from search.engine import Either, Filter, Range, Terms
from search.filters.bounds import at_least, at_most, from_day, in_days, to_day
from search.filters.kinds import (
    A_DEPARTEMENT,
    AN_ACTIVITY,
    FilterKind,
    a_departement,
    activity_label,
    as_named,
    group_label,
    one_of,
)
from search.schema import date_number

TYPES: Final = {"travaux": "travaux", "services": "services", "fournitures": "fournitures"}
NATURES: Final = {
    "call": "appel à la concurrence",
    "award": "attribution",
    "planned": "marché annoncé",
    "correction": "rectificatif",
    "modification": "modification",
    "cancellation": "annulation",
    "other": "autre",
}
PROCEDURES: Final = {
    "mapa": "marché à procédure adaptée",
    "fns": "marché au-dessus du seuil national de publication",
    "joue": "marché publié aussi au Journal officiel de l'Union européenne",
    "dsp": "concession",
    "divers": "autre",
}
#: States as users know them; OPEN and CLOSED are matters of the day on which one asks.
STATES: Final = {
    "avenir": "à venir",
    "ouvert": "en cours",
    "clos": "clos",
    "sans-date": "publié, sans date limite connue",
    "attribue": "attribué",
    "annule": "annulé",
    "inconnu": "non précisé",
}
OPEN, CLOSED = "ouvert", "clos"
#: The states that the index holds (search/contract_documents.py), by the value of the filter.
INDEXED_STATES: Final = {
    "avenir": "planned",
    "sans-date": "undated",
    "attribue": "awarded",
    "annule": "cancelled",
    "inconnu": "unknown",
}
YES_NO: Final = {"oui": "oui", "non": "non"}
RESERVED: Final = {
    "siae": "insertion, SIAE (L2113-13)",
    "handicap": "handicap, EA et ESAT (L2113-12)",
    "deux": "aux deux à la fois, ou sans dire à qui (L2113-14)",
    "ess": "économie sociale et solidaire (L2113-15)",
    "oui": "tout marché réservé",
}
CLAUSE_TYPES: Final = {type_: LABELS[type_].name for type_ in (*SOCIAL_TYPES, ENVIRONMENT)}
UNKNOWN_AMOUNTS: Final = "montant_inconnu"


def _state(field: str, values: Sequence[str], today: date) -> Filter:
    """Open until the closing day, that day included."""
    kept: list[Terms | Range] = []
    if indexed := tuple(INDEXED_STATES[v] for v in values if v in INDEXED_STATES):
        kept.append(Terms(field, indexed))
    if OPEN in values:
        kept.append(open_on(today))
    if CLOSED in values:
        yesterday = today - timedelta(days=1)
        kept.append(Range("deadline", maximum=date_number(yesterday.isoformat())))
    return kept[0] if len(kept) == 1 else Either(tuple(kept))


def open_on(today: date) -> Range:
    """What may still be answered on that day."""
    return Range("deadline", minimum=date_number(today.isoformat()))


def _cpv_label(value: str) -> str | None:
    codes = cpv_search.under(value)
    if not codes:
        return None
    if cpv_search.looks_like_code(value):
        return " ".join(filter(None, (value.strip(), cpv.label(codes[0]))))
    count = len(codes)
    return f"« {' '.join(value.split())[:60]} » ({count} code{'s' if count > 1 else ''})"


def _cpv(field: str, values: Sequence[str], _today: date) -> Filter:
    codes = (code for value in values for code in cpv_search.under(value))
    return Terms(field, tuple(map(cpv_search.beginning, codes)))


def _nothing(_field: str, _values: Sequence[str], _today: date) -> None:
    return None


def procedure_label(code: str) -> str | None:
    """The words of a procedure; a source's own word as it stands."""
    return PROCEDURES.get(code) or as_named(code)


AMOUNT_FROM = at_least("montant_min", "Montant à partir de", "amount", "Montant : dès {} € HT")
AMOUNT_TO = at_most("montant_max", "Montant jusqu'à", "amount", "Montant : jusqu'à {} € HT")
BUYER = FilterKind("acheteur", "Acheteur", "buyer_ids", as_named, "Acheteur : {}")

CONTRACT_FILTERS: tuple[FilterKind, ...] = (
    FilterKind("social", "Clauses sociales", "social", one_of(YES_NO), "Clauses sociales : {}"),
    FilterKind(
        "environnement",
        "Clauses environnementales",
        "environment",
        one_of(YES_NO),
        "Clauses environnementales : {}",
    ),
    FilterKind("etat", "État", "state", one_of(STATES), "État : {}", _state),
    FilterKind("clause", "Clause", "clause_types", one_of(CLAUSE_TYPES), "Clause : {}"),
    FilterKind("reserve", "Réservé à", "reserved", one_of(RESERVED), "Réservé : {}"),
    at_least("heures_min", "Heures d'insertion", "hours", "Insertion : dès {} heures"),
    FilterKind(
        "activite", "Activité", "activities", activity_label, "Activité : {}", expected=AN_ACTIVITY
    ),
    FilterKind("domaine", "Domaine", "groups", group_label, "Domaine : {}"),
    FilterKind(
        "cpv", "CPV", "cpv", _cpv_label, "CPV : {}", _cpv,
        expected="un code CPV (ou son début) ou des mots de la nomenclature",
    ),
    FilterKind(
        "departement", "Département", "departements", a_departement, "Département : {}",
        expected=A_DEPARTEMENT,
    ),
    BUYER,
    FilterKind("type", "Type", "types", one_of(TYPES), "Type : {}"),
    FilterKind("nature", "Dernier avis", "nature", one_of(NATURES), "Dernier avis : {}"),
    FilterKind("procedure", "Procédure", "procedure", procedure_label, "Procédure : {}"),
    FilterKind("lots", "Alloti", "allotted", one_of(YES_NO), "Plusieurs lots : {}"),
    from_day("echeance_du", "Échéance à partir du", "deadline", "Échéance dès le {}"),
    to_day("echeance_au", "Échéance jusqu'au", "deadline", "Échéance jusqu'au {}"),
    in_days("echeance_jours", "Échéance dans", "deadline", "Échéance dans {} au plus"),
    from_day("publie_du", "Publié à partir du", "published", "Publié dès le {}"),
    to_day("publie_au", "Publié jusqu'au", "published", "Publié jusqu'au {}"),
    AMOUNT_FROM,
    AMOUNT_TO,
    FilterKind(
        UNKNOWN_AMOUNTS, "Montants inconnus", "amount", {"oui": "gardés"}.get,
        "Montants inconnus : {}", _nothing,
    ),
)  # fmt: skip

CONTRACT_SORTS = {
    "pertinence": ("relevance", "Pertinence"),
    "echeance": ("deadline", "Échéance"),
    "date": ("newest", "Date de publication"),
    "heures": ("hours", "Heures d'insertion"),
    "distance": ("distance", "Distance"),
}
