"""How long « Marchés pour nous » takes over generated open contracts."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from time import perf_counter
from typing import Any, Final

from sqlalchemy import Engine as Database
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from annuaire.activities.taxonomy import taxonomy
from annuaire.bench.documents import a_town, structure_documents
from annuaire.bench.match import TODAY
from annuaire.bench.timing import timed
from annuaire.contracts.models import Buyer, Contract, Finding, Lot, Notice
from annuaire.db import Base
from annuaire.matching.models import Win
from annuaire.matching.opportunities import opportunities
from annuaire.runs import ImportRun
from annuaire.structures.models import Structure, StructureActivity, StructureStatus
from search.contract_documents import contract_document
from search.engine import Engine

ASKED: Final = 200
LOTS: Final = (1, 1, 1, 2, 3, 6)
PAGE: Final = 1_000
NOW: Final = datetime(2026, 1, 1, tzinfo=UTC)


def bench_opportunities(
    engine_factory: Callable[[], Engine], size: int, seed: int = 1
) -> list[dict[str, Any]]:
    """Fill the empty engine and a database in memory with `size` open contracts, and time
    the page's service for structures all over the country.

    Returns the rows of `bench`: p50 and p95 in milliseconds.
    """
    engine = engine_factory()
    with Session(_database()) as session:
        with engine.rebuild("contracts", expected=size) as rebuild:
            for page in open_contracts(size, seed):
                session.add_all(page)
                session.flush()
                rebuild.add([contract_document(contract) for contract in page])
                session.commit()
                session.expunge_all()
        wanted = [*invented_structures(ASKED, seed)]
        for structure in wanted[:5]:
            opportunities(session, engine, structure, TODAY)
        return [timed("open lots of a structure", size, _asked(session, engine, wanted))]


def _asked(session: Session, engine: Engine, structures: list[Structure]) -> Iterator[float]:
    for structure in structures:
        session.expunge_all()
        started = perf_counter()
        opportunities(session, engine, structure, TODAY)
        yield (perf_counter() - started) * 1000


def _database() -> Database:
    database = create_engine("sqlite://")
    tables = [
        m.__table__
        for m in (ImportRun, Structure, StructureStatus, StructureActivity, Win,
                  Buyer, Contract, Lot, Notice, Finding)
    ]  # fmt: skip
    Base.metadata.create_all(database, tables)  # type: ignore[arg-type]  # the stub says FromClause
    with Session(database) as session:
        session.add(
            ImportRun(id=1, source="bench", file_name="", sha256="", started_at=NOW, state="done")
        )
        session.commit()
    return database


def open_contracts(size: int, seed: int) -> Iterator[list[Contract]]:
    """Open contracts of towns, by pages of PAGE; numbered from 1."""
    draw = Random(f"{seed}/contracts")  # noqa: S311
    for start in range(0, size, PAGE):
        yield [_contract(draw, number) for number in range(start + 1, min(start + PAGE, size) + 1)]


def _contract(draw: Random, number: int) -> Contract:
    town = a_town(draw)
    lots = [_lot(draw, position) for position in range(draw.choice(LOTS))]
    return Contract(
        id=number,
        reference=f"bench-{number}",
        buyer=Buyer(
            id=number, key=f"bench-{number}", name=f"Ville de {town.name}", city=town.name,
            postcode=town.postcode, departement=town.departement,
        ),
        title=lots[0].title if len(lots) == 1 else "Marché d'entretien et de services",
        state="published",
        published_on=TODAY - timedelta(days=draw.randrange(1, 20)),
        expires_on=TODAY + timedelta(days=draw.randrange(0, 60)),
        types=["services"],
        departements=[town.departement],
        created_at=NOW,
        updated_at=NOW,
        lots=lots,
        notices=[
            Notice(source="bench", source_key=str(number), nature="call", published_on=TODAY,
                   descriptors=["Prestations de services"], hash="", run_id=1)
        ],
    )  # fmt: skip


def _lot(draw: Random, position: int) -> Lot:
    leaf = draw.choice(taxonomy().leaves)
    return Lot(
        position=position,
        number=str(position + 1),
        title=f"{leaf.label} pour les services de la collectivité",
        activities=[[leaf.code, 0.9, leaf.label]],
        amount_eur=draw.lognormvariate(11, 1.2),
    )


def invented_structures(count: int, seed: int) -> Iterator[Structure]:
    """Structures with activities all over the country, numbered from 1."""
    draw = Random(f"{seed}/structures")  # noqa: S311
    for document in structure_documents(count, seed):
        number = int(document["id"])
        leaves = draw.sample(taxonomy().leaves, draw.choice((1, 2, 4)))
        structure = Structure(
            id=number,
            key=document["siret"],
            siret=document["siret"],
            name=document["name"],
            city=document["city"],
            departement=document["departement"],
            lat=document.get("lat"),
            lon=document.get("lon"),
            origins={},
        )
        structure.statuses = [StructureStatus(kind=document["kinds"][0], source="bench")]
        structure.activities = [
            StructureActivity(code=leaf.code, origin="declared", evidence="bench", weight=1.0)
            for leaf in leaves
        ]
        yield structure
