"""What an alert would have sent over the last days, before anybody subscribes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from annuaire.alerts.asking import (
    CONTRACTS,
    OPPORTUNITIES,
    STRUCTURES,
    query_of,
    read_query,
    search_of,
)
from annuaire.alerts.wishes import Wish
from annuaire.contracts.presenting import flags_of
from annuaire.matching.opportunities import DEFAULT_KM, Wanted, opportunities
from annuaire.matching.told import told_of
from annuaire.profiles.service import held
from annuaire.structures.about import change_lines
from annuaire.structures.decided import NOTHING
from annuaire.structures.decisions import in_force
from annuaire.structures.history import changes_of
from annuaire.structures.models import Structure
from annuaire.structures.service import by_siret
from search.choice import make_batch
from search.contract_documents import contract_documents
from search.documents import documents
from search.engine import Engine, Hit, Range
from search.schema import date_number

DAYS: Final = 30
LOOKED_AT: Final = 150  # contracts or structures, of which words are checked
SHOWN: Final = 10


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that would have been sent."""

    url: str
    title: str
    where: str
    on: date | str | None
    deadline: date | datetime | str | None = None
    flags: Sequence[Any] = ()
    score: str | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """What would have been sent: how many, `more` when there are more than were looked at, and the
    first of them."""

    total: int
    more: bool
    lines: list[Line]


def preview(session: Session, engine: Engine, wish: Wish, today: date) -> Preview:
    """What an alert would have sent over the last DAYS days. Raises EngineUnavailable."""
    since = today - timedelta(days=DAYS)
    if wish.kind == CONTRACTS:
        return _contracts(session, engine, wish, today, since)
    if wish.kind == STRUCTURES:
        return _structures(session, engine, wish, today, since)
    structure = by_siret(session, wish.structure_key or "")
    if wish.kind == OPPORTUNITIES:
        wanted = Wanted(**wish.options)
        chosen = wanted.within_km != DEFAULT_KM
        said = None if chosen else told_of(held(session, structure.id).content)
        found = opportunities(session, engine, structure, today, wanted, told=said)
        recent = [each for each in found if each.published_on >= since]
        lines = [
            Line(
                f"/marches/{each.reference}/lots/{each.number}", each.title, each.buyer,
                each.published_on, each.deadline or each.last_day,
                score=f"{each.score_label} ({each.score} sur 100)",
            )
            for each in recent
        ]  # fmt: skip
        return Preview(len(lines), False, lines[:SHOWN])
    changes = session.scalars(changes_of(structure.id)).all()
    standing = in_force(session, [structure.id]).get(structure.id, NOTHING)
    recent_changes = [change for change in changes if change.changed_at.date() >= since]
    url = f"/structures/{structure.key}"
    lines = [
        Line(url, line.sentence, structure.shown_name, line.changed_at.date())
        for line in change_lines(recent_changes, standing, {})
    ]
    return Preview(len(lines), False, lines[:SHOWN])


def _contracts(session: Session, engine: Engine, wish: Wish, today: date, since: date) -> Preview:
    search = search_of(CONTRACTS, read_query(wish.query), engine)
    query = query_of(CONTRACTS, search, today)
    published = Range("published", minimum=date_number(since.isoformat()))
    query = replace(
        query, filters=(*query.filters, published), sort="newest", offset=0, limit=LOOKED_AT,
        highlight=False,
    )  # fmt: skip
    hits = engine.search("contracts", query)
    kept = list(hits.hits)
    if query.text:
        # An alert drops no word and forgives no typo, as the page may.
        ids = [int(hit.id) for hit in kept]
        exact = set(make_batch("contracts", contract_documents(session, ids)).ids(query))
        kept = [hit for hit in kept if int(hit.id) in exact]
    whole = hits.total <= LOOKED_AT
    total = len(kept) if query.text or whole else hits.total
    return Preview(total, not whole and bool(query.text), [*map(_line, kept[:SHOWN])])


def _line(hit: Hit) -> Line:
    stored: Any = hit.document
    return Line(
        f"/marches/{stored['reference']}",
        stored["title"],
        stored["buyer"],
        stored["published"],
        stored.get("deadline") or stored.get("closes"),
        flags_of(stored["clause_types"]),
    )


def _structures(session: Session, engine: Engine, wish: Wish, today: date, since: date) -> Preview:
    newest = session.execute(
        select(Structure.id, Structure.created_at)
        .where(Structure.ended_on.is_(None))
        .order_by(Structure.created_at.desc(), Structure.id)
        .limit(LOOKED_AT + 1)
    ).all()
    recent = {row.id: row.created_at for row in newest if row.created_at.date() >= since}
    found = documents(session, "structures", [*recent][:LOOKED_AT], today)
    query = query_of(STRUCTURES, search_of(STRUCTURES, read_query(wish.query), engine), today)
    kept = set(make_batch("structures", found).ids(query)) if found else set()
    shown: list[Any] = [each for each in found if int(str(each["id"])) in kept]
    lines = [
        Line(
            f"/structures/{each['_stored']['key']}",
            each["_stored"]["brand"] or each["name"],
            each.get("city") or "",
            recent[int(each["id"])].date(),
        )
        for each in shown[:SHOWN]
    ]
    return Preview(len(kept), len(recent) > LOOKED_AT, lines)
