"""Changes as the API gives them: the object as it stands, or that it stands there no more and
where it went."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from annuaire.api.changes import Following, Place, contracts_after, left_after, structures_after
from annuaire.api.contracts import contract_values, finding_values, lot_values
from annuaire.api.structures import structure_values
from annuaire.contracts.models import Contract, FormerContract, Notice
from annuaire.contracts.service import whole_by_ids
from annuaire.matching.service import winner_urls
from annuaire.sql import among, plain
from annuaire.structures.models import Structure, StructureAlias
from annuaire.structures.reading import full_by_ids

PRESENT: Final = "present"
ENDED: Final = "ended"  # no directory lists it any more, or it closed
JOINED: Final = "joined"  # it was the same as another, or its notices went to another
WITHDRAWN: Final = "withdrawn"  # at its own demand: nothing of it may be kept
REMOVED: Final = "removed"  # what spoke of it was taken away


@dataclass(frozen=True, slots=True)
class Changed:
    """A page of changes, and where the next one begins; None at the end."""

    items: list[dict[str, Any]]
    next_place: Place | None


def moment(value: datetime) -> str:
    """A moment as `updated_since` takes it, with nothing to escape."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def changed_structures(
    session: Session,
    following: Following,
    today: date,
    titles: Mapping[str, str],
    public_url: str,
) -> Changed:
    """The next structures that changed."""
    rows = session.execute(structures_after(following.place, following.limit)).all()
    ids = [row.id for row in rows]
    found = full_by_ids(session, ids)
    gone = {s.id: s for s in session.scalars(named(i for i in ids if i not in found))}
    keys = {i: s.key for i, s in (*found.items(), *gone.items())}
    joined = dict(session.execute(_joined(list(keys.values()))).all())
    former = _former_keys(session, ids)
    items = []
    for row in rows:
        structure = found.get(row.id) or gone[row.id]
        told = {"key": structure.key, "updated_at": row.updated_at, "former_keys": former[row.id]}
        if structure.key in joined:
            told |= {"change": JOINED, "moved_to": joined[structure.key]}
        elif structure.withdrawn_on:
            told |= {"change": WITHDRAWN, "on": structure.withdrawn_on}
        elif structure.ended_on:
            told |= {"change": ENDED, "on": structure.ended_on}
        else:
            values = structure_values(structure, today, titles, public_url)
            told |= {"change": PRESENT, "structure": values}
        items.append({"moved_to": None, "on": None, "structure": None} | told)
    return Changed(items, _next(following, [Place(r.updated_at, 0, r.id) for r in rows]))


def named(ids: Iterable[int]) -> Select[Structure]:
    """Structures by what names them, those that are withdrawn too."""
    return select(Structure).where(among(Structure.id, ids)).order_by(Structure.id)


def _joined(keys: Sequence[str]) -> Select[str, str]:
    """Of keys of rows, those that lead to another structure, with its key."""
    return (
        select(StructureAlias.key, Structure.key)
        .join(Structure, Structure.id == StructureAlias.structure_id)
        .where(among(StructureAlias.key, keys))
        .order_by(plain(StructureAlias.key))
    )


def _former_keys(session: Session, ids: Sequence[int]) -> dict[int, list[str]]:
    """By structure, the other keys that lead to it: a copy keeps nothing under them."""
    rows = session.execute(
        select(StructureAlias.structure_id, StructureAlias.key)
        .where(among(StructureAlias.structure_id, ids))
        .order_by(plain(StructureAlias.key))
    )
    found: dict[int, list[str]] = defaultdict(list)
    for structure_id, key in rows:
        found[structure_id].append(key)
    return found


def changed_contracts(
    session: Session, following: Following, today: date, public_url: str
) -> Changed:
    """The next contracts that changed, and references that contracts left."""
    limit = following.limit
    rows = session.execute(contracts_after(following.place, limit)).all()
    left = session.scalars(left_after(following.place, limit)).all()
    places = sorted(
        [Place(r.updated_at, 0, r.id) for r in rows] + [Place(f.gone_at, 1, f.id) for f in left]
    )[:limit]
    found = whole_by_ids(session, [place.row for place in places if place.kind == 0])
    gone = {former.id: former for former in left}
    moved = _moved(session, [gone[place.row] for place in places if place.kind == 1])
    winners = winner_urls(session, *found.values())
    items = [
        _present(found[place.row], today, public_url, winners)
        if place.kind == 0
        else _left(gone[place.row], moved)
        for place in places
        if place.kind == 1 or place.row in found
    ]
    return Changed(items, _next(following, places))


def _present(
    contract: Contract,
    today: date,
    public_url: str,
    winners: Mapping[tuple[str, str], tuple[str, str]],
) -> dict[str, Any]:
    return {
        "change": PRESENT,
        "reference": contract.reference,
        "updated_at": contract.updated_at,
        "moved_to": None,
        "contract": mirrored_contract(contract, today, public_url, winners),
    }


def mirrored_contract(
    contract: Contract,
    today: date,
    public_url: str,
    winners: Mapping[tuple[str, str], tuple[str, str]],
) -> dict[str, Any]:
    """A contract whole, but for the texts of its notices, whose `references` lead here."""
    names = {notice.id: f"{notice.source}-{notice.source_key}" for notice in contract.notices}
    return contract_values(contract, today, public_url) | {
        "references": list(names.values()),
        "lots": [lot_values(contract, lot, public_url, winners) for lot in contract.lots],
        "findings": [finding_values(f) | {"notice": names[f.notice_id]} for f in contract.findings],
    }


def _left(former: FormerContract, moved: Mapping[str, str]) -> dict[str, Any]:
    target = moved.get(former.reference)
    return {
        "change": JOINED if target else REMOVED,
        "reference": former.reference,
        "updated_at": former.gone_at,
        "moved_to": target,
        "contract": None,
    }


def _moved(session: Session, left: Sequence[FormerContract]) -> dict[str, str]:
    """By reference that a contract left, that of the contract of which its notice now is."""
    keys = {former.reference.partition("-")[2] for former in left}
    rows = session.execute(
        select(Notice.source, Notice.source_key, Contract.reference)
        .join(Contract, Contract.id == Notice.contract_id)
        .where(among(Notice.source_key, keys))
        .order_by(Notice.id)
    )
    return {f"{row.source}-{row.source_key}": row.reference for row in rows}


def _next(following: Following, places: Sequence[Place]) -> Place | None:
    return places[-1] if len(places) == following.limit else None
