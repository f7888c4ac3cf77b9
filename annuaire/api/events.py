"""What webhooks are to be told: contracts and structures of their searches that changed.

Changes are looked at once the index holds them, from a little before where they were looked at
last: one that is met again is told once, as its moment is kept. What is read again and says the
same is not told: a digest of what matters decides.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final
from urllib.parse import parse_qsl

import orjson
from sqlalchemy.orm import Session

from annuaire import outbox
from annuaire.api.changes import Place, contracts_after, structures_after
from annuaire.api.mirrors import mirrored_contract, moment, named
from annuaire.api.schemas.changes import MirroredContractSchema
from annuaire.api.schemas.structures import StructureSchema
from annuaire.api.structures import structure_values
from annuaire.contracts.models import Contract
from annuaire.contracts.search import asked_contracts
from annuaire.contracts.service import whole_by_ids
from annuaire.db import reading, writing
from annuaire.errors import InvalidInputError
from annuaire.matching.service import winner_urls
from annuaire.platforms import sending, webhooks
from annuaire.platforms.models import Webhook
from annuaire.structures.reading import full_by_ids
from annuaire.takeaway.finding import TERRITORY
from search.engine import Engine, IndexName, Terms
from search.filters import STRUCTURE_FILTERS, STRUCTURE_SORTS, Search, parse

#: Longer than a transaction lasts: what it wrote is seen when it ends.
OVERLAP: Final = timedelta(minutes=1)
PAGE: Final = 500  # changes looked at together
PUBLISHED: Final = "contract.published"
CHANGED: Final = "contract.changed"
STRUCTURE: Final = "structure.changed"
GONE: Final = "structure.gone"
NO_SEARCH: Final = "sa recherche ne peut plus se faire"

Pairs = list[tuple[int, datetime]]


@dataclass(frozen=True, slots=True)
class Telling:
    """What a turn needs beside the database."""

    engine: Engine
    now: datetime
    today: date
    titles: Mapping[str, str]
    public_url: str


@dataclass(frozen=True, slots=True)
class _Told:
    """What one object would be told as."""

    subject: str
    event: str
    changed_at: datetime
    digest: str
    data: Mapping[str, Any]


def search_of(engine: Engine, name: IndexName, query: str) -> Search:
    """The search of a query string of the site. Raises InvalidInputError for what cannot be
    asked, and EngineUnavailable."""
    values: dict[str, list[str]] = {}
    for key, value in parse_qsl(query.lstrip("?")):
        values.setdefault(key, []).append(value)
    if name == "structures":
        asked = parse(STRUCTURE_FILTERS, STRUCTURE_SORTS, values)
    else:
        asked = asked_contracts(engine, values)
    if asked.errors:
        raise InvalidInputError(" ".join(error.message for error in asked.errors), name)
    return asked


def prepare(session: Session, telling: Telling) -> int:
    """Put in the log what webhooks are to be told of the changes since the last turn; returns how
    many messages. Raises EngineUnavailable: the changes then wait."""
    if reading(session).scalar(webhooks.all_webhooks().limit(1)) is None:
        session.rollback()
        return 0
    with writing(session):
        webhooks.disable_without_key(session, telling.now)
        webhooks.forget_old(session, telling.now)
    active = (
        reading(session).scalars(webhooks.all_webhooks().where(Webhook.disabled_at.is_(None))).all()
    )
    session.expunge_all()
    horizon = _horizon(session, telling.now)
    session.rollback()
    return sum(_prepare(session, telling, webhook, horizon) for webhook in active)


def _horizon(session: Session, now: datetime) -> datetime:
    """Up to when the index holds what changed."""
    waiting = outbox.waiting(session).values()
    return min([now, *(since for _, since in waiting)])


def _prepare(session: Session, telling: Telling, webhook: Webhook, horizon: datetime) -> int:
    count = 0
    since = max(webhook.seen_at - OVERLAP, webhook.created_at)
    try:
        searches = _searches(telling.engine, webhook)
    except InvalidInputError as error:  # an activity, say, that the taxonomy has no more
        with writing(session):
            found = session.get_one(Webhook, webhook.id)
            webhooks.disable(found, telling.now, f"{NO_SEARCH} : {error.message}")
        return 0
    for name, asked in searches.items():
        count += _prepare_all(session, telling, webhook, name, asked, since, horizon)
    with writing(session):
        webhooks.catch_up(session, [webhook.id], max(horizon, webhook.seen_at))
    return count


def _searches(engine: Engine, webhook: Webhook) -> dict[IndexName, Search]:
    wanted: dict[IndexName, str | None] = {
        "contracts": webhook.contracts,
        "structures": webhook.structures,
    }
    return {
        name: search_of(engine, name, query) for name, query in wanted.items() if query is not None
    }


def _prepare_all(
    session: Session,
    telling: Telling,
    webhook: Webhook,
    name: IndexName,
    asked: Search,
    since: datetime,
    horizon: datetime,
) -> int:
    count, place = 0, Place(since)
    after = contracts_after if name == "contracts" else structures_after
    tell = _contracts if name == "contracts" else _structures
    while True:
        rows: Pairs = [(id_, at) for id_, at in reading(session).execute(after(place, PAGE))]
        ready = [(id_, at) for id_, at in rows if at <= horizon]
        told = tell(session, telling, webhook, asked, ready) if ready else []
        session.rollback()
        count += _log(session, telling, webhook, told)
        session.expunge_all()
        if len(rows) < PAGE or len(ready) < len(rows):
            return count
        place = Place(rows[-1][1], 0, rows[-1][0])


def _log(session: Session, telling: Telling, webhook: Webhook, told: Sequence[_Told]) -> int:
    if not told:
        return 0
    with writing(session):
        known = sending.last_digests(session, webhook.id, [each.subject for each in told])
        rows = [
            {
                "webhook_id": webhook.id,
                "event": each.event,
                "subject": each.subject,
                "changed_at": each.changed_at,
                "digest": each.digest,
                "body": {
                    "type": CHANGED
                    if each.event == PUBLISHED and each.subject in known
                    else each.event,
                    "timestamp": moment(each.changed_at),
                    "data": each.data,
                },
            }
            for each in told
            if known.get(each.subject) != each.digest
            and (each.event != GONE or each.subject in known or not webhook.structures)
        ]
        return sending.add_deliveries(session, rows, telling.now)


def _contracts(
    session: Session, telling: Telling, webhook: Webhook, asked: Search, rows: Pairs
) -> list[_Told]:
    found = whole_by_ids(session, [id_ for id_, _ in rows])
    kept = _among(telling, "contracts", asked, list(found))
    matched = {i: contract for i, contract in found.items() if i in kept}
    winners = winner_urls(session, *matched.values())
    schema = MirroredContractSchema()
    told = []
    for id_, at in rows:
        if (contract := matched.get(id_)) is None:
            continue
        values = mirrored_contract(contract, telling.today, telling.public_url, winners)
        event = PUBLISHED if contract.created_at >= webhook.created_at else CHANGED
        told.append(_Told(contract.reference, event, at, _matters(contract), schema.dump(values)))
    return told


def _among(telling: Telling, name: IndexName, asked: Search, ids: Sequence[int]) -> set[int]:
    """Those of some contracts or structures (PAGE at most) that a search finds today, with all its
    words."""
    if not ids:
        return set()
    query = asked.query(telling.today, per_page=PAGE, territory_field=TERRITORY[name])
    only = Terms("id", tuple(map(str, ids)))
    query = replace(query, filters=(*query.filters, only), highlight=False)
    found = telling.engine.search(name, query)
    return set() if found.relaxed else {int(hit.id) for hit in found.hits}


def _matters(contract: Contract) -> str:
    """A digest of what is worth telling again: state, deadlines, lots, clauses."""
    said = (
        contract.title,
        contract.state,
        contract.deadline,
        contract.expires_on,
        [(lot.number, lot.title, lot.state, lot.reserved, lot.deadline) for lot in contract.lots],
        sorted((f.type, sorted(f.lots), f.hours or 0, f.share or 0) for f in contract.findings),
    )
    return hashlib.sha256(repr(said).encode()).hexdigest()


def _structures(
    session: Session, telling: Telling, _webhook: Webhook, asked: Search, rows: Pairs
) -> list[_Told]:
    found = full_by_ids(session, [id_ for id_, _ in rows])
    gone = {s.id: s for s in session.scalars(named(id_ for id_, _ in rows if id_ not in found))}
    kept = _among(telling, "structures", asked, list(found))
    schema, told = StructureSchema(), []
    for id_, at in rows:
        structure = found.get(id_) or gone[id_]
        if structure.ended_on is not None:
            day = structure.ended_on.isoformat()
            data = {"key": structure.key, "on": day}
            told.append(_Told(structure.key, GONE, at, f"gone {day}", data))
        elif id_ in kept:
            values = structure_values(structure, telling.today, telling.titles, telling.public_url)
            data = schema.dump(values)
            plain = orjson.dumps({**data, "updated_at": None}, option=orjson.OPT_SORT_KEYS)
            digest = hashlib.sha256(plain).hexdigest()
            told.append(_Told(structure.key, STRUCTURE, at, digest, data))
    return told
