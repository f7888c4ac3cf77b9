"""The filters that users know: key, allowed values, what the engine is asked, and the sentence.

One object gives the page, the command line and (later) the alert the same words and the same
query, so a filter that is not declared here cannot exist.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import isfinite

from annuaire.activities.taxonomy import taxonomy
from annuaire.geo.free_address import Finder, find_place, unknown_place
from annuaire.geo.gazetteer import departement_label
from annuaire.geo.places import Place
from annuaire.structures.kinds import FAMILIES, kind_label
from annuaire.structures.kinds import KINDS as STATUS_KINDS
from search.engine import Circle, Filter, Query, Range, Terms
from search.schema import date_number

MAX_TEXT = 500
MAX_NAME = 200
MAX_RADIUS_KM = 300.0
DEFAULT_RADIUS_KM = 25.0
MAX_PAGE = 10_000


def _within(place: Place, territory_field: str) -> Filter:
    """An intercommunalité is finer than its départements, where the index knows it: structures."""
    if place.kind == "epci" and territory_field == "departement":
        return Terms("epci", (place.code,))
    return Terms(territory_field, tuple(place.departements))


def _terms(field: str, values: Sequence[str], _today: date) -> Filter:
    return Terms(field, tuple(values))


@dataclass(frozen=True, slots=True)
class FilterKind:
    """A filter that exists: `field` in the index, `label_of(value)` gives its words, or None when
    the value is not one of the allowed ones; `sentence` holds {} where the label goes; `build`
    makes the engine's filter from the chosen values, on a day."""

    key: str
    name: str
    field: str
    label_of: Callable[[str], str | None]
    sentence: str
    build: Callable[[str, Sequence[str], date], Filter] = _terms

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


def _kind_label(code: str) -> str | None:
    return kind_label(code) if code in STATUS_KINDS else None


def _one_of(labels: Mapping[str, str]) -> Callable[[str], str | None]:
    return labels.get


def _as_named(value: str) -> str | None:
    """Names that sources choose freely: what nobody is called finds nothing."""
    return value if len(value) <= MAX_NAME and value.isprintable() else None


def _reserved(field: str, values: Sequence[str], _today: date) -> Filter:
    return Terms(field, tuple(type_ for value in values for type_ in RESERVED_TYPES[value]))


def _openness(field: str, values: Sequence[str], today: date) -> Filter:
    """Open until the closing day, that day included. Both values together limit nothing."""
    if set(values) == {"ouvert", "clos"}:
        return Range(field)
    if "ouvert" in values:
        return Range(field, minimum=date_number(today.isoformat()))
    return Range(field, maximum=date_number((today - timedelta(days=1)).isoformat()))


TYPES = {"travaux": "travaux", "services": "services", "fournitures": "fournitures"}
NATURES = {
    "call": "appel à la concurrence",
    "award": "attribution",
    "planned": "marché annoncé",
    "correction": "rectificatif",
    "modification": "modification",
    "cancellation": "annulation",
    "other": "autre",
}
OPENNESS = {"ouvert": "ouvert", "clos": "clos"}
YES_NO = {"oui": "oui", "non": "non"}
RESERVED_LABELS = {
    "siae": "insertion (L2113-13)",
    "handicap": "handicap (L2113-12)",
    "ess": "économie sociale et solidaire (L2113-15)",
    "oui": "tout marché réservé",
}
RESERVED_TYPES = {
    "siae": ("reserved_siae",),
    "handicap": ("reserved_handicap",),
    "ess": ("reserved_ess",),
    "oui": ("reserved_siae", "reserved_handicap", "reserved_ess", "reserved_unspecified"),
}

STRUCTURE_FILTERS: tuple[FilterKind, ...] = (
    FilterKind("activite", "Activité", "activities", _activity_label, "Activité : {}"),
    FilterKind("domaine", "Domaine", "groups", _group_label, "Domaine : {}"),
    FilterKind("type", "Type de structure", "kinds", _kind_label, "Type : {}"),
    FilterKind("famille", "Famille", "families", _one_of(FAMILIES), "Famille : {}"),
    FilterKind("departement", "Département", "departement", departement_label, "Département : {}"),
    FilterKind("reseau", "Réseau", "networks", _as_named, "Réseau : {}"),
    FilterKind("label", "Label", "labels", _as_named, "Label : {}"),
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
    FilterKind(
        "reserve", "Réservé à", "reserved", _one_of(RESERVED_LABELS), "Réservé : {}", _reserved
    ),
    FilterKind("activite", "Activité", "activities", _activity_label, "Activité : {}"),
    FilterKind("domaine", "Domaine", "groups", _group_label, "Domaine : {}"),
    FilterKind("departement", "Département", "departements", departement_label, "Département : {}"),
    FilterKind("type", "Type", "types", _one_of(TYPES), "Type : {}"),
    FilterKind("nature", "Nature de l'avis", "nature", _one_of(NATURES), "Avis : {}"),
    FilterKind("etat", "État", "deadline", _one_of(OPENNESS), "État : {}", _openness),
)

DEFAULT_SORT = "pertinence"
STRUCTURE_SORTS = {
    "pertinence": ("relevance", "Pertinence"),
    "distance": ("distance", "Distance"),
    "nom": ("name", "Nom"),
}
CONTRACT_SORTS = {
    "pertinence": ("relevance", "Pertinence"),
    "echeance": ("deadline", "Échéance"),
    "date": ("newest", "Date de publication"),
    "distance": ("distance", "Distance"),
}


@dataclass(frozen=True, slots=True)
class Search:
    """What a user asks, checked: values that could not be used are in `errors`, and left out.
    `place_note` says how the place was understood, when that is not plain."""

    text: str
    place: Place | None
    radius_km: float | None
    chosen: tuple[Chosen, ...]
    sort: str
    page: int
    errors: tuple[InputError, ...]
    place_note: str | None = None

    def query(
        self,
        today: date,
        *,
        facets: tuple[str, ...] = (),
        per_page: int = 20,
        extra: tuple[Filter, ...] = (),
        territory_field: str = "departement",
    ) -> Query:
        """The query for the engine: a place with a radius is a circle, a territory a filter."""
        filters = [*extra, *self._by_kind(today)]
        circle, origin = None, None
        if self.place:
            if self.place.lat is not None and self.place.lon is not None:
                origin = (self.place.lat, self.place.lon)
            if self.radius_km is not None and origin:
                circle = Circle(*origin, self.radius_km)
            else:
                filters.append(_within(self.place, territory_field))
        return Query(
            text=self.text,
            filters=tuple(filters),
            circle=circle,
            origin=origin,
            facets=facets,
            sort=self.sort if self.sort != "distance" or origin else "relevance",
            offset=(self.page - 1) * per_page,
            limit=per_page,
            day=today.isoformat(),
        )

    def _by_kind(self, today: date) -> Iterable[Filter]:
        values: dict[str, list[Chosen]] = {}
        for chosen in self.chosen:
            values.setdefault(chosen.kind.key, []).append(chosen)
        for group in values.values():
            kind = group[0].kind
            yield kind.build(kind.field, [chosen.value for chosen in group], today)


def parse(
    kinds: Sequence[FilterKind],
    sorts: Mapping[str, tuple[str, str]],
    values: Mapping[str, Sequence[str]],
    find: Finder = find_place,
) -> Search:
    """Check what a user sent (key → values). Never raises: what cannot be used is said. `find`
    gives the place that a text names.

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
                errors.append(InputError(key, f"{name} : la valeur « {value[:40]} » n'existe pas."))
    place, radius, note = _place(values, errors, find)
    sort_key = _first(values, "tri") or DEFAULT_SORT
    if sort_key not in sorts:
        errors.append(InputError("tri", f"Le tri « {sort_key[:40]} » n'existe pas."))
        sort_key = DEFAULT_SORT
    return Search(
        text=_text(values, errors),
        place=place,
        radius_km=radius,
        chosen=tuple(chosen),
        sort=sorts[sort_key][0],
        page=_page(values, errors),
        errors=tuple(errors),
        place_note=note,
    )


def _first(values: Mapping[str, Sequence[str]], key: str) -> str:
    given = values.get(key) or ("",)
    return given[0].strip()


def _text(values: Mapping[str, Sequence[str]], errors: list[InputError]) -> str:
    text = "".join(c if c.isprintable() else " " for c in _first(values, "q"))
    if len(text) > MAX_TEXT:
        errors.append(
            InputError(
                "q", f"Recherche trop longue : seuls les {MAX_TEXT} premiers signes servent."
            )
        )
    return text[:MAX_TEXT]


def _place(
    values: Mapping[str, Sequence[str]], errors: list[InputError], find: Finder
) -> tuple[Place | None, float | None, str | None]:
    typed, asked = _first(values, "lieu"), _first(values, "rayon")
    radius = _radius(asked, errors) if asked else None
    if not typed:
        return None, None, None
    found = find(typed[:100])
    if found is None:
        errors.append(InputError("lieu", unknown_place(typed)))
        return None, None, None
    if radius is None and found.place.kind in {"commune", "postcode", "address", "point"}:
        radius = DEFAULT_RADIUS_KM
    return found.place, radius, found.note


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
    if asked.isascii() and asked.isdigit() and len(asked) < 9 and 1 <= int(asked) <= MAX_PAGE:
        return int(asked)
    errors.append(InputError("page", f"La page « {asked[:20]} » n'existe pas."))
    return 1
