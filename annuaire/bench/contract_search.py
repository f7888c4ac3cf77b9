"""How fast contracts are found on generated data: the whole of what their page asks."""

from collections.abc import Callable, Iterator
from datetime import date
from random import Random
from time import perf_counter, process_time
from typing import Any, Final

from annuaire.bench.contract_documents import BODIES, contract_documents
from annuaire.bench.documents import a_town
from annuaire.bench.timing import measured, processor, timed
from annuaire.bench.vocabulary import TRADES
from annuaire.contracts.search import points_of, search_contracts
from search.engine import Engine

ASKED: Final = 100  # searches of each case
DAY: Final = date(2026, 1, 5)

Values = dict[str, list[str]]


def contract_rows(engine: Engine, size: int, seed: int) -> Iterator[dict[str, Any]]:
    """Fill the contracts of an engine with `size` of them, and time what the search page asks:
    filters read, results, thirteen facets, states counted."""
    started = perf_counter()
    with engine.rebuild("contracts", expected=size) as rebuild:
        rebuild.add(contract_documents(size, seed))
    seconds = perf_counter() - started
    yield measured("contracts: rebuild", size, size, rate=size / seconds, seconds=round(seconds, 2))
    for case, make in CASES.items():
        draw = Random(f"{seed}/{case}")  # noqa: S311
        several = [make(draw) for _ in range(ASKED)]
        for values in several[:3]:
            search_contracts(engine, values, DAY)
        times = [_search(engine, values) for values in several]
        row = timed(f"contracts: {case}", size, iter([wall for wall, _ in times]))
        yield row | processor([used for _, used in times])
    yield timed("contracts: map, every point", size, (_points(engine) for _ in range(5)))


def _search(engine: Engine, values: Values) -> tuple[float, float]:
    """Milliseconds of the clock, and of the processor: what a busy machine does not change."""
    started, used = perf_counter(), process_time()
    search_contracts(engine, values, DAY)
    return (perf_counter() - started) * 1000, (process_time() - used) * 1000


def _points(engine: Engine) -> float:
    started = perf_counter()
    points_of(engine, {}, DAY)
    return (perf_counter() - started) * 1000


def _words(draw: Random) -> Values:
    return {"q": [draw.choice(draw.choice(TRADES).words)]}


def _clause_near(draw: Random) -> Values:
    town = a_town(draw)
    return _words(draw) | {"social": ["oui"], "lieu": [town.name], "rayon": ["50"]}


def _browse(draw: Random) -> Values:
    return {"page": [str(draw.randrange(1, 30))]}


def _criteria(draw: Random) -> Values:
    return {
        "etat": [draw.choice(("ouvert", "clos", "attribue"))],
        "cpv": [draw.choice(("90", "4523", "7731", "nettoyage"))],
        "montant_min": ["25000"],
        "montant_inconnu": ["oui"],
        "environnement": [draw.choice(("oui", "non"))],
    }


def _buyer(draw: Random) -> Values:
    return {"acheteur": [f"{draw.choice(BODIES)} {a_town(draw).name}"]}


CASES: Final[dict[str, Callable[[Random], Values]]] = {
    "words": _words,
    "words + social clause + 50 km": _clause_near,
    "no text, pages 1 to 30": _browse,
    "state + CPV + amount + environment": _criteria,
    "buyer by its name": _buyer,
}
