"""The search that a subscription keeps: read and checked by the same code as its page."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final
from urllib.parse import parse_qs, urlencode

from annuaire.contracts.search import TERRITORY, asked_contracts
from annuaire.geo.free_address import Finder, find_place
from annuaire.listing import place_sentence
from search.engine import Engine, IndexName, Query
from search.filters import STRUCTURE_FILTERS, STRUCTURE_SORTS, Search, parse
from search.filters.contracts import BUYER

Values = Mapping[str, Sequence[str]]

CONTRACTS: Final = "contracts"  # kinds of subscription
STRUCTURES: Final = "structures"
OPPORTUNITIES: Final = "opportunities"
STRUCTURE: Final = "structure"
#: The page whose search each kind keeps.
PAGES: Final = {CONTRACTS: "/marches", STRUCTURES: "/structures"}
#: What a page asks that an alert does not keep.
PAGE_ALONE: Final = ("page", "tri")
#: Filters whose value says what they are.
PLAIN: Final = frozenset({"activite", "domaine", "departement", "acheteur", "cpv", "famille"})
MAX_QUERY: Final = 2_000  # characters


def query_string(values: Values) -> str:
    """What is kept of a search: its keys in their order, without what only its page needs."""
    kept = [
        (key, value) for key, given in values.items() if key not in PAGE_ALONE
        for value in given if value.strip()
    ]  # fmt: skip
    return urlencode(kept)


def read_query(query: str) -> dict[str, list[str]]:
    """The values of a query string that was kept."""
    return parse_qs(query)


def search_of(kind: str, values: Values, engine: Engine, find: Finder = find_place) -> Search:
    """The search, checked as its page checks it: what cannot be used is in `errors`. Raises
    EngineUnavailable."""
    if kind == CONTRACTS:
        return asked_contracts(engine, values, find)
    return parse(STRUCTURE_FILTERS, STRUCTURE_SORTS, values, find)


def index_of(kind: str) -> IndexName:
    """The index that a kind of search asks."""
    return "contracts" if kind == CONTRACTS else "structures"


def query_of(kind: str, search: Search, today: date) -> Query:
    """The query that the page would put to the engine on a day."""
    territory = TERRITORY if kind == CONTRACTS else "departement"
    return search.query(today, territory_field=territory)


def trouble_of(search: Search) -> str | None:
    """Why a search that was kept can serve no more: a filter that is left out would have it find
    what nobody asked for. A buyer that nothing known names yet is no such trouble."""
    wrong = [error.message for error in search.errors if error.field != BUYER.key]
    return " ".join(wrong) or None


def names_nobody(search: Search) -> bool:
    """Whether it asks for a buyer that is not known: it finds nothing for now."""
    return any(error.field == BUYER.key for error in search.errors)


def name_of(search: Search) -> str:
    """A search in few words: « nettoyage », à 25 km de Lille (59), Clauses sociales : oui."""
    found = [f"« {search.text.strip()} »"] if search.text.strip() else []
    found += [c.label for c in search.chosen if c.kind.key in PLAIN]
    if search.place:
        found.append(place_sentence(search.place, search.radius_km))
    return ", ".join([*found, *(c.sentence for c in search.chosen if c.kind.key not in PLAIN)])


def sentences(search: Search) -> list[str]:
    """What a search asks, in words."""
    found = [f"Mots : « {search.text.strip()} »"] if search.text.strip() else []
    if search.place:
        found.append(f"Lieu : {place_sentence(search.place, search.radius_km)}")
    return found + [chosen.sentence for chosen in search.chosen]
