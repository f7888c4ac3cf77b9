"""From a notice to what is kept of it: texts, and the facts that its contract is made of; pure."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import count
from typing import Any, TypeVar

import orjson

from annuaire.activities.classify import classify
from annuaire.clauses.contradictions import compare
from annuaire.contracts import linking, merging
from annuaire.contracts.facts import LotFacts, NoticeFacts, plain_number
from annuaire.contracts.keys import keys_of
from annuaire.contracts.locating import finding_row, locate
from annuaire.contracts.outcomes import outcome_of, outcome_of_lot
from annuaire.contracts.records import (
    AwardRecord,
    BuyerRecord,
    CodeField,
    LotRecord,
    NoticeRecord,
    TextField,
)
from annuaire.contracts.withdrawals import removed_by
from annuaire.geo.gazetteer import find_commune
from annuaire.geo.nuts import departement_of_nuts
from annuaire.geo.zones import PARIS
from annuaire.knowledge import knowledge_digest
from annuaire.words import fold

PartT = TypeVar("PartT", AwardRecord, CodeField, TextField)


@dataclass(frozen=True, slots=True)
class ReadNotice:
    """A notice ready to be kept."""

    record: NoticeRecord
    texts: tuple[TextField, ...]
    facts: NoticeFacts


def read_notice(record: NoticeRecord) -> ReadNotice:
    """Seek clauses in each text and code of a notice, and activities in each of its lots."""
    record = _numbered(record)
    lots = lots_of(record)
    texts = tuple(_texts(record, lots))
    codes = (*record.codes, *(code for lot in lots for code in lot.codes))
    located, denied = locate(texts, codes)
    against = compare([each.finding for each in located], denied, codes)
    facts = replace(
        _facts(record, lots),
        findings=tuple(map(finding_row, located)),
        contradictions=tuple(each.sentence for each in against),
    )
    return ReadNotice(record, texts, facts)


def _numbered(record: NoticeRecord) -> NoticeRecord:
    """The notice with its lots' numbers in their normal form, wherever they stand; and with the
    lots that only its awards name."""
    parts: dict[str, Any] = {
        "lots": tuple(map(_lot_numbered, record.lots)),
        "awards": tuple(map(_on_number, record.awards)),
        "texts": tuple(map(_on_number, record.texts)),
        "codes": tuple(map(_on_number, record.codes)),
    }
    parts["lots"] += tuple(_only_awarded(parts["lots"], parts["awards"]))
    parts["lots"], parts["awards"] = _with_holders(record.title, parts["lots"], parts["awards"])
    changed = {name: new for name, new in parts.items() if new != getattr(record, name)}
    return replace(record, **changed) if changed else record


def _lot_numbered(lot: LotRecord) -> LotRecord:
    number = plain_number(lot.number) or "1"
    if number == lot.number:  # and so is it in its texts and codes
        return lot
    return replace(
        lot,
        number=number,
        texts=tuple(map(_on_number, lot.texts)),
        codes=tuple(map(_on_number, lot.codes)),
    )


def _on_number(part: PartT) -> PartT:
    number = part.lot_number
    if number is None or (plain := plain_number(number)) == number:
        return part
    return replace(part, lot_number=plain)


def lots_of(record: NoticeRecord) -> tuple[LotRecord, ...]:
    """The notice's lots; a contract without lots has one, numbered 1, with its own title."""
    if record.lots:
        return tuple(_numbered_apart(record.lots))
    place = record.departements[0] if len(record.departements) == 1 else None
    whole = record.whole or LotRecord("1", "")
    return (
        replace(
            whole,
            number="1",
            title=record.title,
            cpv=record.cpv,
            departement=whole.departement or departement_of_nuts(whole.nuts) or place,
            origin="notice",
            outcome=whole.outcome or outcome_of(record),
            deadline=record.deadline,
        ),
    )


def _only_awarded(lots: Sequence[LotRecord], awards: Sequence[AwardRecord]) -> Iterable[LotRecord]:
    """The lots that only the awards of a notice name, by their numbers. One number alone may be
    that of the contract."""
    listed = {lot.number for lot in lots}
    titles = {a.lot_number: a.lot_title for a in awards if a.lot_number}
    if not listed and len(titles) < 2:
        return
    for number, title in titles.items():
        if number not in listed:
            yield LotRecord(number, title or f"Lot {number}")


def _with_holders(
    title: str, lots: tuple[LotRecord, ...], awards: tuple[AwardRecord, ...]
) -> tuple[tuple[LotRecord, ...], tuple[AwardRecord, ...]]:
    """The lots, and the awards each of a lot: those that name none are of the only one, or of one
    more under the notice's title, so that no holder is lost."""
    if not lots or all(award.lot_number for award in awards):
        return lots, awards
    number = lots[0].number
    if len(lots) > 1:
        taken = {lot.number for lot in lots}
        number = next(n for n in map(str, count(1)) if n not in taken)
        lots = (*lots, LotRecord(number, title, numbered=False))
    named = (award if award.lot_number else replace(award, lot_number=number) for award in awards)
    return lots, tuple(named)


def _numbered_apart(lots: Sequence[LotRecord]) -> Iterable[LotRecord]:
    """Two lots with one number (it happens) both stay: the second becomes « 3-2 »."""
    seen: Counter[str] = Counter()
    for lot in lots:
        seen[lot.number] += 1
        count = seen[lot.number]
        yield lot if count == 1 else replace(lot, number=f"{lot.number}-{count}")


def notice_hash(record: NoticeRecord) -> str:
    """Changes when the notice does, or when the rules that read or join it do."""
    data = orjson.dumps(record)
    rules = f"{knowledge_digest()} {linking.RULES} {merging.RULES}"
    return hashlib.blake2b(data + rules.encode(), digest_size=16).hexdigest()


def buyer_key(buyer: BuyerRecord) -> str:
    """A buyer's SIRET, else its folded name with its postcode."""
    return buyer.siret or f"{fold(buyer.name)}|{buyer.postcode or ''}"


def _facts(record: NoticeRecord, lots: Sequence[LotRecord]) -> NoticeFacts:
    read = tuple(_read_lot(record, lot) for lot in lots)
    places = (lot.departement for lot in read)
    return NoticeFacts(
        source=record.source,
        source_key=record.source_key,
        nature=record.nature,
        title=record.title,
        published_on=record.published_on,
        buyer=buyer_key(record.buyer),
        keys=keys_of(record),
        expires_on=record.expires_on,
        deadline=record.deadline,
        procedure=record.procedure or record.family,
        types=record.types,
        cpv=record.cpv,
        departements=record.departements or tuple(dict.fromkeys(p for p in places if p)),
        outcome=outcome_of(record),
        url=record.url,
        lots=read,
        removed=removed_by(record),
        complete=record.complete,
    )


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


def _read_lot(record: NoticeRecord, lot: LotRecord) -> LotFacts:
    pieces = [record.title] if lot.title != record.title else []
    context = " | ".join(piece.replace("|", " ") for piece in (*pieces, *record.descriptors))
    guesses = classify(lot.title, context=context, cpv=lot.cpv or record.cpv)
    awards = tuple(
        _award(award)
        for award in record.awards
        if award.lot_number == lot.number or not record.lots
    )
    departement = lot.departement or departement_of_nuts(lot.nuts)
    only = record.departements[0] if len(record.departements) == 1 else None
    return LotFacts(
        number=lot.number,
        numbered=lot.numbered,
        title=lot.title,
        origin=lot.origin,
        description=lot.description,
        cpv=lot.cpv,
        cpvs=lot.cpvs,
        nuts=lot.nuts,
        departement=departement,
        code_insee=_commune(lot.city, departement or only),
        city=lot.city,
        place=lot.place,
        deadline=lot.deadline,
        amounts=_amounts(lot, awards),
        outcome=lot.outcome or outcome_of_lot(record, lot.number),
        activities=tuple((g.code, round(g.score, 3), g.evidence) for g in guesses),
        awards=awards,
    )


def _commune(city: str | None, departement: str | None) -> str | None:
    """The INSEE code of a lot's town, where its name stands for one only."""
    if not city or not departement:
        return None
    found = find_commune(city, departement=departement)
    return found.code if found else None


def _amounts(lot: LotRecord, awards: Sequence[dict[str, Any]]) -> dict[str, float]:
    """What is published of a lot's worth, in € HT by kind. Awards of equal amounts repeat a shared
    ceiling; others add up."""
    said = {"minimum": lot.minimum_eur, "maximum": lot.maximum_eur}
    if lot.amount_kind:
        said[lot.amount_kind] = lot.amount_eur
    won = [award["amount_eur"] for award in awards if award["amount_eur"]]
    if won and not said.get("awarded"):
        said["awarded"] = won[0] if len(set(won)) == 1 else sum(won)
    return {kind: value for kind, value in said.items() if value}


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
