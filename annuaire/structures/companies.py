"""Directories of companies (ESUS): a status of the SIREN, shown on its listed establishments.

A company without a listed establishment is one record of its own, keyed by its SIREN. Once an
establishment is listed, by whichever import, that record becomes the establishment's, and the
company's address leads there.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, func, or_, select, update
from sqlalchemy.orm import Session

from annuaire.sql import among, plain
from annuaire.structures.identity import COMPANY
from annuaire.structures.models import KeyLink, SourceRecord
from annuaire.structures.placing import Incoming
from annuaire.structures.records import StatusRecord, StructureRecord

Stored = Row[*tuple[Any, ...]]


def on_establishments(
    session: Session, source: str, records: Sequence[StructureRecord]
) -> list[StructureRecord]:
    """Records of companies (SIREN, no SIRET) as one record for each establishment that another
    source lists; a company without any stays as it is."""
    sirens = {record.siren for record in records if record.siren and not record.siret}
    listed = _listed(session, sirens, source)
    return [placed for record in records for placed in _placed(record, listed)]


def follow_listed(
    session: Session,
    by: str,
    sirets: Sequence[str],
    digest: Callable[[StructureRecord], str],
) -> list[Incoming]:
    """What stored companies have to say of establishments that the source `by` is listing.

    The company's own record, where it had none, is renamed for its first establishment; the
    others are new records, told by the same run.
    """
    sirens = {siret[:9] for siret in sirets}
    told: dict[tuple[str, str], list[Stored]] = defaultdict(list)
    for row in session.execute(_companies(sirens)).all() if sirens else ():
        if row.source != by and row.data["statuses"] and "siren" in row.data:
            told[row.source, row.data["siren"]].append(row)
    incoming: list[Incoming] = []
    for source in sorted({source for source, _ in told}):
        listed = _listed(session, {siren for of, siren in told if of == source}, source)
        for siret in sirets:
            listed[siret[:9]].append(siret)
        for (of, siren), rows in told.items():
            if of == source:
                incoming += _following(rows, sorted(set(listed[siren])), digest)
    renamed = [
        {"id": item.known_id, "source_key": item.record.source_key}
        for item in incoming
        if item.known_id is not None
    ]
    if renamed:
        session.execute(update(SourceRecord), renamed)
    return incoming


def _following(
    rows: Sequence[Stored], listed: Sequence[str], digest: Callable[[StructureRecord], str]
) -> Iterator[Incoming]:
    """The records of one company that are missing on its listed establishments."""
    own = next((row for row in rows if row.own_key.startswith(COMPANY)), None)
    shown = {row.own_key for row in rows}
    model = own or rows[0]
    company = _company(model)
    for placed in _placed(company, {company.siren or "": [s for s in listed if s not in shown]}):
        if not placed.siret:
            return
        if own is None:
            yield Incoming(model.source, model.run_id, placed, digest(placed))
        else:
            yield Incoming(
                own.source, own.run_id, placed, digest(placed),
                own.id, own.structure_id, own.own_key,
            )  # fmt: skip
            own = None


def _placed(
    record: StructureRecord, listed: Mapping[str, Sequence[str]]
) -> Iterator[StructureRecord]:
    sirets = listed.get(record.siren or "", ()) if not record.siret else ()
    if not sirets:
        yield record
    for siret in sirets:
        # The company's name and seat are not the establishment's: only its status is taken.
        yield StructureRecord(
            source_key=f"{record.source_key}-{siret}",
            name=record.name,
            statuses=record.statuses,
            siret=siret,
            siren=record.siren,
            source_updated_on=record.source_updated_on,
        )


def _company(row: Stored) -> StructureRecord:
    """The company as its own source named it, out of a stored record, shown on an establishment
    or not."""
    data: dict[str, Any] = row.data
    statuses = tuple(
        StatusRecord(s["kind"], _day(s.get("valid_from")), _day(s.get("valid_to")))
        for s in data["statuses"]
    )
    return StructureRecord(
        source_key=row.source_key.removesuffix(f"-{data.get('siret')}"),
        name=data["name"],
        statuses=statuses,
        siren=data["siren"],
        source_updated_on=_day(data.get("source_updated_on")),
    )


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _listed(
    session: Session, sirens: Iterable[str | None], source: str
) -> defaultdict[str, list[str]]:
    """By SIREN, the SIRETs that another source lists."""
    known: defaultdict[str, list[str]] = defaultdict(list)
    for siret in session.scalars(_listing(list(sirens), source)):
        known[siret[:9]].append(siret)
    return known


def _listing(sirens: Sequence[str | None], source: str) -> Select[str]:
    return (
        select(SourceRecord.own_key)
        .where(
            func.length(SourceRecord.own_key) == 14,
            among(func.substr(SourceRecord.own_key, 1, 9), sirens),
            SourceRecord.claims,
            SourceRecord.ended_on.is_(None),
            SourceRecord.source != source,
        )
        .group_by(SourceRecord.own_key)
        .order_by(plain(SourceRecord.own_key))
    )


def _companies(sirens: Iterable[str]) -> Select[*tuple[Any, ...]]:
    """The living records of these companies: their own, and those shown on establishments."""
    keys = [f"{COMPANY}{siren}" for siren in sorted(sirens)]
    shown = select(KeyLink.record_id).where(among(KeyLink.key, keys))
    return (
        select(
            SourceRecord.id,
            SourceRecord.source,
            SourceRecord.source_key,
            SourceRecord.structure_id,
            SourceRecord.own_key,
            SourceRecord.run_id,
            SourceRecord.data,
        )
        .where(
            or_(among(SourceRecord.own_key, keys), SourceRecord.id.in_(shown)),
            SourceRecord.ended_on.is_(None),
        )
        .order_by(SourceRecord.id)
    )
