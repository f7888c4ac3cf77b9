"""How long new contracts take to find who awaits them, and their digests to be composed."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from random import Random
from time import perf_counter, process_time
from typing import Any, Final
from urllib.parse import urlencode

from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

from annuaire import outbox
from annuaire.activities.taxonomy import taxonomy
from annuaire.alerts.indexing import meant, write_terms
from annuaire.alerts.links import Site
from annuaire.alerts.models import AlertDelivery, AlertSubscription
from annuaire.alerts.working import Work, Worker
from annuaire.bench.documents import a_town
from annuaire.bench.match import TODAY
from annuaire.bench.opportunities import NOW, invented_structures, open_contracts
from annuaire.bench.timing import measured
from annuaire.contracts.models import Contract, Finding
from annuaire.db import Base, engine_options, writing
from annuaire.models import load_all
from annuaire.runs import ImportRun
from search.contract_documents import contract_document
from search.engine import Engine

CONTRACTS: Final = 1_000
PAGE: Final = 1_000
FOR_US: Final = 10  # one in so many is « marchés pour nous »
CLAUSES: Final = ("execution_insertion", "reserved_siae", "award_criterion", "environment", None)
MOMENT: Final = NOW + timedelta(days=4, hours=11)  # of TODAY


def bench_alerts(
    engine_factory: Callable[[], Engine], size: int, seed: int = 1
) -> list[dict[str, Any]]:
    """Have CONTRACTS new contracts find who awaits them among `size` subscriptions, a tenth of
    them « marchés pour nous », and compose their digests.

    Returns the rows of `bench`: seconds, deliveries for each contract, letters, peak of memory.
    """
    engine = engine_factory()
    site = Site("https://annuaire.exemple.fr", "bench")
    with _database() as session:
        _fill_contracts(session, engine, seed)
        terms, _ = _timed(lambda: _fill_subscriptions(session, engine, size, seed))
        worker, done = Worker(site, lambda: MOMENT), Work()
        worker.keep_house(session, engine, done)
        matching, for_matching = _timed(lambda: worker.look(session, engine, done))
        composing, for_composing = _timed(lambda: worker.send(session, done))
        session.rollback()
        found = session.scalar(select(func.count()).select_from(AlertDelivery)) or 0
    whole = matching + composing
    return [
        measured("terms of subscriptions", size, size, rate=size / terms, seconds=round(terms, 2)),
        measured(
            "contracts matched", size, found, rate=found / matching, seconds=round(matching, 2)
        )
        | {"cpu_seconds": round(for_matching, 2)},
        measured(
            "digests composed and queued", size, done.letters, rate=done.letters / composing,
            seconds=round(composing, 2),
        )
        | {"cpu_seconds": round(for_composing, 2)},
        measured("alerts, whole", size, CONTRACTS, rate=CONTRACTS / whole, seconds=round(whole, 2))
        | {
            "cpu_seconds": round(for_matching + for_composing, 2),
            "per_contract": round(found / CONTRACTS, 1),
        },
    ]  # fmt: skip


def _timed(act: Callable[[], object]) -> tuple[float, float]:
    """Seconds of the clock, and of the processor: what a busy machine does not change."""
    started, used = perf_counter(), process_time()
    act()
    return perf_counter() - started, process_time() - used


@contextmanager
def _database() -> Iterator[Session]:
    load_all()
    with tempfile.TemporaryDirectory() as folder:
        options = engine_options(f"sqlite:///{Path(folder) / 'bench.db'}")
        database = create_engine(**options)
        Base.metadata.create_all(database)
        with Session(database) as session:
            yield session
        database.dispose()


def _fill_contracts(session: Session, engine: Engine, seed: int) -> None:
    draw = Random(f"{seed}/clauses")  # noqa: S311
    with writing(session):
        run = ImportRun(id=1, source="bench", file_name="", sha256="", started_at=NOW, state="done")
        session.add(run)
    with engine.rebuild("contracts", expected=CONTRACTS) as index:
        for page in open_contracts(CONTRACTS, seed):
            with writing(session):
                session.add_all(page)
                session.flush()
                for contract in page:
                    _add_clause(contract, draw.choice(CLAUSES))
                session.flush()
                outbox.announce(session, "contracts", [contract.id for contract in page])
                index.add([contract_document(contract) for contract in page])
            session.expunge_all()
    with writing(session):  # as the index holds them, no line of its own waits
        outbox.forget_before(session, "contracts", outbox.mark(session, "contracts"))


def _add_clause(contract: Contract, type_: str | None) -> None:
    if type_ is None:
        return
    contract.social = type_ != "environment"
    contract.environmental = type_ == "environment"
    contract.findings = [
        Finding(
            notice_id=contract.notices[0].id, type=type_, source="text", field="description",
            evidence="L'exécution du marché comporte une clause sociale de 300 heures d'insertion "
            "par l'activité économique, au bénéfice de personnes éloignées de l'emploi.",
            hours=300.0 if type_ == "execution_insertion" else None, confidence=0.9,
            optional=False, rule="bench",
        )
    ]  # fmt: skip


def _fill_subscriptions(session: Session, engine: Engine, size: int, seed: int) -> None:
    structures = list(invented_structures(max(1, size // FOR_US), seed))
    for structure in structures:
        structure.created_at = structure.updated_at = NOW
    keys = [structure.key for structure in structures]
    with writing(session):
        session.add_all(structures)
    draw = Random(f"{seed}/subscriptions")  # noqa: S311
    for start in range(0, size, PAGE):
        with writing(session):
            page = [
                _subscription(draw, number, keys)
                for number in range(start, min(start + PAGE, size))
            ]
            session.add_all(page)
            session.flush()
            meanings = zip(page, meant(session, engine, page, TODAY), strict=True)
            write_terms(session, list(meanings), TODAY)
        session.expunge_all()


def _subscription(draw: Random, number: int, keys: list[str]) -> AlertSubscription:
    for_us = number % FOR_US == 0
    query = "" if for_us else urlencode(draw.choice(SEARCHES)(draw), doseq=True)
    return AlertSubscription(
        email=f"personne{number}@exemple.fr",
        address=f"personne{number}@exemple.fr",
        kind="opportunities" if for_us else "contracts",
        query=query,
        structure_key=keys[number // FOR_US] if for_us else None,
        options={"within_km": 100.0, "clauses_only": False, "least": 35.0} if for_us else {},
        title="Une recherche",
        rhythm="at_once",
        hour=8,
        weekday=0,
        state="active",
        since=NOW,
        created_at=NOW,
    )


Values = dict[str, str | list[str]]


def _trade_here(draw: Random) -> Values:
    leaves = [leaf.code for leaf in draw.sample(taxonomy().leaves, 2)]
    return {"activite": leaves, "departement": a_town(draw).departement}


def _trade_around(draw: Random) -> Values:
    group = draw.choice(taxonomy().groups).code
    return {"domaine": group, "lieu": a_town(draw).name, "rayon": draw.choice(("50", "100"))}


def _words(draw: Random) -> Values:
    word = max(draw.choice(taxonomy().leaves).label.split(), key=len)
    return {"q": word, "departement": [a_town(draw).departement for _ in range(2)]}


def _territory(draw: Random) -> Values:
    return {"departement": a_town(draw).departement, "social": "oui", "etat": "ouvert"}


def _buyer(draw: Random) -> Values:
    return {"acheteur": f"bench-{draw.randrange(1, CONTRACTS + 1)}"}


#: Each as often as it is drawn: people follow a trade in a place, facilitators a territory.
SEARCHES: Final = (
    *[_trade_here] * 10, *[_trade_around] * 4, *[_words] * 6, _territory, *[_buyer] * 6,
)  # fmt: skip
