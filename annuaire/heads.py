"""What the head of a list's page says to search engines: its one address, whether to keep it."""

from collections.abc import Sequence
from dataclasses import dataclass

from annuaire.paging import Arguments, address
from search.filters import Search

NOISE = ("page", "tri")  # other views of one list
TYPES = {
    "csv": ("text/csv", "La liste en CSV"),
    "geojson": ("application/geo+json", "La liste en GeoJSON"),
}
#: The feeds of a list. Asked nothing, that of contracts follows those with a social clause.
FEEDS = {
    "/marches": (
        ("application/feed+json", "Les nouveaux marchés, en JSON Feed", "/flux/marches.json"),
        ("application/atom+xml", "Les nouveaux marchés, en Atom", "/flux/marches.atom"),
    ),
    "/structures": (
        (
            "application/feed+json",
            "Les nouvelles structures, en JSON Feed",
            "/flux/structures.json",
        ),
        ("application/atom+xml", "Les nouvelles structures, en Atom", "/flux/structures.atom"),
    ),
}


@dataclass(frozen=True, slots=True)
class Head:
    """`url` is the canonical address, `robots` empty when the page may be kept; `alternates` are
    (media type, words, address)."""

    url: str
    robots: str
    alternates: list[tuple[str, str, str]]


def list_head(
    base: str, path: str, arguments: Arguments, asked: Search, endings: Sequence[str]
) -> Head:
    """The head of a search's page. Only the whole list is for search engines: combinations of
    filters are endless, and activities and territories have pages of their own."""
    kept = [(key, value) for key, value in arguments if key not in NOISE]
    if asked.place and asked.place.kind == "point":
        point = asked.place.token
        kept = [(key, point if key == "lieu" else value) for key, value in kept]
    files = [(*TYPES[ending], address(f"{path}/export.{ending}", kept)) for ending in endings]
    if not asked.errors:
        files += [(kind, words, address(feed, kept)) for kind, words, feed in FEEDS.get(path, ())]
    return Head(
        url=base + address(path, kept),
        robots="noindex, follow" if kept or asked.errors else "",
        alternates=files,
    )
