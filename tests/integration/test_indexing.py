"""The index ends with what the database says, whoever drains or rebuilds at the same time."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from annuaire import outbox
from annuaire.contracts.records import BuyerRecord
from annuaire.db import db, reading, writing
from annuaire.structures.models import StructureStatus
from search.documents import documents
from search.engine import Engine, IndexName, Query, Terms
from search.indexing import drain, rebuild
from tests.factories.joined import read
from tests.factories.notices import call
from tests.factories.registers import named

NAME = "structures"
TODAY = date(2026, 5, 4)


@dataclass
class Interrupted:
    """An engine before which something else happens, once: what another process does meanwhile."""

    engine: Engine
    meanwhile: list[Callable[[], object]] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.engine, name)

    def index(self, name: IndexName, documents: Iterable[Any]) -> int:
        found = list(documents)
        while self.meanwhile:
            self.meanwhile.pop()()
        return self.engine.index(name, found)

    @contextmanager
    def rebuild(self, name: IndexName, expected: int | None = None) -> Iterator[Any]:
        while self.meanwhile:
            self.meanwhile.pop()()
        with self.engine.rebuild(name, expected) as index:
            yield index


@pytest.fixture
def engine(app: Flask) -> Engine:
    found: Engine = app.extensions["annuaire.engine"]
    return found


@pytest.fixture
def other(session: Session) -> Iterator[Session]:
    """Another process's session."""
    with Session(db.engine) as other:
        yield other


def stored(engine: Engine) -> list[object]:
    return [hit.document["name"] for hit in engine.search(NAME, Query()).hits]


def lines(session: Session) -> int:
    session.rollback()
    return outbox.waiting(reading(session)).get(NAME, (0, None))[0]


def test_drain_brings_the_newest_state_and_forgets_its_lines(
    session: Session, engine: Engine
) -> None:
    named(session, "Ancien")
    named(session, "Nouveau")
    assert drain(session, engine, TODAY) == 1
    assert stored(engine) == ["Nouveau"]
    assert lines(session) == 0


def test_a_drain_that_was_overtaken_does_not_leave_its_older_state(
    session: Session, other: Session, engine: Engine
) -> None:
    def overtake() -> None:
        named(other, "Nouveau")
        drain(other, engine, TODAY)

    named(session, "Ancien")
    drain(session, Interrupted(engine, [overtake]), TODAY)
    assert stored(engine) == ["Nouveau"]
    assert lines(session) == 0


def test_drains_that_take_one_another_s_lines_end(
    session: Session, other: Session, engine: Engine
) -> None:
    class Rival(Interrupted):
        """Another drain, always one step ahead: it has the lines that it read, and puts back its
        own."""

        times, mine = 0, None

        def index(self, name: IndexName, documents: Iterable[Any]) -> int:
            self.times += 1
            assert self.times < 5, "the drain does not end"
            with writing(other):
                end = outbox.mark(other, NAME)
                batch = self.mine or outbox.next_batch(other, NAME, 10, end)
                assert batch is not None
                assert outbox.done(other, batch)
                self.mine = outbox.put_back(other, NAME, batch)
            return super().index(name, documents)

    named(session, "Essai")
    assert drain(session, Rival(engine), TODAY) == 2
    assert (stored(engine), lines(session)) == (["Essai"], 1)  # the rival's own


def test_a_line_forgotten_leaves_its_number_to_no_other(session: Session, engine: Engine) -> None:
    named(session, "Ancien")
    end = outbox.mark(session, NAME)
    drain(session, engine, TODAY)
    named(session, "Nouveau")
    assert outbox.mark(session, NAME).line_id > end.line_id


def test_a_rebuild_that_waited_for_another_reads_what_changed_meanwhile(
    session: Session, other: Session, engine: Engine
) -> None:
    def change() -> None:
        named(other, "Nouveau")
        drain(other, engine, TODAY)

    named(session, "Ancien")
    drain(session, engine, TODAY)
    assert rebuild(session, Interrupted(engine, [change]), NAME, TODAY) == 1
    assert stored(engine) == ["Nouveau"]


def test_a_rebuild_keeps_the_lines_of_what_a_late_drain_wrote_over_it(
    session: Session, other: Session, engine: Engine
) -> None:
    named(session, "Ancien")
    batch = outbox.next_batch(other, NAME, 10, outbox.mark(reading(other), NAME))
    late = documents(other, NAME, [1], TODAY)
    other.rollback()
    assert batch is not None
    named(session, "Nouveau")

    def finish_late(_: int) -> None:
        engine.index(NAME, late)
        with writing(other):
            assert outbox.done(other, batch)

    rebuild(session, engine, NAME, TODAY, finish_late)
    drain(session, engine, TODAY)
    assert stored(engine) == ["Nouveau"]
    assert lines(session) == 0


def test_a_rebuild_forgets_the_lines_that_waited(session: Session, engine: Engine) -> None:
    named(session, "Ancien")
    named(session, "Nouveau")
    assert rebuild(session, engine, NAME, TODAY) == 1
    assert lines(session) == 0


@pytest.mark.parametrize(
    ("valid_to", "ended_on", "held"),
    [
        (None, None, ["EI"]),
        (date(2026, 5, 5), None, ["EI"]),
        (date(2026, 5, 4), None, ["EI"]),
        (date(2026, 5, 3), None, []),
        (None, date(2026, 5, 3), []),
    ],
    ids=["without end", "ends tomorrow", "its last day", "past", "no longer listed"],
)
def test_a_status_is_indexed_as_held_until_its_last_day(
    session: Session, engine: Engine, valid_to: date | None, ended_on: date | None, held: list[str]
) -> None:
    named(session, "Essai")
    with writing(session):
        session.add(
            StructureStatus(
                structure_id=1, kind="EI", source="siae", valid_to=valid_to, ended_on=ended_on
            )
        )
    drain(session, engine, TODAY)
    (hit,) = engine.search(NAME, Query()).hits
    assert hit.document["kinds"] == held
    assert engine.search(NAME, Query(filters=(Terms("kinds", ("EI",)),))).total == len(held)


def test_a_buyer_whose_name_grows_when_it_is_folded_holds_nobody_back(
    session: Session, engine: Engine
) -> None:
    long = BuyerRecord("ﷺ" * 300, postcode="59000")  # 18 letters each
    read(session, [call(buyer=long), call("26-2")])
    assert drain(session, engine, TODAY) == 2
    assert engine.health().counts["contracts"] == 2
