"""Whatever happens to a register, what was undone leaves no trace, its index is in step, and what
is read again writes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from annuaire.db import writing
from annuaire.errors import InvalidInputError, NotFoundError
from annuaire.outbox import OutboxLine
from annuaire.structures import additions, deciding, service
from annuaire.structures.duplicates import service as review
from annuaire.structures.models import Structure, StructureAlias
from annuaire.structures.points import address_asked
from annuaire.structures.records import StructureRecord
from tests.factories.registers import TODAY, ea, empty, esat, join, open_a_run, read, siae

SIRETS = tuple(f"990000028000{n}0" for n in range(1, 4))
FINESS = ("590000001", "590000002")
KEYS = (*SIRETS, *(f"finess:{number}" for number in FINESS))
LILLE = {"postcode": "59000", "city": "Lille", "code_insee": "59350", "departement": "59"}
STREETS = ("1 rue des Essais", "2 place Neuve")
SIGNED = ("Ada", "demande")
EDITS: tuple[dict[str, Any], ...] = (
    {"phone": "+33320000009"},
    {"name": "Nom corrigé"},
    LILLE | {"address": "3 quai Corrigé", "lat": 50.63, "lon": 3.06, "geo_precision": "commune"},
)


def placed(record: StructureRecord, street: str) -> StructureRecord:
    return replace(record, address=street, **LILLE)  # type: ignore[arg-type]  # all texts


def told(siret: str, naf: str, *, is_open: bool) -> StructureRecord:
    closed_on = None if is_open else date(2026, 1, 31)
    return StructureRecord(siret, "", (), siret=siret, naf=naf, open=is_open, closed_on=closed_on)


SIRET, STREET = st.sampled_from(SIRETS), st.sampled_from(STREETS)
LISTED = {
    "siae": st.builds(siae, SIRET, st.none() | SIRET, st.sampled_from(["EI", "ACI"])),
    "esat": st.builds(esat, st.sampled_from(FINESS), st.none() | SIRET),
    "ea": st.builds(ea, SIRET),
}


def listing(records: st.SearchStrategy[StructureRecord]) -> st.SearchStrategy[Any]:
    lines = st.builds(placed, records, STREET)
    return st.lists(lines, max_size=3, unique_by=lambda record: record.source_key)


FILE = st.one_of(
    *(
        st.tuples(st.just("file"), st.just(source), listing(records))
        for source, records in LISTED.items()
    )
)
ENRICHED = st.tuples(
    st.just("enrich"), st.sampled_from(["recherche_entreprises", "ess_france"]),
    st.builds(told, SIRET, st.sampled_from(["8121Z", "4321A"]), is_open=st.booleans()),
)  # fmt: skip
KEY = st.sampled_from(KEYS)
DECIDED = st.one_of(
    st.tuples(st.just("edit"), KEY, st.sampled_from(EDITS)),
    st.tuples(st.just("hide"), KEY, st.sampled_from(["website", "address", "lat"])),
    st.tuples(st.just("withdraw"), KEY, st.none()),
    st.tuples(st.just("join"), KEY, KEY),
    st.tuples(st.sampled_from(["undo", "part"]), st.integers(0, 5), st.none()),
)
ACTIONS = st.lists(FILE | ENRICHED | DECIDED | st.just(("locate", "", None)), max_size=14)
Action = tuple[str, Any, Any]
#: When no directory ever listed a number, the day on which it was no structure must not become that
#: of a withdrawal undone.
KNOWN_BY_A_REGISTER_ALONE: list[Any] = [
    ("enrich", "recherche_entreprises", told(SIRETS[0], "8121Z", is_open=True)),
    ("withdraw", SIRETS[0], None),
    ("undo", 0, None),
]
#: Once parted from the ESAT, what a register alone knows keeps nothing of it.
JOINED_TO_WHAT_IS_LISTED: list[Any] = [
    ("enrich", "recherche_entreprises", told(SIRETS[0], "8121Z", is_open=False)),
    ("file", "esat", [placed(esat(FINESS[0], SIRETS[1]), STREETS[1])]),
    ("join", SIRETS[0], SIRETS[1]),
    ("part", 0, None),
]


@dataclass
class World:
    """A register, and what was done to it that still stands."""

    session: Session
    run_id: int
    done: list[Action] = field(default_factory=list)
    standing: dict[int, int] = field(default_factory=dict)  # decision: where it stands in `done`
    taken_off: dict[int, tuple[str, str]] = field(default_factory=dict)  # decision: key, what
    joined: dict[int, int] = field(default_factory=dict)  # pair: the same
    undone: set[int] = field(default_factory=set)
    files: dict[str, list[StructureRecord]] = field(default_factory=dict)
    index: dict[int, Any] = field(default_factory=dict)

    def do(self, action: Action) -> None:
        """One thing that happens; what is refused has no effect."""
        what, first, second = action
        self.done.append(action)
        try:
            match what:
                case "file":
                    self.files[first] = second
                    read(self.session, self.run_id, first, second)
                case "enrich":
                    self._enrich(first, second)
                case "locate":
                    self._locate()
                case "join":
                    self._join(first, second)
                case "undo" | "part":
                    self._undo(what, first)
                case _:
                    self._decide(what, first, second)
        except (InvalidInputError, NotFoundError):
            self.session.rollback()
            self.undone.add(len(self.done) - 1)
        self._drain()

    def _enrich(self, source: str, record: StructureRecord) -> None:
        with writing(self.session):
            changes = service.Changes()
            service.upsert(self.session, source, self.run_id, [record], changes, TODAY)

    def _locate(self) -> None:
        """As the address base does: an address always has the same point."""
        told = {}
        for structure in self.session.scalars(select(Structure)):
            asked = address_asked({n: getattr(structure, n) for n in ("address", *LILLE)})
            if structure.address:
                lat = 50.5 + len(asked) / 1000
                told[structure.id] = {
                    "asked": asked, "lat": lat, "lon": 3.0, "geo_precision": "number"
                }  # fmt: skip
        self.session.rollback()
        found = additions.additions(self.session, "ban", told)
        self.session.rollback()
        with writing(self.session):
            additions.add(self.session, "ban", self.run_id, found, TODAY)

    def _join(self, one: str, other: str) -> None:
        at = len(self.done) - 1
        # Named as they stand now: a joining undone later must not say which structure was meant.
        keys = [service.by_siret(self.session, k, withdrawn=True).key for k in (one, other)]
        self.done[at] = ("join", *keys)
        if pair := join(self.session, *keys):
            self.joined[pair] = at
        else:
            self.undone.add(at)

    def _undo(self, what: str, number: int) -> None:
        known: Sequence[int] = list(self.standing if what == "undo" else self.joined)
        if not known:
            return
        chosen = known[number % len(known)]
        with writing(self.session):
            if what == "undo":
                deciding.undo(self.session, chosen, *SIGNED, TODAY)
                self.undone.add(self.standing.pop(chosen))
                self.taken_off.pop(chosen, None)
            else:
                review.undo(self.session, chosen, "Ada", TODAY)
                self.undone.add(self.joined.pop(chosen))

    def _decide(self, what: str, key: str, value: Any) -> None:
        with writing(self.session):
            structure = service.by_siret(self.session, key, withdrawn=True)
            given_ = () if value is None else (value,)
            row = getattr(deciding, what)(self.session, structure, *given_, *SIGNED, TODAY)
            self.standing[row.id] = len(self.done) - 1
            self.done[-1] = (what, structure.key, value)
            if what != "edit":
                self.taken_off[row.id] = (structure.key, value or what)

    def shown_again(self) -> list[tuple[str, str]]:
        """What is shown under a number though it was taken off it: a number, and what."""
        self.session.rollback()
        self.session.expire_all()
        found = []
        for key, what in self.taken_off.values():
            try:
                structure = service.by_siret(self.session, key, withdrawn=True)
            except NotFoundError:
                continue
            shown = (
                structure.withdrawn_on is None if what == "withdraw" else getattr(structure, what)
            )
            if shown:
                found.append((key, what))
        self.session.rollback()
        return found

    def standing_actions(self) -> list[Action]:
        """All that was done, but what was undone and its undoing."""
        return [
            action
            for at, action in enumerate(self.done)
            if at not in self.undone and action[0] not in ("undo", "part")
        ]

    def _drain(self) -> None:
        """Follow the lines that wait, as the index does."""
        self.session.rollback()
        with writing(self.session):
            ids = set(self.session.scalars(select(OutboxLine.object_id)))
            self.session.execute(delete(OutboxLine))
        self.index |= {id_: row for id_, row in self.stored().items() if id_ in ids}

    def stored(self) -> dict[int, Any]:
        """What each structure is; those that stayed behind are none."""
        self.session.rollback()
        self.session.expire_all()
        behind = set(self.session.scalars(select(StructureAlias.key)))
        rows = {
            s.id: (
                s.key, s.ended_on, s.withdrawn_on, (s.lat, s.geo_precision),
                s.siret, s.finess, s.name, s.address, s.phone, s.website, s.naf, s.open,
                s.closed_on,
                tuple(sorted((t.kind, t.source, str(t.ended_on)) for t in s.statuses)),
                tuple(sorted((a.code, a.origin, a.weight) for a in s.activities)),
            )
            for s in self.session.scalars(select(Structure))
            if s.key not in behind
        }  # fmt: skip
        self.session.rollback()
        return rows


def comparable(rows: dict[int, Any]) -> list[Any]:
    """What was stored, whatever its identifiers; nobody looks up where an ended structure is."""
    return sorted(
        (key, str(ended_on), withdrawn_on, None if ended_on else point, *rest)
        for key, ended_on, withdrawn_on, point, *rest in rows.values()
    )


@pytest.fixture
def run_id(session: Session) -> int:
    return open_a_run(session)


def test_what_was_undone_leaves_no_trace_and_what_is_read_again_writes_nothing(
    session: Session, run_id: int, long_run: bool
) -> None:
    @settings(
        max_examples=400 if long_run else 15,
        suppress_health_check=list(HealthCheck),
        deadline=None,
    )
    @example(JOINED_TO_WHAT_IS_LISTED)
    @example(KNOWN_BY_A_REGISTER_ALONE)
    @given(ACTIONS)
    def lived(actions: list[Action]) -> None:
        empty(session)
        world = World(session, run_id)
        for action in actions:
            world.do(action)
            assert world.shown_again() == []
        world.do(("locate", "", None))
        now = world.stored()
        assert {i: world.index.get(i) for i in now} == now, "the index is not in step"

        for source, records in world.files.items():
            read(session, run_id, source, records)
        world.do(("locate", "", None))
        assert world.stored() == now, "the same files again changed something"

        empty(session)
        again = World(session, run_id)
        for action in world.standing_actions():
            again.do(action)
        again.do(("locate", "", None))
        assert comparable(again.stored()) == comparable(now)

    lived()
