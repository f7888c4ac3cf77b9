"""Which subscriptions await what just changed: those that share a term with it are looked up, and
then each asks its own question of these few contracts alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy.orm import Session

from annuaire.alerts import queries
from annuaire.alerts.asking import (
    CONTRACTS,
    OPPORTUNITIES,
    names_nobody,
    query_of,
    read_query,
    search_of,
    trouble_of,
)
from annuaire.alerts.batches import Batch
from annuaire.alerts.prints import changes
from annuaire.alerts.refusing import Refused, by_subscription
from annuaire.alerts.suiting import candidates_of, suiting_lots
from search.engine import Engine, Query

FIRST: Final = ""  # the version of what is told once and for all


@dataclass(frozen=True, slots=True)
class Found:
    """Something to tell a subscription (AlertDelivery)."""

    subscription_id: int
    kind: str
    reference: str
    version: str
    said: dict[str, Any]
    seen: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Looked:
    """What a batch has for its subscriptions; `seen_again` are deliveries that wait still, whose
    contract has changed meanwhile, with what it is like now."""

    found: list[Found]
    seen_again: list[tuple[int, dict[str, Any]]]


def look(session: Session, engine: Engine, batch: Batch, today: date) -> Looked:
    """All that is to be told of a batch. Reads only. Raises EngineUnavailable."""
    if not batch.contracts:
        return Looked([], [])
    ids = list(session.scalars(queries.candidates(batch.terms)))
    told = _Told(session, batch)
    refused = by_subscription(session.execute(queries.refusals_of([*ids, *told.subscriptions])))
    matched = [
        *_searches(session, engine, batch, ids, today),
        *_opportunities(session, batch, ids, today, refused),
    ]
    found = [
        Found(row.id, queries.NEW, batch.contracts[id_].reference, FIRST, said, batch.prints[id_])
        for row, id_, said in matched
        if batch.is_news(id_, row.since)
        and not told.knows(row.id, id_)
        and not _excluded(refused, row.id, batch, id_)
    ]
    updates = [
        update
        for id_, update in told.updates()
        if not _excluded(refused, update.subscription_id, batch, id_)
    ]
    return Looked([*found, *updates], told.seen_again)


def _excluded(refused: dict[int, Refused], subscription: int, batch: Batch, id_: int) -> bool:
    if subscription not in refused:
        return False
    return refused[subscription].excludes(batch.contracts[id_], batch.references[id_])


def _searches(
    session: Session, engine: Engine, batch: Batch, ids: Sequence[int], today: date
) -> Iterator[tuple[Any, int, dict[str, Any]]]:
    """The contracts that searches of contracts find."""
    for row in session.execute(queries.served(ids, CONTRACTS)):
        query = question(engine, row.kind, row.query, today)
        if query is not None:
            for id_ in batch.index.ids(query):
                yield row, id_, {}


def question(engine: Engine, kind: str, kept: str, today: date) -> Query | None:
    """What a kept search asks on a day; None when it can find nothing now."""
    search = search_of(kind, read_query(kept), engine)
    if trouble_of(search) or names_nobody(search):
        return None
    return query_of(kind, search, today)


def _opportunities(
    session: Session, batch: Batch, ids: Sequence[int], today: date, refused: dict[int, Refused]
) -> Iterator[tuple[Any, int, dict[str, Any]]]:
    """The contracts with lots that suit structures, with why."""
    rows = session.execute(queries.served(ids, OPPORTUNITIES)).all()
    known = candidates_of(session, [row.structure_key for row in rows], today)
    for row in rows:
        if row.structure_key in known:
            against = refused.get(row.id, Refused())
            candidate = known[row.structure_key]
            for id_, lots in suiting_lots(candidate, batch, row.options, against, today):
                yield row, id_, {"lots": lots}


class _Told:
    """What was told of a batch's contracts, by subscription and contract."""

    def __init__(self, session: Session, batch: Batch) -> None:
        self._batch = batch
        contract = {name: id_ for id_, names in batch.references.items() for name in names}
        rows = session.execute(queries.told_of(contract)).all()
        self._newest = {(row.subscription_id, contract[row.reference]): row for row in rows}
        self._active = set(
            session.scalars(queries.active_among({row.subscription_id for row in rows}))
        )
        self.subscriptions = sorted(self._active)

    def knows(self, subscription: int, id_: int) -> bool:
        return (subscription, id_) in self._newest

    @property
    def seen_again(self) -> list[tuple[int, dict[str, Any]]]:
        """What waits to be told for the first time will be told as it is now."""
        return [
            (row.id, self._batch.prints[id_])
            for (_, id_), row in self._newest.items()
            if row.queued_at is None and row.kind == queries.NEW
            and row.seen != self._batch.prints[id_]
        ]  # fmt: skip

    def updates(self) -> Iterator[tuple[int, Found]]:
        """What changed that matters, since what was told last: its version is the number of that,
        so that what changes and changes back is told each time, and nothing twice."""
        for (subscription, id_), row in self._newest.items():
            waits = row.queued_at is None and row.kind == queries.NEW
            now = self._batch.prints[id_]
            if waits or subscription not in self._active:
                continue
            if sentences := changes(row.seen, now):
                yield id_, Found(
                    subscription, queries.UPDATE, self._batch.contracts[id_].reference,
                    str(row.id), {"changes": sentences}, now,
                )  # fmt: skip
