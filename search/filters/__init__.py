"""The filters that users know: key, allowed values, what the engine is asked, and the sentence.

One object gives the page, the command line and (later) the alert the same words and the same
query, so a filter that is not declared here cannot exist.
"""

from search.filters.asked import Search
from search.filters.contracts import CONTRACT_FILTERS, CONTRACT_SORTS
from search.filters.kinds import Chosen, FilterKind, InputError
from search.filters.parsing import DEFAULT_RADIUS_KM, DEFAULT_SORT, parse
from search.filters.structures import SERVES, STRUCTURE_FILTERS, STRUCTURE_SORTS

__all__ = [
    "CONTRACT_FILTERS",
    "CONTRACT_SORTS",
    "DEFAULT_RADIUS_KM",
    "DEFAULT_SORT",
    "SERVES",
    "STRUCTURE_FILTERS",
    "STRUCTURE_SORTS",
    "Chosen",
    "FilterKind",
    "InputError",
    "Search",
    "parse",
]
