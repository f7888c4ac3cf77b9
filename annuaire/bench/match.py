"""How fast a need gets its suggestions on generated data: engine, database, scoring, words."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from time import perf_counter, process_time
from typing import Any, Final

from sqlalchemy import create_engine, insert
from sqlalchemy.orm import Session

from annuaire.activities.taxonomy import taxonomy
from annuaire.advising.offering import offer
from annuaire.bench.documents import a_town, structure_documents
from annuaire.bench.timing import measured, processor, timed
from annuaire.db import Base, engine_options
from annuaire.matching.buyers import buyer_identity
from annuaire.matching.models import Win
from annuaire.matching.need import Need, need_from_form, need_of, placed_for_buyer
from annuaire.matching.service import suggest
from annuaire.structures.models import Structure
from search.engine import Engine

ASKED: Final = 200  # needs of each case
TODAY: Final = date(2026, 1, 5)
WINNERS: Final = 0.1  # share of the structures that won two lots
_TELLING: Final = tuple(leaf for leaf in taxonomy().leaves if leaf.strong)
EMPLOYEES: Final = (None, "1 à 9 salariés", "10 à 19 salariés", "50 à 99 salariés")


def bench_match(
    engine_factory: Callable[[], Engine], size: int, seed: int = 1
) -> list[dict[str, Any]]:
    """Fill the empty engine that the factory gives with `size` structures, a tenth of which won
    lots, and time needs of each case.

    Returns the rows of `bench`: p50 and p95 in milliseconds of the whole of `suggest` (reading
    the need's words apart), on the clock and of processor, and needs a second for one caller.
    """
    engine = engine_factory()
    started = perf_counter()
    with engine.rebuild("structures", expected=size) as rebuild:
        rebuild.add(documents_to_match(size, seed))
    seconds = perf_counter() - started
    rows = [measured("rebuild", size, size, seconds=round(seconds, 2), rate=size / seconds)]
    with Session(database_of(size, seed)) as session:
        for case, make in CASES.items():
            draw = Random(f"{seed}/{case}")  # noqa: S311
            needs = [make(draw) for _ in range(ASKED)]
            for need in needs[:5]:
                suggest(session, engine, need, TODAY)
            took = [_asked(session, engine, need) for need in needs]
            row = timed(case, size, (wall for wall, _ in took))
            rows.append(row | processor([busy for _, busy in took]))
            if placed := [need for need in needs if need.lat is not None]:
                counted = (_counted(session, engine, n) for n in placed)
                rows.append(timed(f"depth of the offer, {case}", size, counted))
    draw = Random(f"{seed}/reading")  # noqa: S311
    rows.append(timed("reading of a need's words", size, (_read(draw) for _ in range(ASKED))))
    return rows


def documents_to_match(size: int, seed: int) -> Iterator[dict[str, Any]]:
    """The generated structures with leaves of the taxonomy and all that matching stores."""
    draw = Random(f"{seed}/leaves")  # noqa: S311
    leaves = taxonomy().leaves
    for document in structure_documents(size, seed):
        held = draw.sample(leaves, draw.choice((1, 2, 4)))
        document["activities"] = [leaf.code for leaf in held]
        document["groups"] = sorted({leaf.group for leaf in held})
        kept = ("siret", "name", "kinds", "city", "departement", "region", "lat", "lon")
        document["_stored"] = {
            **{name: document.get(name) for name in kept},
            "key": document["siret"],
            "activities": [[leaf.code, "declared", "siae", 1.0] for leaf in held],
            "employees_range": draw.choice(EMPLOYEES),
        }
        yield document


def database_of(size: int, seed: int) -> Any:
    """A database in memory that knows the structures' numbers and what some of them won."""
    engine = create_engine(**engine_options("sqlite://"))
    Base.metadata.create_all(engine, [Structure.__table__, Win.__table__])  # type: ignore[list-item]  # the stub says FromClause
    draw = Random(f"{seed}/wins")  # noqa: S311
    now = datetime(2026, 1, 1, tzinfo=UTC)
    structures, wins = [], []
    for document in structure_documents(size, seed):
        number, siret = int(document["id"]), document["siret"]
        structures.append(
            {
                "id": number,
                "key": f"{siret}-{number}",
                "siret": siret,
                "name": document["name"],
                "origins": {},
                "created_at": now,
                "updated_at": now,
            }
        )
        if draw.random() < WINNERS:
            wins += [_win(draw, document, lot) for lot in range(2)]
    with engine.begin() as connection:
        connection.execute(insert(Structure).prefix_with("OR IGNORE"), structures)
        connection.execute(insert(Win), wins)
    return engine


def _win(draw: Random, document: dict[str, Any], lot: int) -> dict[str, Any]:
    leaf, buyer = draw.choice(taxonomy().leaves), f"Ville de {document['city']}"
    return {
        "structure_id": int(document["id"]),
        "lot_reference": f"bench-{document['id']}#{lot}",
        "won_on": TODAY - timedelta(days=draw.randrange(1, 1500)),
        "title": leaf.label,
        "activities": [leaf.code],
        "buyer_key": buyer_identity(buyer, document["postcode"], document["departement"]),
        "buyer_name": buyer,
        "departement": document["departement"],
        "amount_eur": draw.lognormvariate(11, 1.2),
        "evidence": document["name"],
    }


def _words(draw: Random) -> str:
    leaf = draw.choice(taxonomy().leaves)
    return f"{leaf.label} pour les bâtiments et les services de la collectivité"


def _purchase(draw: Random) -> Need:
    """A small purchase from the form."""
    amount = draw.lognormvariate(10, 1)
    return need_from_form(_words(draw), on=TODAY, place=a_town(draw).name, amount_eur=amount)


def _lot(draw: Random) -> Need:
    """A lot of a town's contract, a fifth of them reserved."""
    town = a_town(draw)
    need = need_of(
        _words(draw),
        TODAY,
        context="Marché d'entretien et de services | Prestations de services",
        amount_eur=draw.lognormvariate(11, 1.2),
        departements=(town.departement,),
        clause_types=draw.choice((("reserved_siae",), ("reserved_handicap",), *[()] * 8)),
    )
    buyer = f"Ville de {town.name}"
    key = buyer_identity(buyer, town.postcode, town.departement)
    return placed_for_buyer(replace(need, buyer_key=key), buyer, town.name, town.postcode)


def _largest_city(draw: Random) -> Need:
    return need_from_form(_words(draw), on=TODAY, place="Paris", amount_eur=30_000)


def _several_trades(draw: Random) -> Need:
    """Three trades in one text: the answer has groups."""
    said = ", ".join(leaf.strong[0] for leaf in draw.sample(_TELLING, 3) if leaf.strong)
    return need_from_form(said, on=TODAY, place=a_town(draw).name, amount_eur=80_000)


def _too_large(draw: Random) -> Need:
    """An amount above the means of most structures."""
    return need_from_form(_words(draw), on=TODAY, place=a_town(draw).name, amount_eur=9e6)


def _anywhere(draw: Random) -> Need:
    return need_from_form(_words(draw), on=TODAY)


CASES: Final[dict[str, Callable[[Random], Need]]] = {
    "small purchase in a town": _purchase,
    "lot of a town": _lot,
    "purchase in the largest city": _largest_city,
    "purchase without a place": _anywhere,
    "three trades, with groups": _several_trades,
    "amount too large for one, with groups": _too_large,
}


def _asked(session: Session, engine: Engine, need: Need) -> tuple[float, float]:
    """Milliseconds on the clock, and of processor: what other work does not lengthen as much."""
    started, busy = perf_counter(), process_time()
    suggest(session, engine, need, TODAY)
    return (perf_counter() - started) * 1000, (process_time() - busy) * 1000


def _counted(session: Session, engine: Engine, need: Need) -> float:
    started = perf_counter()
    offer(session, engine, need, TODAY)
    return (perf_counter() - started) * 1000


def _read(draw: Random) -> float:
    town, words = a_town(draw), _words(draw)
    started = perf_counter()
    need_from_form(words, on=TODAY, place=town.name)
    return (perf_counter() - started) * 1000
