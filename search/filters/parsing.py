"""What a user sent, checked: nothing that cannot be used is passed over in silence."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import isfinite
from typing import Final

from annuaire.geo.free_address import Finder, find_place, unknown_place
from annuaire.geo.places import Place
from search.filters.asked import Search
from search.filters.kinds import Chosen, FilterKind, InputError

MAX_TEXT: Final = 500
MAX_RADIUS_KM: Final = 300.0
DEFAULT_RADIUS_KM: Final = 25.0
MAX_PAGE: Final = 10_000
DEFAULT_SORT: Final = "pertinence"


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
        chosen += _chosen(known[key], dict.fromkeys(v for v in given if v), errors)
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


def _chosen(kind: FilterKind, values: Iterable[str], errors: list[InputError]) -> Iterator[Chosen]:
    """The values of one filter that can be used."""
    usable = 0
    for value in values:
        found = kind.chosen(value)
        if found is None:
            wrong = f"n'existe pas{f' : attendu, {kind.expected}' if kind.expected else ''}"
            message = f"{kind.name} : la valeur « {value[:40]} » {wrong}."
            errors.append(InputError(kind.key, message))
        elif kind.single and usable:
            message = f"{kind.name} : une seule valeur sert, « {value[:40]} » est laissée."
            errors.append(InputError(kind.key, message))
        else:
            usable += 1
            yield found


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
