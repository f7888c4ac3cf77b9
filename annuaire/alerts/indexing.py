"""The terms by which subscriptions are looked up: written when they change, and again each day, as
what their words mean may change (a place, a buyer's name, the taxonomy)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from annuaire.alerts import queries
from annuaire.alerts.asking import (
    OPPORTUNITIES,
    STRUCTURE,
    query_of,
    read_query,
    search_of,
    trouble_of,
)
from annuaire.alerts.letters import trouble_letter
from annuaire.alerts.links import Site
from annuaire.alerts.models import AlertSubscription, AlertTerm
from annuaire.alerts.terms import terms_needed
from annuaire.db import reading, writing
from annuaire.geo.areas import ServiceArea, marks_of
from annuaire.mail.service import queue_all
from annuaire.matching.opportunities import DEFAULT_KM, Wanted
from annuaire.matching.told import told_of
from annuaire.profiles.service import held_of
from annuaire.sql import among
from annuaire.structures.models import Structure
from annuaire.structures.queries import ids_at
from annuaire.structures.reading import full_by_ids
from search.engine import Circle, Engine, Query, Terms
from search.filters import Search
from search.filters.contracts import BUYER

BATCH: Final = 500
GONE: Final = "Cette structure n’est plus dans l’annuaire."


@dataclass(frozen=True, slots=True)
class Meant:
    """What a subscription is found by; or `trouble`, why it finds nothing. `key` is the present one
    of its structure."""

    terms: frozenset[str]
    trouble: str | None = None
    key: str | None = None


def meant(
    session: Session, engine: Engine, subscriptions: Sequence[AlertSubscription], today: date
) -> list[Meant]:
    """The terms of some subscriptions on a day, in their order; their structures are read together.
    Raises EngineUnavailable."""
    of_structures = _structures(session, subscriptions)
    return [
        _of_structure(each, of_structures.get(each.structure_key or ""))
        if each.kind in (OPPORTUNITIES, STRUCTURE)
        else _of_search(engine, each, today)
        for each in subscriptions
    ]


def _of_search(engine: Engine, subscription: AlertSubscription, today: date) -> Meant:
    search = search_of(subscription.kind, read_query(subscription.query), engine)
    if trouble := trouble_of(search):
        return Meant(frozenset(), trouble)
    query = query_of(subscription.kind, _without_names(search), today)
    return Meant(frozenset(f"{subscription.kind}/{term}" for term in terms_needed(query)))


def _without_names(search: Search) -> Search:
    """A search without the buyers that are named by words: whom these mean changes. A key or a
    number means itself."""
    named = {
        c.value for c in search.chosen if c.kind.key == BUYER.key and c.value.strip() not in c.means
    }
    if not named:
        return search
    kept = tuple(c for c in search.chosen if c.kind.key != BUYER.key)
    return Search(
        search.text, search.place, search.radius_km, kept, search.sort, search.page, search.errors
    )


def _structures(
    session: Session, subscriptions: Iterable[AlertSubscription]
) -> dict[str, tuple[Structure, ServiceArea | None]]:
    """The structures of these subscriptions, by the key that each has, with the area that each says
    to serve: a fixed number of queries."""
    keys = {each.structure_key for each in subscriptions if each.structure_key}
    if not keys:
        return {}
    ids = dict(session.execute(ids_at(sorted(keys))).all())
    known = full_by_ids(session, [*ids.values()])
    said = held_of(session, [*known])
    areas = {id_: told_of(profile.content).area for id_, profile in said.items()}
    return {key: (known[id_], areas.get(id_)) for key, id_ in ids.items() if id_ in known}


def _of_structure(
    subscription: AlertSubscription, found: tuple[Structure, ServiceArea | None] | None
) -> Meant:
    if found is None:
        return Meant(frozenset(), GONE, subscription.structure_key)
    structure, area = found
    if subscription.kind == STRUCTURE:
        return Meant(frozenset({f"structure/{structure.id}"}), None, structure.key)
    if structure.ended_on:
        return Meant(frozenset(), GONE, structure.key)
    around = _around(structure, Wanted(**subscription.options), area)
    return Meant(frozenset(around), None, structure.key)


def _around(structure: Structure, wanted: Wanted, area: ServiceArea | None) -> set[str]:
    """Where a structure looks for lots: around it, in its département, and where it says to work
    when no distance was chosen."""
    asked: list[Query] = []
    if structure.lat is not None and structure.lon is not None:
        asked.append(Query(circle=Circle(structure.lat, structure.lon, wanted.within_km)))
    if structure.departement:
        asked.append(Query(filters=(Terms("departements", (structure.departement,)),)))
    if area and wanted.within_km == DEFAULT_KM:
        point = None
        if structure.lat is not None and structure.lon is not None:
            point = (structure.lat, structure.lon)
        served = marks_of(area, point).departements
        asked.append(Query(filters=(Terms("departements", served),)))
    return {f"contracts/{term}" for query in asked for term in terms_needed(query)}


def write_terms(
    session: Session, meanings: Sequence[tuple[AlertSubscription, Meant]], today: date
) -> list[AlertSubscription]:
    """Replace the terms of subscriptions, in the caller's transaction; returns those that can serve
    no more, and could until now."""
    ids = [subscription.id for subscription, _ in meanings]
    session.execute(delete(AlertTerm).where(among(AlertTerm.subscription_id, ids)))
    rows = [
        {"term": term, "subscription_id": subscription.id}
        for subscription, found in meanings
        for term in sorted(found.terms)
    ]
    if rows:
        session.execute(insert(AlertTerm), rows)
    broken = []
    for subscription, found in meanings:
        if found.trouble and not subscription.trouble:
            broken.append(subscription)
        subscription.trouble, subscription.indexed_on = found.trouble, today
        subscription.structure_key = found.key or subscription.structure_key
    return broken


def write_again(session: Session, engine: Engine, site: Site, today: date) -> int:
    """Write again the terms of some subscriptions whose terms are of another day, and tell those
    that can serve no more; returns how many were looked at. Raises EngineUnavailable."""
    reading(session)
    found = session.scalars(queries.to_index(today, BATCH)).all()
    known = {
        each.id: (_asked(each), means)
        for each, means in zip(found, meant(session, engine, found, today), strict=True)
    }
    session.rollback()
    if not known:
        return 0
    with writing(session):
        rows = session.scalars(
            select(AlertSubscription)
            .where(among(AlertSubscription.id, known))
            .order_by(AlertSubscription.id)
            .with_for_update()
        )
        # What was changed meanwhile has its own terms already.
        meanings = [(row, known[row.id][1]) for row in rows if _asked(row) == known[row.id][0]]
        broken = write_terms(session, meanings, today)
        queue_all(session, (trouble_letter(site, each) for each in broken))
    return len(known)


def _asked(subscription: AlertSubscription) -> tuple[Any, ...]:
    """What the terms of a subscription are made of."""
    return subscription.query, subscription.structure_key, subscription.options
