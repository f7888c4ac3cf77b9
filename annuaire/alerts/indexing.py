"""The terms by which subscriptions are looked up: written when they change, and again each day, as
what their words mean may change (a place, a buyer's name, the taxonomy)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

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
from annuaire.errors import NotFoundError
from annuaire.geo.areas import ServiceArea, marks_of
from annuaire.mail.service import queue_all
from annuaire.matching.opportunities import DEFAULT_KM, Wanted
from annuaire.matching.told import told_of
from annuaire.profiles.service import held
from annuaire.sql import among
from annuaire.structures.models import Structure
from annuaire.structures.service import by_siret
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


def meant(session: Session, engine: Engine, subscription: AlertSubscription, today: date) -> Meant:
    """The terms of a subscription on a day. Raises EngineUnavailable."""
    if subscription.kind in (OPPORTUNITIES, STRUCTURE):
        return _of_structure(session, subscription, today)
    values = read_query(subscription.query)
    search = search_of(subscription.kind, values, engine)
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


def _of_structure(session: Session, subscription: AlertSubscription, today: date) -> Meant:
    try:
        structure = by_siret(session, subscription.structure_key or "")
    except NotFoundError:
        return Meant(frozenset(), GONE, subscription.structure_key)
    if structure.ended_on and subscription.kind == OPPORTUNITIES:
        return Meant(frozenset(), GONE, structure.key)
    if subscription.kind == STRUCTURE:
        return Meant(frozenset({f"structure/{structure.id}"}), None, structure.key)
    area = told_of(held(session, structure.id).content).area
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
    known = {each.id: (each.query, meant(session, engine, each, today)) for each in found}
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
        meanings = [(row, known[row.id][1]) for row in rows if row.query == known[row.id][0]]
        broken = write_terms(session, meanings, today)
        queue_all(session, (trouble_letter(site, each) for each in broken))
    return len(known)
