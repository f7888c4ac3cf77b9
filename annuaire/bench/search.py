"""How fast a search engine answers on generated data: narrow, usual and broad questions."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random
from time import perf_counter, process_time
from typing import Any

from annuaire.bench.contract_search import contract_rows
from annuaire.bench.documents import a_town, misspelt, structure_documents
from annuaire.bench.timing import measured, processor, timed
from annuaire.bench.typos import damages, lost
from annuaire.bench.vocabulary import TOWNS, TRADES
from annuaire.matching.gathering import BY_WORDS
from search.engine import Circle, Engine, Query, Terms

ASKED = 200  # queries of each case
TYPOS = 1_000  # queries damaged by a typo or a missing accent
PEER = "sector + city + facets"
# What a peer takes for a sector and a city, ordered by distance, on 15,000 structures in
# PostgreSQL 15: medians in milliseconds, without its JIT and with it; pages not counted.
PEER_MS = {"peer_ms": 1_582, "peer_jit_ms": 2_616}
FACETS = ("kinds", "activities", "departement")
RADIUS_KM = 50.0
DAY = "2026-01-05"


def bench_search(
    engine_factory: Callable[[], Engine], size: int, seed: int = 1
) -> list[dict[str, Any]]:
    """Fill the empty engine that the factory gives with `size` structures and time it.

    Returns the rows of `bench`: rebuild, single writes, then each case of query with p50 and p95
    in milliseconds, of the clock and of this process's processor, and searches a second (one
    caller); then the same of `size` contracts.
    """
    engine = engine_factory()
    started = perf_counter()
    with engine.rebuild("structures", expected=size) as rebuild:
        rebuild.add(structure_documents(size, seed))
    seconds = perf_counter() - started
    rows = [measured("rebuild", size, size, seconds=round(seconds, 2), rate=size / seconds)]
    rows.append(_writes(engine, size, seed))
    for case, make in CASES.items():
        draw = Random(f"{seed}/{case}")  # noqa: S311
        queries = [make(draw) for _ in range(ASKED)]
        for query in queries[:3]:
            engine.search("structures", query)
        times = [_search(engine, query) for query in queries]
        row = timed(case, size, (wall for wall, _ in times)) | processor(
            [used for _, used in times]
        )
        rows.append(row | PEER_MS if case == PEER else row)
    everywhere = Query(facets=(), day=DAY)
    rows.append(timed("map, every point", size, (_points(engine, everywhere) for _ in range(5))))
    typing = [_typing(draw) for draw in [Random(f"{seed}/typing")] for _ in range(ASKED)]  # noqa: S311
    rows.append(timed("proposals while typing", size, (_suggest(engine, t) for t in typing)))
    ids = [str(Random(f"{seed}/{n}").randrange(1, size + 1)) for n in range(ASKED)]  # noqa: S311
    rows.append(timed("structures near one", size, (_similar(engine, id_) for id_ in ids)))
    rows.append(_typos(engine, size, seed))
    rows += contract_rows(engine, size, seed)
    return rows


def _words(draw: Random, *, typos: bool) -> str:
    trade = draw.choice(TRADES)
    words = draw.choice(trade.words).split()
    if typos and draw.random() < 0.5:
        at = max(range(len(words)), key=lambda i: len(words[i]))
        words[at] = misspelt(draw, words[at])
    return " ".join(words)


def _text(draw: Random) -> Query:
    return Query(_words(draw, typos=True), day=DAY)


def _usual(draw: Random) -> Query:
    """Text (half with a typo), 60 % an activity, 40 % a kind, 50 km around a town, facets."""
    query = replace(_near(draw), text=_words(draw, typos=True))
    filters: list[Terms] = []
    if draw.random() < 0.6:
        chosen = draw.choice(TRADES).group
        filters.append(Terms("groups", (chosen,)))
    if draw.random() < 0.4:
        filters.append(Terms("kinds", ("EI", "ESAT", "EA")))
    return replace(query, filters=tuple(filters))


def _near(draw: Random) -> Query:
    town = a_town(draw)
    circle = Circle(town.lat, town.lon, RADIUS_KM)
    sort = draw.choice(("relevance", "distance"))
    return Query(circle=circle, facets=FACETS, sort=sort, day=DAY)


def _sector_and_city(draw: Random) -> Query:
    town, trade = draw.choice(TOWNS), draw.choice(TRADES)
    return Query(
        f"{trade.words[0]} {town.name}",
        filters=(Terms("activities", (trade.code,)),),
        facets=FACETS,
        day=DAY,
    )


def _broad_near(draw: Random) -> Query:
    """A word that more than half of the structures hold, around the largest towns."""
    town = max(draw.sample(TOWNS, 12), key=lambda town: town.weight)
    return Query(
        draw.choice(("entreprises", "collectivités", "salariés")),
        circle=Circle(town.lat, town.lon, RADIUS_KM),
        facets=FACETS,
        day=DAY,
    )


def _broad(draw: Random) -> Query:
    return Query(draw.choice(("entreprises", "collectivités", "salariés")), facets=FACETS, day=DAY)


def _browse(draw: Random) -> Query:
    return Query(facets=FACETS, offset=20 * draw.randrange(30), day=DAY)


def _any_word(draw: Random) -> Query:
    """What matching asks: a long text, any of its words."""
    words = [draw.choice(draw.choice(TRADES).words) for _ in range(3)]
    return replace(
        _near(draw), text=" ".join(words), any_word=True, facets=(), sort="relevance",
        highlight=False, limit=BY_WORDS,
    )  # fmt: skip


CASES: dict[str, Callable[[Random], Query]] = {
    "text": _text,
    "text + filters + 50 km + facets": _usual,
    "50 km + facets": _near,
    PEER: _sector_and_city,
    "broad word + 50 km + facets": _broad_near,
    "broad word + facets": _broad,
    "no text + facets": _browse,
    "any word of a need, 50 km": _any_word,
}


def _search(engine: Engine, query: Query) -> tuple[float, float]:
    """Milliseconds of the clock, and of this process's processor: what a busy machine does not
    change."""
    started, used = perf_counter(), process_time()
    engine.search("structures", query)
    return (perf_counter() - started) * 1000, (process_time() - used) * 1000


def _points(engine: Engine, query: Query) -> float:
    started = perf_counter()
    engine.points("structures", query)
    return (perf_counter() - started) * 1000


def _typing(draw: Random) -> str:
    word = draw.choice(draw.choice(TRADES).words)
    return word[: draw.randrange(2, len(word) + 1)]


def _suggest(engine: Engine, text: str) -> float:
    started = perf_counter()
    engine.suggest("structures", text)
    return (perf_counter() - started) * 1000


def _similar(engine: Engine, id_: str) -> float:
    started = perf_counter()
    engine.similar("structures", id_)
    return (perf_counter() - started) * 1000


def _typos(engine: Engine, size: int, seed: int) -> dict[str, Any]:
    """The share of queries in which a typo or an accent loses nothing."""
    started = perf_counter()
    tried, losses = lost(engine, damages(TYPOS, size, seed))
    rate = 2 * tried / (perf_counter() - started)
    row = measured("one word with a typo or without accents", size, tried, rate=rate)
    return row | {"kept_share": round(1 - len(losses) / max(1, tried), 4)}


def _writes(engine: Engine, size: int, seed: int) -> dict[str, Any]:
    def durations() -> Iterator[float]:
        for document in structure_documents(20, seed):
            started = perf_counter()
            engine.index("structures", [document])
            yield (perf_counter() - started) * 1000

    return timed("one profile changed", size, durations())
