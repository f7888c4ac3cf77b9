"""The filters and the sorts of structures."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from annuaire.geo.areas import marks_at
from annuaire.geo.free_address import find_place
from annuaire.structures.kinds import FAMILIES, kind_label
from annuaire.structures.kinds import KINDS as STATUS_KINDS
from search.engine import Either, Filter, Terms
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

#: Its facet counts by département, which the whole or a part of an area is in.
SERVES: Final = "intervient"
COCONTRACT: Final = "cotraitance"
MAX_PLACE: Final = 100  # characters
_WIDE: Final = frozenset({"departement", "region"})


def _kind_label(code: str) -> str | None:
    return kind_label(code) if code in STATUS_KINDS else None


def _place_label(text: str) -> str | None:
    located = find_place(text) if len(text) <= MAX_PLACE else None
    return located.place.label if located else None


def _serving(field: str, values: Sequence[str], _today: date) -> Filter:
    """What declared an area that holds one of these places; for a département, a région or an
    intercommunalité, the whole of it or a part."""
    places = [located.place for value in values if (located := find_place(value))]
    wide = {code for place in places if place.kind in _WIDE for code in place.departements}
    marks = dict.fromkeys(m for p in places if p.kind not in _WIDE for m in marks_at(p))
    return Either((Terms(field, tuple(sorted(wide))), Terms("serves", tuple(marks))))


STRUCTURE_FILTERS: tuple[FilterKind, ...] = (
    FilterKind(
        "activite", "Activité", "activities", activity_label, "Activité : {}", expected=AN_ACTIVITY
    ),
    FilterKind("domaine", "Domaine", "groups", group_label, "Domaine : {}"),
    FilterKind("type", "Type de structure", "kinds", _kind_label, "Type : {}"),
    FilterKind("famille", "Famille", "families", one_of(FAMILIES), "Famille : {}"),
    FilterKind(
        "departement", "Département", "departement", a_departement, "Département : {}",
        expected=A_DEPARTEMENT,
    ),
    FilterKind("reseau", "Réseau", "networks", as_named, "Réseau : {}"),
    FilterKind("label", "Label", "labels", as_named, "Label : {}"),
    FilterKind(
        SERVES, "Intervient à", "served", _place_label, "Intervient à : {}", _serving,
        expected="une commune, un code postal, un département ou une région",
    ),
    FilterKind(
        COCONTRACT, "Co-traitance", "cocontract", one_of({"oui": "oui", "non": "non"}),
        "Prête à co-traiter : {}",
    ),
)  # fmt: skip

STRUCTURE_SORTS = {
    "pertinence": ("relevance", "Pertinence"),
    "distance": ("distance", "Distance"),
    "nom": ("name", "Nom"),
}
