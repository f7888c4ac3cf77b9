"""A page of search results as templates show it: facets, active filters, what to relax, paging."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from annuaire.activities.taxonomy import taxonomy
from annuaire.geo.places import Place, near_names, shown
from annuaire.geo.typed_point import in_words
from annuaire.paging import Arguments, Page, address, page_number
from annuaire.relaxing import Count, Link, corrected, proposals, without
from search.engine import Hits
from search.filters import DEFAULT_RADIUS_KM, DEFAULT_SORT, FilterKind, Search


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a facet: its words, how many results it has, whether it is chosen."""

    value: str
    label: str
    count: int | None
    selected: bool

    @property
    def id(self) -> str:
        """The value as a part of an `id`: the same after an update, so that focus stays there."""
        return "".join(c if c.isascii() and c.isalnum() else f"_{ord(c):x}" for c in self.value)


@dataclass(frozen=True, slots=True)
class Branch:
    """A group of activities and its leaves; `open` when one of them is chosen."""

    group: Choice
    leaves: list[Choice]
    open: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """What a results template needs."""

    total: int
    cards: list[Any]
    relaxed: bool
    facets: dict[str, list[Choice]]
    tree: list[Branch]  # the activities under their groups
    active_filters: list[Link]
    suggestions: list[Link]
    correction: Link | None  # the same search without its typos, when it seems to have some
    near: list[Link]  # the same search at the places that a misspelt one is near
    page: Page[Any]
    alert_url: str  # where an alert is made of this search


def listing(
    asked: Search,
    hits: Hits,
    cards: list[Any],
    kinds: Sequence[FilterKind],
    path: str,
    arguments: Arguments,
    per_page: int,
    count: Count,
) -> Listing:
    """Results, ready for the template; addresses keep all that was asked. `count` gives how many
    results another search has: nothing is proposed that leads to none."""
    number = page_number(asked.page, hits.total, per_page)
    facets = {
        kind.key: _choices(kind, hits, asked) if kind.field in hits.facets else [] for kind in kinds
    }
    return Listing(
        total=hits.total,
        cards=cards,
        relaxed=hits.relaxed,
        facets=facets,
        tree=_tree(facets["domaine"], facets["activite"]),
        active_filters=[*_active(asked, path, arguments)],
        suggestions=[] if hits.total else proposals(asked, path, arguments, count),
        correction=corrected(asked, hits.correction, path, arguments, count),
        near=[*_near(asked, path, arguments)],
        page=Page(cards, hits.total, number, per_page, lambda n: _page_url(path, arguments, n)),
        alert_url=alert_url(path.removeprefix("/"), without(arguments, "page", "tri")),
    )


def alert_url(sort: str, arguments: Arguments) -> str:
    """Where an alert is made of a search of contracts (« marches ») or of structures."""
    return address("/alertes/nouvelle", [("sorte", sort), ("recherche", urlencode(arguments))])


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


def _tree(groups: list[Choice], leaves: list[Choice]) -> list[Branch]:
    """Leaves under their groups: the groups in use first, then those with most results."""
    known = taxonomy()
    under: dict[str, list[Choice]] = {group.value: [] for group in groups}
    for leaf in leaves:
        under.setdefault(known.group_of(leaf.value) or leaf.value, []).append(leaf)
    counted = {group.value: group for group in groups}
    branches = [
        Branch(
            counted.get(code) or Choice(code, known.label(code), 0, False),
            below,
            any(leaf.selected for leaf in below),
        )
        for code, below in under.items()
    ]
    return sorted(branches, key=lambda b: not (b.open or b.group.selected))  # stable


def _active(asked: Search, path: str, arguments: Arguments) -> Iterable[Link]:
    if asked.place:
        sentence = place_sentence(asked.place, asked.radius_km)
        rest = without(arguments, "lieu", "rayon")
        yield Link(f"Lieu : {sentence}", address(path, rest))
    for chosen in asked.chosen:
        rest = without(arguments, chosen.kind.key, value=chosen.value)
        yield Link(chosen.sentence, address(path, rest))


def _near(asked: Search, path: str, arguments: Arguments) -> Iterable[Link]:
    if any(error.field == "lieu" for error in asked.errors):
        for place in near_names(dict(arguments).get("lieu", "")):
            yield Link(
                place.label, address(path, [*without(arguments, "lieu"), ("lieu", place.label)])
            )


def place_sentence(place: Place, radius_km: float | None) -> str:
    """« à 25 km de Lille »: a place that is searched, in words."""
    if radius_km is None:
        return place.label
    if place.kind == "point":
        return f"{place.label}, {radius_km:g} km autour de son centre"
    return f"à {radius_km:g} km de {place.label}"


def sort_options(sorts: Mapping[str, tuple[str, str]]) -> list[tuple[str, str]]:
    """The sorts as a list of the form: (value, words); the usual one is not in the address."""
    return [("" if key == DEFAULT_SORT else key, label) for key, (_, label) in sorts.items()]


class FormValues(dict[str, str]):
    """What was typed, by field; a field that was left out is empty."""

    def __missing__(self, key: str) -> str:
        return ""


def form_values(arguments: Arguments, asked: Search) -> FormValues:
    """What the form shows again: every value as it was typed, a point of the map or the code of a
    place in words, the default radius when it serves."""
    values = FormValues()
    for key, value in arguments:
        values.setdefault(key, value)
    if asked.place and asked.place.kind == "point":
        values["lieu"] = in_words(asked.place)
    elif "lieu" in values:
        values["lieu"] = shown(values["lieu"])
    if asked.radius_km == DEFAULT_RADIUS_KM and not values.get("rayon"):
        values["rayon"] = f"{DEFAULT_RADIUS_KM:g}"
    return values
