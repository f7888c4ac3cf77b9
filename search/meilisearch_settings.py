"""The settings of a Meilisearch index, declared from our schema: the whole of them, in code."""

from typing import Any

from search import ranking
from search.schema import IndexSchema, Kind
from search.text import STOP_WORDS

VERSION = "4"  # raise it when documents are written otherwise (search/meilisearch_documents.py)

MAX_TOTAL_HITS = 1_000_000  # of one search: every result can be counted and paged
FACET_VALUES = 1_000_000  # of one facet: all, that of identifiers included
#: Facets with about as many values as documents: those of the documents found are read, where
#: each value of the others is intersected with what is found.
MANY_VALUES = ("id", "buyer_named")

SAME = "in_same_words"  # other words for what the document says (search/synonyms.py)
TOWN = "in_town"  # the whole town, when its name is one word
NUMBERS = "in_numbers"  # département, postcode, SIREN, SIRET


def column_field(column: str) -> str:
    """The attribute that holds the folded words of a column."""
    return f"in_{column}_words"


def searchable(schema: IndexSchema) -> list[str]:
    """The attributes that are searched, the weightiest column first: the declared weights
    (search/schema.py) as an order. Other words stand after the activity's own."""
    columns = sorted(schema.columns, key=lambda column: -column.weight)
    names: list[str] = []
    for column in columns:
        if column.name == "place":
            names += [NUMBERS, TOWN]
        names.append(column_field(column.name))
        if column.name == "activity":
            names.append(SAME)
    return names


def searched_in(schema: IndexSchema, columns: tuple[str, ...]) -> list[str] | None:
    """The attributes for a search in some columns alone; None for all."""
    if not columns:
        return None
    found = [column_field(name) for name in columns]
    return [TOWN, *found] if "place" in columns else found


def settings(schema: IndexSchema) -> dict[str, Any]:
    """The settings of an index.

    Ranking rules are the table of search/ranking.py as an order: more of the words, fewer typos,
    the weightier column, the word as typed and the whole name, words side by side; then what
    `sort` says for this search: the distance, the quality with the day's turn.

    No synonyms here: Meilisearch applies them to words typed without fault only, so documents
    hold them (search/meilisearch_documents.py), where typos and plurals find them too.
    """
    keywords = [f.name for f in schema.fields if f.kind is Kind.KEYWORD]
    numbers = [f.name for f in schema.fields if f.kind in (Kind.NUMBER, Kind.DATE)]
    sorted_by = [*map(order_field, range(ranking.TURNS)), *schema.sort_fields.values()]
    return {
        "searchableAttributes": searchable(schema),
        # What is only searched is not read again with each hit.
        "displayedAttributes": ["id", "stored", "texts", "_geo", "sort_name", *sorted_by],
        "filterableAttributes": _filterable(sorted(["id", *keywords]), sorted(numbers)),
        "sortableAttributes": sorted({"_geo", "sort_name", *sorted_by}),
        "rankingRules": ["words", "typo", "attributeRank", "exactness", "proximity", "sort"],
        "stopWords": sorted(STOP_WORDS),
        "synonyms": {},
        "distinctAttribute": None,
        "typoTolerance": {
            "enabled": True,
            "minWordSizeForTypos": {
                "oneTypo": ranking.FORGIVEN_FROM,
                "twoTypos": ranking.TWO_TYPOS_FROM,
            },
            "disableOnWords": [],
            "disableOnAttributes": [NUMBERS],
            "disableOnNumbers": True,
        },
        "pagination": {"maxTotalHits": MAX_TOTAL_HITS},
        "faceting": {"maxValuesPerFacet": FACET_VALUES, "sortFacetValuesBy": _facet_orders()},
        "facetSearch": False,
        "proximityPrecision": "byAttribute",
        "prefixSearch": "indexingTime",
    }


def _filterable(keywords: list[str], numbers: list[str]) -> list[Any]:
    """Keywords are compared with nothing, which spares the server the tree of their ranges."""
    equal = {"facetSearch": False, "filter": {"equality": True, "comparison": False}}
    return [{"attributePatterns": keywords, "features": equal}, "_geo", *numbers]


def _facet_orders() -> dict[str, str]:
    return {"*": "count"} | dict.fromkeys(MANY_VALUES, "alpha")


def order_field(turn: int) -> str:
    """The attribute with the order among equals of one turn."""
    return f"order_{turn}"
