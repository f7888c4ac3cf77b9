"""From a notice to what is stored of it: lots, texts, findings; pure."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from annuaire.activities.classify import Guess, classify
from annuaire.clauses.detect import detect
from annuaire.clauses.findings import Finding
from annuaire.contracts.records import AwardRecord, LotRecord, NoticeRecord, TextField
from annuaire.knowledge import knowledge_digest

PARIS = ZoneInfo("Europe/Paris")
STATES = {
    "call": "published",
    "correction": "published",
    "planned": "planned",
    "award": "awarded",
    "modification": "awarded",
    "cancellation": "cancelled",
}


@dataclass(frozen=True, slots=True)
class ReadLot:
    """A lot with the activities that it calls for, best first, and who won it."""

    lot: LotRecord
    activities: tuple[Guess, ...]
    awards: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class LocatedFinding:
    """A finding and the text of the notice that holds it (None for a code)."""

    finding: Finding
    text_index: int | None


@dataclass(frozen=True, slots=True)
class ReadNotice:
    """A notice ready to be stored."""

    record: NoticeRecord
    state: str
    texts: tuple[TextField, ...]
    lots: tuple[ReadLot, ...]
    findings: tuple[LocatedFinding, ...]


def read_notice(record: NoticeRecord) -> ReadNotice:
    """Seek clauses in each text and code of a notice, and activities in each of its lots."""
    lots = lots_of(record)
    texts = tuple(_texts(record, lots))
    return ReadNotice(
        record=record,
        state=STATES.get(record.nature, "unknown"),
        texts=texts,
        lots=tuple(_read_lot(record, lot) for lot in lots),
        findings=tuple(_findings(record, texts, lots)),
    )


def lots_of(record: NoticeRecord) -> tuple[LotRecord, ...]:
    """The notice's lots; a contract without lots has one, numbered 1, with its own title."""
    if record.lots:
        return tuple(_numbered_apart(record.lots))
    place = record.departements[0] if len(record.departements) == 1 else None
    return (LotRecord(number="1", title=record.title, cpv=record.cpv, departement=place),)


def _numbered_apart(lots: Sequence[LotRecord]) -> Iterable[LotRecord]:
    """Two lots with one number (it happens) both stay: the second becomes « 3-2 »."""
    seen: Counter[str] = Counter()
    for lot in lots:
        seen[lot.number] += 1
        count = seen[lot.number]
        yield lot if count == 1 else replace(lot, number=f"{lot.number}-{count}")


def notice_hash(record: NoticeRecord) -> str:
    """Changes when the notice does, or when the rules that read it do."""
    data = orjson.dumps(record)
    return hashlib.blake2b(data + knowledge_digest().encode(), digest_size=16).hexdigest()


def _texts(record: NoticeRecord, lots: Sequence[LotRecord]) -> Iterable[TextField]:
    yield TextField("title", record.title)
    if record.description and record.description != record.title:
        yield TextField("description", record.description)
    yield from record.texts
    if record.lots:
        for lot in lots:
            if lot.title != record.title:
                yield TextField("lot_title", lot.title, lot.number)
            if lot.description and lot.description not in (lot.title, record.description):
                yield TextField("lot_description", lot.description, lot.number)
            yield from lot.texts


def _findings(
    record: NoticeRecord, texts: Sequence[TextField], lots: Sequence[LotRecord]
) -> Iterable[LocatedFinding]:
    for index, text in enumerate(texts):
        for finding in detect([text]):
            yield LocatedFinding(_on_lot(finding, text.lot_number), index)
    codes = [*record.codes, *(code for lot in lots for code in lot.codes)]
    for code in codes:
        for finding in detect([], [code]):
            yield LocatedFinding(_on_lot(finding, code.lot_number), None)


def _on_lot(finding: Finding, lot_number: str | None) -> Finding:
    """A clause that stands in a lot's own field concerns that lot."""
    if lot_number is None or finding.lots:
        return finding
    return replace(finding, lots=(lot_number,))


def _read_lot(record: NoticeRecord, lot: LotRecord) -> ReadLot:
    pieces = [record.title] if lot.title != record.title else []
    context = " | ".join(piece.replace("|", " ") for piece in (*pieces, *record.descriptors))
    guesses = classify(lot.title, context=context, cpv=lot.cpv or record.cpv)
    awards = tuple(
        _award(award)
        for award in record.awards
        if award.lot_number == lot.number or not record.lots
    )
    return ReadLot(lot, tuple(guesses), awards)


def _award(award: AwardRecord) -> dict[str, Any]:
    kept = {
        "winner": award.winner,
        "amount_eur": award.amount_eur,
        "awarded_on": award.awarded_on.isoformat() if award.awarded_on else None,
    }
    if award.winner_siret:
        kept["winner_siret"] = award.winner_siret
    if award.published_on:
        kept["published_on"] = award.published_on.isoformat()
    return kept


def closing_day(deadline: datetime | None, expires_on: date | None) -> date | None:
    """The last day on which one may answer, in Paris, as far as the notice says."""
    return deadline.astimezone(PARIS).date() if deadline else expires_on
