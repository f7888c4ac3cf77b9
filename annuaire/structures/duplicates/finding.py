"""The search of likely duplicates over the whole register, and its list brought up to date."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from annuaire.db import reading, writing
from annuaire.sql import among
from annuaire.structures.duplicates import queries
from annuaire.structures.duplicates.blocking import candidate_pairs
from annuaire.structures.duplicates.evidence import LEAST, Evidence, Shared, fingerprint, weigh
from annuaire.structures.duplicates.models import DuplicateEvidence, DuplicatePair
from annuaire.structures.duplicates.profiles import Profile, Raw, profile
from annuaire.structures.samples import SAMPLE_SOURCE

PAGE = 2_000  # pairs written in a transaction


@dataclass(frozen=True, slots=True)
class Likely:
    """A pair found: its structures by identifier, the smaller first."""

    first: Profile
    second: Profile
    score: int
    evidence: Sequence[Evidence]


@dataclass(slots=True)
class Found:
    """What a search did: structures and pairs compared; pairs shown, new, changed, gone; those
    kept out of the list by a refusal; how many of the pairs shown rest on each evidence."""

    structures: int = 0
    compared: int = 0
    pairs: int = 0
    new: int = 0
    changed: int = 0
    gone: int = 0
    refused: int = 0
    by_evidence: Counter[str] = field(default_factory=Counter)


def find(session: Session) -> Found:
    """Look for likely duplicates in the whole register and bring the review list up to date.

    Joins nothing. A refused pair stays out until its evidence changes; a pair found no more leaves
    the list. Run again on the same register, it writes nothing.
    """
    session.rollback()
    profiles = [*_profiles(reading(session))]
    session.rollback()
    done = Found(structures=len(profiles))
    likely = [*likely_pairs(profiles, done)]
    _store(session, likely, done)
    return done


def likely_pairs(profiles: Sequence[Profile], done: Found) -> Iterator[Likely]:
    """The pairs with evidence enough to be shown; counts in `done` those that were compared."""
    shared = Shared.among(p for p in profiles if p.raw.ended_on is None)
    for one, other in candidate_pairs(profiles):
        done.compared += 1
        score, evidence = weigh(one, other, shared)
        if score >= LEAST:
            first, second = sorted((one, other), key=lambda p: p.raw.id)
            yield Likely(first, second, score, evidence)


def _profiles(session: Session) -> Iterator[Profile]:
    kinds: dict[int, set[str]] = defaultdict(set)
    for row in session.execute(queries.living_kinds()):
        kinds[row.structure_id].add(row.kind)
    for row in session.execute(queries.compared()):
        yield profile(
            Raw(
                **{name: getattr(row, name) for name in queries.COMPARED},
                precise=row.geo_precision == "number",
                kinds=frozenset(kinds.get(row.id, ())),
                sample=(row.origins.get("name") or [""])[0] == SAMPLE_SOURCE,
            )
        )


def _store(session: Session, likely: Sequence[Likely], done: Found) -> None:
    """Write what differs from the list, page by page."""
    listed = _Listed(reading(session))
    session.rollback()
    for pair in likely:
        listed.meet(pair, done)
    for start in range(0, len(listed.rows), PAGE):
        page = listed.rows[start : start + PAGE]
        with writing(session):
            _write(session, page)
    gone, kept = listed.not_met()
    for start in range(0, len(gone) + len(kept), PAGE):
        with writing(session):
            drop = gone[start : start + PAGE]
            session.execute(delete(DuplicateEvidence).where(among(DuplicateEvidence.pair_id, drop)))
            session.execute(delete(DuplicatePair).where(among(DuplicatePair.id, drop)))
            hide = [{"id": i, "listed": False} for i in kept[start : start + PAGE]]
            if hide:
                session.execute(update(DuplicatePair), hide)
    done.gone = len(gone) + len(kept)


class _Listed:
    """The list as it is stored, met pair by pair with what a search found."""

    def __init__(self, session: Session) -> None:
        self._stored = {(r.first_id, r.second_id): r for r in session.execute(queries.all_pairs())}
        self._said: dict[int, set[tuple[str, int, str]]] = defaultdict(set)
        for row in session.execute(queries.all_evidence()):
            self._said[row.pair_id].add((row.code, row.points, row.sentence))
        self._refused = _refusals(session)
        self._met: set[int] = set()
        self._now = datetime.now(UTC)
        self.rows: list[tuple[dict[str, Any], Sequence[Evidence]]] = []

    def meet(self, pair: Likely, done: Found) -> None:
        """Note what must be written of a pair that was found."""
        ids = (pair.first.raw.id, pair.second.raw.id)
        row, mark = self._stored.get(ids), fingerprint(pair.evidence)
        state = "refused" if mark in self._refused.get(ids, ()) else "open"
        done.refused += state == "refused"
        if state == "open":
            done.pairs += 1
            done.by_evidence.update(e.code for e in pair.evidence)
        said = {(e.code, e.points, e.sentence) for e in pair.evidence}
        if row:
            self._met.add(row.id)
            same = (row.state, row.listed, row.fingerprint) == (state, True, mark)
            if same and self._said[row.id] == said:
                return
            done.changed += state == "open"
        else:
            done.new += state == "open"
        values = {
            "id": row.id if row else None,
            "first_id": ids[0],
            "second_id": ids[1],
            "departement": pair.first.raw.departement or pair.second.raw.departement,
            "score": pair.score,
            "fingerprint": mark,
            "state": state,
            "listed": True,
            "found_at": self._now,
        }
        self.rows.append((values, pair.evidence))

    def not_met(self) -> tuple[list[int], list[int]]:
        """Pairs found no more: those to forget, and those of which a decision speaks."""
        lost = [r for r in self._stored.values() if r.listed and r.id not in self._met]
        lost = [r for r in lost if r.state != "accepted"]
        return [r.id for r in lost if not r.decided], [r.id for r in lost if r.decided]


def _refusals(session: Session) -> Mapping[tuple[int, int], set[str]]:
    """The refusals that stand, by the structures to which their keys lead today."""
    refused: dict[tuple[int, int], set[str]] = defaultdict(set)
    for row in session.execute(queries.active_refusals()):
        refused[min(row.a, row.b), max(row.a, row.b)].add(row.fingerprint)
    return refused


def _write(session: Session, rows: Iterable[tuple[dict[str, Any], Sequence[Evidence]]]) -> None:
    known = [values for values, _ in rows if values["id"] is not None]
    if known:
        session.execute(update(DuplicatePair), known)
        ids = [values["id"] for values in known]
        session.execute(delete(DuplicateEvidence).where(among(DuplicateEvidence.pair_id, ids)))
    new = [{k: v for k, v in values.items() if k != "id"} for values, _ in rows
           if values["id"] is None]  # fmt: skip
    made: dict[tuple[int, int], int] = {}
    if new:
        session.execute(insert(DuplicatePair), new)
        firsts = [values["first_id"] for values in new]
        for pair in session.execute(
            select(DuplicatePair.id, DuplicatePair.first_id, DuplicatePair.second_id).where(
                among(DuplicatePair.first_id, firsts)
            )
        ):
            made[pair.first_id, pair.second_id] = pair.id
    evidence = [
        {
            "pair_id": values["id"] or made[values["first_id"], values["second_id"]],
            "code": e.code,
            "points": e.points,
            "sentence": e.sentence,
        }
        for values, said in rows
        for e in said
    ]
    if evidence:
        session.execute(insert(DuplicateEvidence), evidence)
