"""Records put on the structures that their keys lead to: the rules of `identity`, set by set.

What is read here is the whole neighbourhood of the keys at hand, through the links that records
tell and the structures that people joined: it is small, and what it decides depends on nothing
else, so that the order of imports does not count.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, delete, or_, select, update
from sqlalchemy.orm import Session

from annuaire.db import insert_for
from annuaire.sql import among
from annuaire.structures.carrying import Move, carry_statuses
from annuaire.structures.duplicates.queries import active_joins
from annuaire.structures.identity import Facts, Link, claims, other_keys, present_keys, siret_of
from annuaire.structures.identity import structure_key as own_key
from annuaire.structures.merge import trust
from annuaire.structures.models import KeyLink, SourceRecord, Structure, StructureAlias
from annuaire.structures.records import StructureRecord

Standing = Row[int, str, str, int, bool]  # id, source, own_key, structure_id, whether it claims


@dataclass(frozen=True, slots=True)
class Incoming:
    """A record to be written: new (`known_id` is None), or in the place of a stored one."""

    source: str
    run_id: int
    record: StructureRecord
    digest: str
    known_id: int | None = None
    known_structure: int | None = None
    known_key: str | None = None


@dataclass(slots=True)
class Placed:
    """The structure of each key, those made for it, those whose address or statuses moved, and all
    whose records or former keys changed."""

    ids: dict[str, int] = field(default_factory=dict)
    created: set[int] = field(default_factory=set)
    moved: set[int] = field(default_factory=set)
    touched: set[int] = field(default_factory=set)


@dataclass(slots=True)
class _Around:
    """The neighbourhood of some keys: what bears on them, and the records that stand there."""

    keys: set[str]
    facts: Facts
    standing: Sequence[Standing]


def place(session: Session, incoming: Sequence[Incoming], keys: Iterable[str] = ()) -> Placed:
    """Write records on the structures that their keys lead to, and bring the stored records of
    the same neighbourhood, and of `keys`, where they belong now.

    A structure whose key leads elsewhere takes the new key when no structure has it (its
    identifier stays), else it stays behind without records and its key leads to the other.
    """
    around = _look_around(session, incoming, keys)
    leads = present_keys(around.keys, around.facts)
    names = {leads[own_key(item.record)]: item.record.name for item in incoming}
    wanted = {leads[row.own_key] for row in around.standing} | set(names)
    placed = _structures_at(session, wanted, leads, names)
    placed.ids = {key: placed.ids[root] for key, root in leads.items() if root in placed.ids}
    moves = [
        Move(row.source, row.structure_id, placed.ids[row.own_key], row.id)
        for row in around.standing
        if row.structure_id != placed.ids[row.own_key]
    ]
    if moves:
        session.execute(
            update(SourceRecord), [{"id": m.record_id, "structure_id": m.to_id} for m in moves]
        )
    _write(session, incoming, placed)
    moves += [
        Move(item.source, item.known_structure, placed.ids[own_key(item.record)], item.known_id)
        for item in incoming
        if item.known_id is not None and item.known_structure is not None
        if item.known_structure != placed.ids[own_key(item.record)]
    ]
    placed.moved |= carry_statuses(session, moves)
    placed.touched |= {placed.ids[own_key(item.record)] for item in incoming}
    placed.touched |= {i for move in moves for i in (move.from_id, move.to_id)} | placed.moved
    return placed


def _look_around(session: Session, incoming: Sequence[Incoming], keys: Iterable[str]) -> _Around:
    new = [
        Link(other, own_key(item.record), holds=True, rank=trust(item.source))
        for item in incoming
        for other in other_keys(item.record)
    ]
    replaced = {item.known_id: own_key(item.record) for item in incoming if item.known_id}
    reached = {*keys, *(own_key(item.record) for item in incoming)}
    reached |= {item.known_key for item in incoming if item.known_key}
    reached |= {link.key for link in new}
    links: dict[tuple[str, str, int], Link] = {}
    joins: dict[int, tuple[str, str]] = {}
    frontier = set(reached)
    while frontier:
        for row in session.execute(_links_at(frontier)):
            says = replaced.get(row.record_id, row.own_key if row.ended_on is None else None)
            link = Link(row.key, row.target, says == row.target, trust(row.source))
            links[row.key, row.target, row.record_id] = link
        for join in session.execute(active_joins(frontier)):
            joins[join.id] = (join.other_key, join.kept_key)
        ends = {end for link in links.values() for end in (link.key, link.target)}
        frontier = (ends | {key for pair in joins.values() for key in pair}) - reached
        reached |= frontier
    standing = [r for r in session.execute(_standing_at(reached)) if r.id not in replaced]
    claimed = {row.own_key for row in standing if row.claims}
    claimed |= {own_key(item.record) for item in incoming if claims(item.record)}
    facts = Facts(claimed, [*links.values(), *new], [joins[i] for i in sorted(joins)])
    return _Around(reached, facts, standing)


def _structures_at(
    session: Session, wanted: set[str], leads: Mapping[str, str], names: Mapping[str, str]
) -> Placed:
    """The structures at these present keys: those that stand there, those that come from a former
    key, new ones; former keys are made to lead to them."""
    rows = {row.key: row.id for row in session.execute(_structures_keyed(leads))}
    aliases = {row.key: row.structure_id for row in session.execute(_aliases_of(leads))}
    now = datetime.now(UTC)
    placed = Placed()
    rekeyed = dict(_rekeyed(wanted, rows, leads, aliases))
    if rekeyed:
        session.execute(
            update(Structure),
            [{"id": i, "key": key, "siret": siret_of(key)} for key, i in rekeyed.items()],
        )
        rows = {key: i for key, i in rows.items() if i not in rekeyed.values()} | rekeyed
        placed.moved = set(rekeyed.values())
    if new := sorted(wanted - rows.keys()):
        session.execute(
            insert_for(session, Structure.__table__),
            [
                {
                    "key": key,
                    "siret": siret_of(key),
                    "name": names.get(key, ""),
                    "origins": {},
                    "created_at": now,
                    "updated_at": now,
                }
                for key in new
            ],
        )
        made = {row.key: row.id for row in session.execute(_structures_keyed(new))}
        placed.created = set(made.values())
        rows |= made
    placed.touched = _lead(session, leads, rows, aliases)
    placed.ids = {key: rows[key] for key in wanted}
    return placed


def _rekeyed(
    wanted: set[str],
    rows: Mapping[str, int],
    leads: Mapping[str, str],
    aliases: Mapping[str, int],
) -> Iterator[tuple[str, int]]:
    """The structures that take a present key which has none: of several, the oldest; one that
    stayed behind only when no other comes, as when a joining is undone after a move."""
    taken: set[str] = set()
    for key, structure_id in sorted(rows.items(), key=lambda pair: (pair[0] in aliases, pair[1])):
        root = leads[key]
        if root in wanted and root not in rows and root not in taken:
            taken.add(root)
            yield root, structure_id


def _lead(
    session: Session,
    leads: Mapping[str, str],
    rows: Mapping[str, int],
    aliases: Mapping[str, int],
) -> set[int]:
    """Write the aliases that differ: every key that is not a present one leads to its structure.

    Returns the structures that gained or lost one: what people decided of a key follows it.
    """
    right = {key: rows[root] for key, root in leads.items() if root != key and root in rows}
    stale = [key for key in aliases if key not in right]
    if stale:
        session.execute(delete(StructureAlias).where(among(StructureAlias.key, stale)))
    fresh = [{"key": key, "structure_id": i} for key, i in right.items() if aliases.get(key) != i]
    if fresh:
        statement = insert_for(session, StructureAlias.__table__)
        session.execute(
            statement.on_conflict_do_update(
                index_elements=["key"], set_={"structure_id": statement.excluded.structure_id}
            ),
            fresh,
        )
    changed = [*stale, *(key for key, i in right.items() if aliases.get(key) != i)]
    return {i for key in changed for i in (aliases.get(key), right.get(key)) if i is not None}


def _write(session: Session, incoming: Sequence[Incoming], placed: Placed) -> None:
    """Write the records, then the links that they tell."""
    if not incoming:
        return
    statement = insert_for(session, SourceRecord.__table__)
    replaced = ("structure_id", "hash", "data", "run_id", "own_key", "claims", "ended_on")
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["source", "source_key"],
            set_={name: statement.excluded[name] for name in replaced},
        ),
        [_row(item, placed.ids[own_key(item.record)]) for item in incoming],
    )
    telling = {
        (item.source, item.record.source_key): (own_key(item.record), other_keys(item.record))
        for item in incoming
        if other_keys(item.record)
    }
    links = [
        {"key": other, "target": telling[row.source, row.source_key][0], "record_id": row.id}
        for row in session.execute(_records_named(telling))
        if (row.source, row.source_key) in telling
        for other in telling[row.source, row.source_key][1]
    ]
    if links:
        session.execute(insert_for(session, KeyLink.__table__).on_conflict_do_nothing(), links)


def _row(item: Incoming, structure_id: int) -> dict[str, Any]:
    return {
        "source": item.source,
        "source_key": item.record.source_key,
        "structure_id": structure_id,
        "hash": item.digest,
        "data": item.record.as_data(),
        "own_key": own_key(item.record),
        "claims": claims(item.record),
        "run_id": item.run_id,
        "ended_on": None,
    }


def _links_at(keys: Iterable[str]) -> Any:
    found = list(keys)
    return (
        select(
            KeyLink.key,
            KeyLink.target,
            KeyLink.record_id,
            SourceRecord.source,
            SourceRecord.own_key,
            SourceRecord.ended_on,
        )
        .join(SourceRecord, SourceRecord.id == KeyLink.record_id)
        .where(or_(among(KeyLink.key, found), among(KeyLink.target, found)))
    )


def _standing_at(keys: Iterable[str]) -> Any:
    living = SourceRecord.ended_on.is_(None)
    return select(
        SourceRecord.id,
        SourceRecord.source,
        SourceRecord.own_key,
        SourceRecord.structure_id,
        (SourceRecord.claims & living).label("claims"),
    ).where(among(SourceRecord.own_key, keys))


def _structures_keyed(keys: Iterable[str]) -> Any:
    return select(Structure.key, Structure.id).where(among(Structure.key, keys))


def _aliases_of(keys: Iterable[str]) -> Any:
    return select(StructureAlias.key, StructureAlias.structure_id).where(
        among(StructureAlias.key, keys)
    )


def _records_named(names: Iterable[tuple[str, str]]) -> Any:
    pairs = list(names)
    return select(SourceRecord.id, SourceRecord.source, SourceRecord.source_key).where(
        SourceRecord.source.in_({source for source, _ in pairs}),
        among(SourceRecord.source_key, (key for _, key in pairs)),
    )
