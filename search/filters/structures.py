"""The filters and the sorts of structures."""

from annuaire.geo.gazetteer import departement_label
from annuaire.structures.kinds import FAMILIES, kind_label
from annuaire.structures.kinds import KINDS as STATUS_KINDS
from search.filters.kinds import FilterKind, activity_label, as_named, group_label, one_of


def _kind_label(code: str) -> str | None:
    return kind_label(code) if code in STATUS_KINDS else None


STRUCTURE_FILTERS: tuple[FilterKind, ...] = (
    FilterKind("activite", "Activité", "activities", activity_label, "Activité : {}"),
    FilterKind("domaine", "Domaine", "groups", group_label, "Domaine : {}"),
    FilterKind("type", "Type de structure", "kinds", _kind_label, "Type : {}"),
    FilterKind("famille", "Famille", "families", one_of(FAMILIES), "Famille : {}"),
    FilterKind("departement", "Département", "departement", departement_label, "Département : {}"),
    FilterKind("reseau", "Réseau", "networks", as_named, "Réseau : {}"),
    FilterKind("label", "Label", "labels", as_named, "Label : {}"),
)

STRUCTURE_SORTS = {
    "pertinence": ("relevance", "Pertinence"),
    "distance": ("distance", "Distance"),
    "nom": ("name", "Nom"),
}
