"""Where living sources contradict one another of a structure as it stands: for moderators, over
the whole register.

The database says which structures have several sources; their records are then compared page by
page, so that memory does not grow. A field that was corrected or hidden is settled: no conflict.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any, Final

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from annuaire.errors import InvalidInputError
from annuaire.sql import among, plain
from annuaire.structures.alike import said_of, same_place, written
from annuaire.structures.decided import NOTHING
from annuaire.structures.decisions import in_force
from annuaire.structures.fields import LABELS, labels_of
from annuaire.structures.models import SourceRecord, Structure
from annuaire.structures.provenance import worded

PAGE: Final = 500
#: Two presentations of a structure are two texts, and no contradiction.
COMPARED: Final = tuple(name for name in LABELS if name != "description")
#: What is said of the establishment as it stands: of its SIRET, or of a number beside it (FINESS,
#: the company's SIREN). The record of a SIRET that it left, or was joined to it, tells of then.
_PRESENT: Final = and_(
    SourceRecord.ended_on.is_(None),
    or_(SourceRecord.own_key == Structure.key, SourceRecord.own_key.contains(":")),
)


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field of which sources say different things: source → what it says."""

    key: str
    name: str
    field: str
    said: dict[str, str]


@dataclass(slots=True)
class Conflicts:
    """A page of conflicts, how many there are in all, and how many by field and pair of sources
    (a conflict of three sources counts for each pair that differs)."""

    page: list[Conflict] = field(default_factory=list)
    total: int = 0
    by_pair: Counter[tuple[str, str, str]] = field(default_factory=Counter)


def find_conflicts(
    session: Session,
    only_field: str | None = None,
    only_source: str | None = None,
    offset: int = 0,
    limit: int = 50,
) -> Conflicts:
    """All conflicts counted, those from `offset` on kept. Raises InvalidInputError."""
    if only_field is not None and only_field not in COMPARED:
        raise InvalidInputError(
            f"Le champ « {only_field[:40]} » ne se compare pas. Champs possibles : "
            f"{labels_of(COMPARED)}.",
            "field",
        )
    found = Conflicts()
    fields = (only_field,) if only_field else COMPARED
    for conflict, pairs in _conflicts(session, fields):
        kept = [pair for pair in pairs if only_source in (None, *pair)]
        if not kept:
            continue
        found.by_pair.update((conflict.field, *pair) for pair in kept)
        if offset <= found.total < offset + limit:
            found.page.append(conflict)
        found.total += 1
    return found


def _conflicts(
    session: Session, fields: Sequence[str]
) -> Iterator[tuple[Conflict, list[tuple[str, str]]]]:
    """Each conflict with the pairs of sources that differ, by structure."""
    last = 0
    while ids := session.scalars(_of_several_sources(last)).all():
        records: dict[int, dict[str, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
        for row in session.execute(_living(ids)):
            records[row.structure_id][row.source].append(row.data)
        decided = in_force(session, ids)
        for row in session.execute(_shown(ids)).all():
            settled = decided.get(row.id, NOTHING)
            for name in fields:
                if name in settled.edits or name in settled.hidden:
                    continue
                said = _said(name, records[row.id])
                if pairs := [p for p in combinations(said, 2) if _differ(name, *map(said.get, p))]:
                    words = {
                        source: worded(name, values[0])
                        for source, values in said.items()
                        if any(source in pair for pair in pairs)
                    }
                    yield Conflict(row.key, row.brand or row.name, name, words), pairs
        last = ids[-1]


def _of_several_sources(after: int) -> Select[int]:
    """A page of the structures that several sources list."""
    return (
        select(SourceRecord.structure_id)
        .join(Structure, Structure.id == SourceRecord.structure_id)
        .where(_PRESENT, SourceRecord.structure_id > after)
        .group_by(SourceRecord.structure_id)
        .having(func.count(SourceRecord.source.distinct()) > 1)
        .order_by(SourceRecord.structure_id)
        .limit(PAGE)
    )


def _shown(ids: Sequence[int]) -> Select[int, str, str, str | None]:
    """Those of them that were not taken off."""
    return (
        select(Structure.id, Structure.key, Structure.name, Structure.brand)
        .where(among(Structure.id, ids), Structure.ended_on.is_(None))
        .order_by(Structure.id)
    )


def _living(ids: Sequence[int]) -> Select[int, str, dict[str, Any]]:
    return (
        select(SourceRecord.structure_id, SourceRecord.source, SourceRecord.data)
        .join(Structure, Structure.id == SourceRecord.structure_id)
        .where(among(SourceRecord.structure_id, ids), _PRESENT)
        .order_by(SourceRecord.structure_id, plain(SourceRecord.source), SourceRecord.id)
    )


def _said(name: str, records: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """By source, its records that say something of a field."""
    found = {
        source: [data for data in rows if said_of(name, data) is not None]
        for source, rows in records.items()
    }
    return {source: rows for source, rows in found.items() if rows}


def _differ(
    name: str, one: list[dict[str, Any]] | None, other: list[dict[str, Any]] | None
) -> bool:
    """Whether no record of one source agrees with a record of the other."""
    pairs = [(a, b) for a in one or () for b in other or ()]
    if name == "lat":
        return not any(same_place(a, b) for a, b in pairs)
    return not any(written(name, a[name]) == written(name, b[name]) for a, b in pairs)
