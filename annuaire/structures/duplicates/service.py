"""The review list: read by page, decided by people, each decision a row that another undoes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from annuaire.errors import InvalidInputError, NotFoundError
from annuaire.sql import among, numbered
from annuaire.structures.duplicates import queries
from annuaire.structures.duplicates.evidence import LABELS
from annuaire.structures.duplicates.models import DuplicateDecision, DuplicatePair
from annuaire.structures.merge import trust
from annuaire.structures.models import SourceRecord, Structure
from annuaire.structures.placing import place
from annuaire.structures.refreshing import Changes, refresh

PER_PAGE = 20
STATES = {"open": "à examiner", "accepted": "réunies", "refused": "refusées"}


@dataclass(frozen=True, slots=True)
class Seen:
    """A pair with its two structures, as they are today; `joined` gives the present address of
    those that were joined to another."""

    pair: DuplicatePair
    first: Structure
    second: Structure
    joined: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """One page of the list, and how long the whole is."""

    items: list[Seen]
    total: int
    page: int


@dataclass(frozen=True, slots=True)
class Figures:
    """How many pairs in each state, and how many open ones rest on each evidence."""

    states: dict[str, int]
    evidence: dict[str, int]


def review(
    session: Session,
    state: str = "open",
    evidence: Sequence[str] = (),
    departement: str | None = None,
    page: int = 1,
    per_page: int = PER_PAGE,
) -> ReviewPage:
    """A page of pairs in a state, those that rest on every `evidence` asked; the surest first.

    Raises InvalidInputError for a state or an evidence that does not exist.
    """
    _check(state, STATES, "state")
    for code in evidence:
        _check(code, LABELS, "evidence")
    total = session.scalar(queries.count_pairs(state, evidence, departement)) or 0
    offset = (max(1, page) - 1) * per_page
    found = session.scalars(
        queries.pairs(state, evidence, departement, offset, per_page).options(
            selectinload(DuplicatePair.evidence), selectinload(DuplicatePair.decisions)
        )
    ).all()
    return ReviewPage(_seen(session, found), total, max(1, page))


def figures(session: Session) -> Figures:
    """What the list holds."""
    states: dict[str, int] = dict.fromkeys(STATES, 0)
    states.update(session.execute(queries.states()).all())
    evidence: dict[str, int] = {}
    evidence.update(session.execute(queries.open_evidence()).all())
    return Figures(states, evidence)


def seen(session: Session, pair_id: int) -> Seen:
    """One pair with its structures. Raises NotFoundError."""
    return _seen(session, [_pair(session, pair_id)])[0]


def accept(
    session: Session, pair_id: int, by: str, today: date, keep: str | None = None
) -> Structure:
    """Join the two structures of a pair in the caller's transaction; returns the one kept.

    Its records, those of the other, and all that will come for either stand on it from now on;
    the other's address leads there. Without `keep`, the one with a SIRET is kept, then the living
    one, the one of the most trusted sources, the oldest. Raises NotFoundError, InvalidInputError.
    """
    now = seen(session, pair_id)
    _refuse_decided(now)
    kept, other = _kept_first(session, now, keep)
    session.add(_decision(now.pair, "accept", by, kept.key, other.key))
    now.pair.state = "accepted"
    session.flush()
    _settle(session, (kept.key, other.key), today)
    return session.get_one(Structure, kept.id, populate_existing=True)


def refuse(session: Session, pair_id: int, by: str) -> None:
    """Say that the two structures of a pair are two: it is proposed no more unless its evidence
    changes. Raises NotFoundError, InvalidInputError."""
    now = seen(session, pair_id)
    _refuse_decided(now)
    session.add(_decision(now.pair, "refuse", by, now.first.key, now.second.key))
    now.pair.state = "refused"
    session.flush()


def undo(session: Session, pair_id: int, by: str, today: date) -> str:
    """Undo the decision of a pair that stands, in the caller's transaction; returns its verdict.

    Structures that were joined are again what their own records make of them, those that came
    since included. Raises NotFoundError, InvalidInputError when nothing stands.
    """
    pair = _pair(session, pair_id)
    decision = session.scalar(queries.standing_decision(pair_id))
    if decision is None:
        raise InvalidInputError(f"La paire {pair_id} n'a pas de décision à défaire.")
    undoing = _decision(pair, "undo", by, decision.kept_key, decision.other_key)
    undoing.undoes_id = decision.id
    session.add(undoing)
    pair.state = "open"
    session.flush()
    if decision.verdict == "accept":
        _settle(session, (decision.kept_key, decision.other_key), today)
    return decision.verdict


def _settle(session: Session, keys: Iterable[str], today: date) -> None:
    placed = place(session, (), keys)
    refresh(session, placed.touched, Changes(), today, placed.moved)


def _pair(session: Session, pair_id: int) -> DuplicatePair:
    pair = numbered(session, DuplicatePair, pair_id)
    if pair is None:
        raise NotFoundError(
            f"Aucune paire ne porte le numéro {pair_id} : « annuaire duplicates list » les montre."
        )
    return pair


def _seen(session: Session, pairs: Sequence[DuplicatePair]) -> list[Seen]:
    ids = {i for pair in pairs for i in (pair.first_id, pair.second_id)}
    found = session.scalars(
        select(Structure)
        .where(among(Structure.id, ids))
        .options(selectinload(Structure.statuses))
        .order_by(Structure.id)
    )
    by_id = {structure.id: structure for structure in found}
    joined: dict[str, str] = {}
    joined.update(session.execute(queries.addresses_of([s.key for s in by_id.values()])).all())
    return [Seen(pair, by_id[pair.first_id], by_id[pair.second_id], joined) for pair in pairs]


def _refuse_decided(now: Seen) -> None:
    pair = now.pair
    if pair.state != "open":
        raise InvalidInputError(
            f"La paire {pair.id} est déjà décidée ({STATES[pair.state]}) : "
            f"« annuaire duplicates undo {pair.id} » d'abord."
        )
    for key, present in now.joined.items():
        raise InvalidInputError(
            f"La structure {key} a été réunie à {present} depuis : relancez « annuaire "
            "duplicates find »."
        )


def _kept_first(session: Session, now: Seen, keep: str | None) -> tuple[Structure, Structure]:
    both = [now.first, now.second]
    if keep is None:
        trusted: dict[int, int] = {}
        for row in session.execute(
            select(SourceRecord.structure_id, SourceRecord.source).where(
                SourceRecord.structure_id.in_([s.id for s in both])
            )
        ):
            best = trusted.get(row.structure_id, trust(row.source))
            trusted[row.structure_id] = min(best, trust(row.source))
        both.sort(key=lambda s: (not s.siret, s.ended_on is not None, trusted.get(s.id, 99), s.id))
        return both[0], both[1]
    kept = next((s for s in both if s.key == keep), None)
    if kept is None:
        keys = " ou ".join(s.key for s in both)
        raise InvalidInputError(f"--keep {keep[:40]} : écrivez {keys}.", "keep")
    other = both[1] if kept is both[0] else both[0]
    if other.siret and not kept.siret:
        raise InvalidInputError(
            f"{keep} n'a pas de SIRET et {other.key} en a un : gardez {other.key}.", "keep"
        )
    return kept, other


def _decision(
    pair: DuplicatePair, verdict: str, by: str, kept: str, other: str
) -> DuplicateDecision:
    if not by.strip():
        raise InvalidInputError("Une décision porte un nom : dites qui la prend (--by).", "by")
    return DuplicateDecision(
        pair_id=pair.id,
        verdict=verdict,
        kept_key=kept,
        other_key=other,
        fingerprint=pair.fingerprint,
        why=" ; ".join(e.sentence for e in pair.evidence),
        decided_by=by.strip()[:200],
        decided_at=datetime.now(UTC),
    )


def _check(value: str, known: Iterable[str], field: str) -> None:
    if value not in known:
        raise InvalidInputError(
            f"« {value[:40]} » n'existe pas ; écrivez {', '.join(known)}.", field
        )
