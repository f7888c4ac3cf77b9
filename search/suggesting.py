"""What engines answer beside a search, asked of any of them through the port."""

from collections import Counter
from itertools import zip_longest

from rapidfuzz.distance import OSA

from search.engine import Engine, Hit, Query, Suggestion, Terms
from search.prepared import values_of
from search.ranking import typos_allowed
from search.schema import IndexSchema
from search.text import fold, query_words, tokens

MAX_TYPED = 100  # characters read of what is being typed
MAX_WORDS = 6
LOOKED_AT = 40  # documents whose values are suggested, of each kind


def suggest(engine: Engine, schema: IndexSchema, text: str, limit: int) -> tuple[Suggestion, ...]:
    """Activities, places, then names whose words begin as those typed: each kind has its share,
    and what one leaves goes to the others."""
    words = query_words(text[:MAX_TYPED], MAX_WORDS)
    if not words or limit < 1:
        return ()
    # A first letter says too little to be sought beside other words; it still chooses among values.
    sought = words[:-1] if len(words) > 1 and len(words[-1]) == 1 else words
    kinds = [
        _values(engine, schema, " ".join(sought), words, kind, fields)
        for kind, fields in schema.suggested
    ]
    in_turn = [each for row in zip_longest(*kinds) for each in row if each is not None]
    kept = set(in_turn[:limit])
    return tuple(each for kind in kinds for each in kind if each in kept)


def _values(
    engine: Engine, schema: IndexSchema, sought: str, words: list[str], kind: str,
    fields: tuple[str, ...],
) -> list[Suggestion]:  # fmt: skip
    columns = tuple({schema.by_name[name].column for name in fields})
    typed = " ".join(words)
    query = Query(sought, columns=columns, limit=LOOKED_AT, highlight=False)
    answer = engine.search(schema.name, query)
    found: dict[str, Suggestion] = {}
    times: Counter[str] = Counter()
    for hit in () if answer.relaxed else answer.hits:
        for name in fields:
            for value in values_of(hit.texts.get(name, [])):
                if _becomes(words, value):
                    key = fold(value)
                    times[key] += 1
                    found.setdefault(key, Suggestion(kind, value, hit.id if kind == "name" else ""))
    order = {key: at for at, key in enumerate(found)}
    ranked = sorted(found, key=lambda key: (not key.startswith(typed), -times[key], order[key]))
    return [found[key] for key in ranked]


def _becomes(words: list[str], value: str) -> bool:
    """Whether each word typed begins a word of the value, or is one of them but for its typos."""
    held = tokens(value)
    return all(any(_begins(word, other) for other in held) for word in words)


def _begins(word: str, other: str) -> bool:
    if other.startswith(word):
        return True
    allowed = typos_allowed(word)
    return bool(allowed) and OSA.distance(word, other, score_cutoff=allowed) <= allowed


def similar(engine: Engine, schema: IndexSchema, id_: str, limit: int) -> tuple[Hit, ...]:
    """Those that share a value of the most telling keyword that the document has, the nearest
    first when it has a place."""
    itself = (Terms("id", (id_,)),)
    facets = engine.search(schema.name, Query(filters=itself, facets=schema.alike, limit=0)).facets
    field = next((name for name in schema.alike if facets.get(name)), None)
    if field is None:
        return ()
    points = engine.points(schema.name, Query(filters=itself))
    origin = (points[0].lat, points[0].lon) if points else None
    query = Query(
        filters=(Terms(field, tuple(facets[field])),),
        origin=origin,
        sort="distance" if origin else "relevance",
        limit=limit + 1,
        highlight=False,
    )
    hits = engine.search(schema.name, query).hits
    return tuple(hit for hit in hits if hit.id != id_)[:limit]
