"""What is told of structures: a new one that a search awaits, what changed on a page."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from annuaire.activities.taxonomy import taxonomy
from annuaire.alerts import queries
from annuaire.alerts.asking import STRUCTURE, STRUCTURES
from annuaire.alerts.finding import FIRST, Found, Looked, question
from annuaire.alerts.terms import terms_of
from annuaire.sql import among
from annuaire.structures.about import change_lines
from annuaire.structures.decided import NOTHING
from annuaire.structures.decision_models import StructureChange
from annuaire.structures.decisions import in_force
from annuaire.structures.kinds import kind_label
from annuaire.structures.models import Structure
from search.choice import make_batch
from search.documents import structure_document
from search.engine import Engine

MOST_ACTIVITIES = 4


def look_at_structures(session: Session, engine: Engine, ids: Sequence[int], today: date) -> Looked:
    """All that is to be told of structures that changed. Reads only. Raises EngineUnavailable."""
    found = session.scalars(
        select(Structure)
        .where(among(Structure.id, ids), Structure.withdrawn_on.is_(None))
        .options(selectinload(Structure.statuses), selectinload(Structure.activities))
        .order_by(Structure.id)
    ).all()
    by_id = {structure.id: structure for structure in found}
    told = _told(session, by_id)
    return Looked([*_new(session, engine, by_id, told, today), *_changed(session, by_id, told)], [])


def _name(id_: int) -> str:
    """How a delivery names a structure: its key may change, not its number."""
    return f"structure:{id_}"


def _told(session: Session, ids: dict[int, Structure]) -> dict[tuple[int, str], dict[str, Any]]:
    """What each subscription was told last of each structure."""
    rows = session.execute(queries.told_of(map(_name, ids)))
    return {(row.subscription_id, row.reference): row.seen for row in rows}


def _new(
    session: Session, engine: Engine, by_id: dict[int, Structure], told: Any, today: date
) -> Iterator[Found]:
    """The structures that came after the searches of structures that find them."""
    documents = [
        structure_document(each, today) for each in by_id.values() if each.ended_on is None
    ]
    terms = set[str]().union(*map(terms_of, documents))
    wanted = session.scalars(queries.candidates(f"structures/{term}" for term in terms)).all()
    rows = session.execute(queries.served(wanted, STRUCTURES)).all()
    if not rows:
        return
    batch = make_batch("structures", documents)
    for row in rows:
        query = question(engine, row.kind, row.query, today)
        for id_ in batch.ids(query) if query else ():
            structure = by_id[id_]
            if structure.created_at >= row.since and (row.id, _name(id_)) not in told:
                yield Found(row.id, queries.NEW, _name(id_), FIRST, _said(structure, today), {})


def _said(structure: Structure, today: date) -> dict[str, Any]:
    known = taxonomy()
    return {
        "key": structure.key,
        "name": structure.shown_name,
        "city": structure.city,
        "kinds": [kind_label(kind) for kind in structure.kinds_held(today)],
        "activities": [known.label(a.code) for a in structure.activities[:MOST_ACTIVITIES]],
    }


def _changed(session: Session, by_id: dict[int, Structure], told: Any) -> Iterator[Found]:
    """What changed on the pages that somebody follows, since they were told last."""
    wanted = session.scalars(queries.candidates(f"structure/{id_}" for id_ in by_id)).all()
    rows = session.execute(queries.served(wanted, STRUCTURE)).all()
    if not rows:
        return
    key_ids = {structure.key: structure.id for structure in by_id.values()}
    changes = _changes(session, set(key_ids.values()))
    standing = in_force(session, list(by_id))
    for row in rows:
        id_ = key_ids.get(row.structure_key)
        if id_ is None:
            continue  # its key changed: its subscriptions follow within a day
        last = told.get((row.id, _name(id_)), {}).get("change", 0)
        fresh = [c for c in changes.get(id_, ()) if c.id > last and c.changed_at >= row.since]
        lines = change_lines(fresh, standing.get(id_, NOTHING), {})
        if lines:
            said = {
                "key": by_id[id_].key, "name": by_id[id_].shown_name, "city": by_id[id_].city,
                "kinds": [], "activities": [], "changes": [line.sentence for line in lines],
            }  # fmt: skip
            newest = max(change.id for change in fresh)
            yield Found(row.id, queries.UPDATE, _name(id_), str(newest), said, {"change": newest})


def _changes(session: Session, ids: set[int]) -> dict[int, list[StructureChange]]:
    found: dict[int, list[StructureChange]] = {}
    rows = session.scalars(
        select(StructureChange)
        .where(among(StructureChange.structure_id, ids))
        .order_by(StructureChange.structure_id, StructureChange.id)
    )
    for change in rows:
        found.setdefault(change.structure_id, []).append(change)
    return found
