"""A page of search results as templates show it: facets, active filters, what to relax, paging."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from annuaire.geo.places import Place
from annuaire.geo.typed_point import in_words
from annuaire.paging import Arguments, Page, address, page_number
from search.engine import Hits
from search.filters import DEFAULT_RADIUS_KM, DEFAULT_SORT, FilterKind, Search

WIDER_KM = (50, 100, 200)


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a facet: its words, how many results it has, whether it is chosen."""

    value: str
    label: str
    count: int | None
    selected: bool


@dataclass(frozen=True, slots=True)
class Link:
    """A sentence and the address that it leads to."""

    sentence: str
    url: str


@dataclass(frozen=True, slots=True)
class Listing:
    """What a results template needs."""

    total: int
    cards: list[Any]
    relaxed: bool
    facets: dict[str, list[Choice]]
    active_filters: list[Link]
    suggestions: list[Link]
    correction: Link | None  # the same search without its typos, when it seems to have some
    page: Page[Any]


def listing(
    asked: Search,
    hits: Hits,
    cards: list[Any],
    kinds: Sequence[FilterKind],
    path: str,
    arguments: Arguments,
    per_page: int,
) -> Listing:
    """Results, ready for the template; addresses keep all that was asked."""
    number = page_number(asked.page, hits.total, per_page)
    return Listing(
        total=hits.total,
        cards=cards,
        relaxed=hits.relaxed,
        facets={
            kind.key: _choices(kind, hits, asked) if kind.field in hits.facets else []
            for kind in kinds
        },
        active_filters=[*_active(asked, path, arguments)],
        suggestions=[*_suggestions(asked, path, arguments)] if not hits.total else [],
        correction=_correction(hits, path, arguments),
        page=Page(cards, hits.total, number, per_page, lambda n: _page_url(path, arguments, n)),
    )


def _correction(hits: Hits, path: str, arguments: Arguments) -> Link | None:
    if not hits.correction:
        return None
    return Link(hits.correction, address(path, arguments, q=hits.correction, page=None))


def _page_url(path: str, arguments: Arguments, number: int) -> str:
    return address(path, arguments, page=number if number > 1 else None)


def _choices(kind: FilterKind, hits: Hits, asked: Search) -> list[Choice]:
    """The facet's values, most results first; a chosen value stays even without result."""
    chosen = {c.value for c in asked.chosen if c.kind.key == kind.key}
    counts = dict(hits.facets[kind.field])
    for value in chosen:
        counts.setdefault(value, 0)
    labelled = [
        Choice(value, label, count, value in chosen)
        for value, count in counts.items()
        if (label := kind.label_of(value))
    ]
    return sorted(labelled, key=lambda c: (not c.selected, -(c.count or 0), c.label))


def _without(arguments: Arguments, key: str, value: str | None = None) -> list[tuple[str, str]]:
    dropped = {key, "page"} if value is None else {"page"}
    return [(k, v) for k, v in arguments if k not in dropped and not (k == key and v == value)]


def _active(asked: Search, path: str, arguments: Arguments) -> Iterable[Link]:
    if asked.place:
        sentence = _place_sentence(asked.place, asked.radius_km)
        rest = [(k, v) for k, v in _without(arguments, "lieu") if k != "rayon"]
        yield Link(f"Lieu : {sentence}", address(path, rest))
    for chosen in asked.chosen:
        yield Link(
            chosen.sentence, address(path, _without(arguments, chosen.kind.key, chosen.value))
        )


def _place_sentence(place: Place, radius_km: float | None) -> str:
    if radius_km is None:
        return place.label
    if place.kind == "point":
        return f"{place.label}, {radius_km:g} km autour de son centre"
    return f"à {radius_km:g} km de {place.label}"


def _suggestions(asked: Search, path: str, arguments: Arguments) -> Iterable[Link]:
    """What could be let go, from the least loss to the greatest."""
    if asked.place and asked.radius_km is not None:
        wider = next((km for km in WIDER_KM if km > asked.radius_km), None)
        if wider:
            rest = _without(arguments, "rayon")
            yield Link(f"Élargir à {wider} km", address(path, [*rest, ("rayon", str(wider))]))
    for chosen in asked.chosen:
        rest = _without(arguments, chosen.kind.key, chosen.value)
        yield Link(f"Retirer le filtre « {chosen.sentence} »", address(path, rest))
    if asked.place:
        rest = [(k, v) for k, v in _without(arguments, "lieu") if k != "rayon"]
        yield Link("Chercher dans toute la France", address(path, rest))
    if asked.text and (asked.chosen or asked.place):
        yield Link("Retirer les mots de la recherche", address(path, _without(arguments, "q")))


def sort_options(sorts: Mapping[str, tuple[str, str]]) -> list[tuple[str, str]]:
    """The sorts as a list of the form: (value, words); the usual one is not in the address."""
    return [("" if key == DEFAULT_SORT else key, label) for key, (_, label) in sorts.items()]


class FormValues(dict[str, str]):
    """What was typed, by field; a field that was left out is empty."""

    def __missing__(self, key: str) -> str:
        return ""


def form_values(arguments: Arguments, asked: Search) -> FormValues:
    """What the form shows again: every value as it was typed, a point of the map in words,
    the default radius when it serves."""
    values = FormValues()
    for key, value in arguments:
        values.setdefault(key, value)
    if asked.place and asked.place.kind == "point":
        values["lieu"] = in_words(asked.place)
    if asked.radius_km == DEFAULT_RADIUS_KM and not values.get("rayon"):
        values["rayon"] = f"{DEFAULT_RADIUS_KM:g}"
    return values
