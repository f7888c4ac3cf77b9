"""The filters that users know: key, allowed values, what the engine is asked, and the sentence.

One object gives the page, the command line and (later) the alert the same words and the same
query, so a filter that is not declared here cannot exist.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite

from annuaire.activities.taxonomy import taxonomy
from annuaire.clauses.labels import RESERVED_LABELS
from annuaire.geo.gazetteer import gazetteer
from annuaire.geo.places import Place, locate
from annuaire.structures.kinds import FAMILIES, kind_label
from annuaire.structures.kinds import KINDS as STATUS_KINDS
from search.engine import Circle, Filter, Query, Terms

MAX_TEXT = 500
MAX_RADIUS_KM = 300.0
DEFAULT_RADIUS_KM = 25.0
MAX_PAGE = 10_000


@dataclass(frozen=True, slots=True)
class FilterKind:
    """A filter that exists: `field` in the index, `label_of(value)` gives its words, or None when
    the value is not one of the allowed ones; `sentence` holds {} where the label goes."""

    key: str
    name: str
    field: str
    label_of: Callable[[str], str | None]
    sentence: str

    def chosen(self, value: str) -> "Chosen | None":
        """The filter with one of its values; None when the value is unknown."""
        label = self.label_of(value)
        return Chosen(self, value, label) if label else None


@dataclass(frozen=True, slots=True)
class Chosen:
    """A filter with the value that a user gave it."""

    kind: FilterKind
    value: str
    label: str

    @property
    def sentence(self) -> str:
        return self.kind.sentence.format(self.label)


@dataclass(frozen=True, slots=True)
class InputError:
    """A value that could not be used: the field's key and what to do."""

    field: str
    message: str


def _activity_label(code: str) -> str | None:
    found = taxonomy().get(code)
    return found.label if found else None


def _group_label(code: str) -> str | None:
    return next((group.label for group in taxonomy().groups if group.code == code), None)


def _departement_label(code: str) -> str | None:
    found = gazetteer().departement(code)
    return f"{found.name} ({found.code})" if found else None


def _kind_label(code: str) -> str | None:
    return kind_label(code) if code in STATUS_KINDS else None


def _one_of(labels: Mapping[str, str]) -> Callable[[str], str | None]:
    return labels.get


TYPES = {"travaux": "Travaux", "services": "Services", "fournitures": "Fournitures"}
STATES = {
    "published": "Consultation publiée",
    "awarded": "Marché attribué",
    "planned": "Marché annoncé",
    "cancelled": "Procédure arrêtée",
    "unknown": "État non précisé",
}
OPENNESS = {"oui": "encore ouverte aux réponses"}
YES_NO = {"oui": "oui", "non": "non"}

STRUCTURE_FILTERS: tuple[FilterKind, ...] = (
    FilterKind("activite", "Activité", "activities", _activity_label, "Activité : {}"),
    FilterKind("domaine", "Domaine", "groups", _group_label, "Domaine : {}"),
    FilterKind("type", "Type de structure", "kinds", _kind_label, "Type : {}"),
    FilterKind("famille", "Famille", "families", _one_of(FAMILIES), "Famille : {}"),
    FilterKind(
        "departement", "Département", "departement", _departement_label, "Département : {}"
    ),
)

CONTRACT_FILTERS: tuple[FilterKind, ...] = (
    FilterKind("social", "Clauses sociales", "social", _one_of(YES_NO), "Clauses sociales : {}"),
    FilterKind(
        "environnement",
        "Clauses environnementales",
        "environment",
        _one_of(YES_NO),
        "Clauses environnementales : {}",
    ),
    FilterKind("reserve", "Réservé à", "clause_types", _one_of(RESERVED_LABELS), "Réservé : {}"),
    FilterKind("activite", "Activité", "activities", _activity_label, "Activité : {}"),
    FilterKind("domaine", "Domaine", "groups", _group_label, "Domaine : {}"),
    FilterKind(
        "departement", "Département", "departements", _departement_label, "Département : {}"
    ),
    FilterKind("nature", "Nature du marché", "types", _one_of(TYPES), "Nature : {}"),
    FilterKind("etat", "État", "state", _one_of(STATES), "État : {}"),
)

STRUCTURE_SORTS = {
    "pertinence": ("relevance", "Pertinence"),
    "distance": ("distance", "Distance"),
    "nom": ("name", "Nom"),
}
CONTRACT_SORTS = {
    "pertinence": ("relevance", "Pertinence"),
    "recents": ("newest", "Les plus récents"),
    "echeance": ("deadline", "Échéance"),
    "distance": ("distance", "Distance"),
}


@dataclass(frozen=True, slots=True)
class Search:
    """What a user asks, checked: values that could not be used are in `errors`, and left out."""

    text: str
    place: Place | None
    radius_km: float | None
    chosen: tuple[Chosen, ...]
    sort: str
    page: int
    errors: tuple[InputError, ...]

    def query(
        self,
        *,
        facets: tuple[str, ...] = (),
        per_page: int = 20,
        day: str = "",
        extra: tuple[Filter, ...] = (),
        territory_field: str = "departement",
    ) -> Query:
        """The query for the engine: a place with a radius is a circle, a territory a filter."""
        filters = [*extra, *self._by_field()]
        circle, origin = None, None
        if self.place:
            origin = (self.place.lat, self.place.lon)
            if self.radius_km is not None:
                circle = Circle(*origin, self.radius_km)
            else:
                filters.append(Terms(territory_field, tuple(self.place.departements)))
        return Query(
            text=self.text,
            filters=tuple(filters),
            circle=circle,
            origin=origin,
            facets=facets,
            sort=self.sort if self.sort != "distance" or origin else "relevance",
            offset=(self.page - 1) * per_page,
            limit=per_page,
            day=day,
        )

    def _by_field(self) -> Iterable[Terms]:
        values: dict[str, list[str]] = {}
        for chosen in self.chosen:
            values.setdefault(chosen.kind.field, []).append(chosen.value)
        return [Terms(name, tuple(found)) for name, found in values.items()]


def parse(
    kinds: Sequence[FilterKind],
    sorts: Mapping[str, tuple[str, str]],
    values: Mapping[str, Sequence[str]],
    default_sort: str = "pertinence",
) -> Search:
    """Check what a user sent (key → values). Never raises: what cannot be used is said.

    Keys outside the declared filters are refused with a message, so a link that was mistyped
    does not silently show everything.
    """
    errors: list[InputError] = []
    known = {kind.key: kind for kind in kinds}
    chosen: list[Chosen] = []
    for key, given in values.items():
        if key not in known:
            if key not in {"q", "lieu", "rayon", "tri", "page"}:
                errors.append(InputError(key[:40], f"Le filtre « {key[:40]} » n'existe pas."))
            continue
        for value in dict.fromkeys(v for v in given if v):
            found = known[key].chosen(value)
            if found:
                chosen.append(found)
            else:
                name = known[key].name
                errors.append(
                    InputError(key, f"{name} : la valeur « {value[:40]} » n'existe pas.")
                )
    place, radius = _place(values, errors)
    sort_key = _first(values, "tri") or default_sort
    if sort_key not in sorts:
        errors.append(InputError("tri", f"Le tri « {sort_key[:40]} » n'existe pas."))
        sort_key = default_sort
    return Search(
        text=_text(values, errors),
        place=place,
        radius_km=radius,
        chosen=tuple(chosen),
        sort=sorts[sort_key][0],
        page=_page(values, errors),
        errors=tuple(errors),
    )


def _first(values: Mapping[str, Sequence[str]], key: str) -> str:
    given = values.get(key) or ("",)
    return given[0].strip()


def _text(values: Mapping[str, Sequence[str]], errors: list[InputError]) -> str:
    text = "".join(c if c.isprintable() else " " for c in _first(values, "q"))
    if len(text) > MAX_TEXT:
        errors.append(
            InputError("q", f"Recherche trop longue : seuls les {MAX_TEXT} premiers signes servent.")
        )
    return text[:MAX_TEXT]


def _place(
    values: Mapping[str, Sequence[str]], errors: list[InputError]
) -> tuple[Place | None, float | None]:
    typed, asked = _first(values, "lieu"), _first(values, "rayon")
    radius = _radius(asked, errors) if asked else None
    if not typed:
        return None, None
    place = locate(typed[:100])
    if place is None:
        errors.append(
            InputError(
                "lieu",
                f"Lieu inconnu : « {typed[:60]} ». Essayez un nom de commune, un code postal, "
                "un département ou une région.",
            )
        )
        return None, None
    if radius is None and place.kind in {"commune", "postcode"}:
        radius = DEFAULT_RADIUS_KM
    return place, radius


def _radius(asked: str, errors: list[InputError]) -> float | None:
    try:
        radius = float(asked.replace(",", "."))
    except ValueError:
        radius = float("nan")
    if isfinite(radius) and 1 <= radius <= MAX_RADIUS_KM:
        return radius
    errors.append(
        InputError(
            "rayon",
            f"Rayon « {asked[:20]} » impossible : donnez un nombre de 1 à {MAX_RADIUS_KM:.0f} km.",
        )
    )
    return None


def _page(values: Mapping[str, Sequence[str]], errors: list[InputError]) -> int:
    asked = _first(values, "page") or "1"
    if asked.isascii() and asked.isdigit() and 1 <= int(asked[:9]) <= MAX_PAGE:
        return int(asked)
    errors.append(InputError("page", f"La page « {asked[:20]} » n'existe pas."))
    return 1
