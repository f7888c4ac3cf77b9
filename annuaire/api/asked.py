"""The answers to what programs send: a need, texts, numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from annuaire.clauses.contradictions import compare
from annuaire.clauses.detect import read
from annuaire.clauses.findings import (
    Finding,
    Negation,
    PlainCode,
    PlainText,
    is_environmental,
    is_social,
    total_hours,
)
from annuaire.clauses.labels import LABELS
from annuaire.contracts.models import Lot
from annuaire.contracts.records import REMOVED
from annuaire.contracts.service import by_reference, lot_by_number
from annuaire.errors import NotFoundError
from annuaire.geo.free_address import Finder
from annuaire.matching.buying import buyer_key
from annuaire.matching.form import RESERVED
from annuaire.matching.need import Need, need_from_form, need_from_lot
from annuaire.takeaway.answers import answer_line
from annuaire.takeaway.checking import Checked, counts


def need_of_body(session: Session, body: Mapping[str, Any], today: date, find: Finder) -> Need:
    """The need of a body that holds (`NeedSent`). Raises NotFoundError for a contract or a lot
    that is not there."""
    if reference := body.get("contract"):
        contract = by_reference(session, reference)
        number = body.get("lot")
        first = contract.standing_lots[:1]
        lot = lot_by_number(contract, number) if number else _first(first, reference)
        if lot.state == REMOVED:
            raise NotFoundError(f"Le lot {lot.number} a été retiré de cette consultation.")
        return need_from_lot(contract, lot)
    place, buyer = body.get("place"), body.get("buyer")
    return need_from_form(
        body.get("text", ""),
        on=body.get("on", today),
        place=place,
        amount_eur=body.get("amount_eur"),
        nature=body.get("nature"),
        cpv=body.get("cpv"),
        clause_types=[RESERVED[name] for name in body.get("reserved", ())],
        months=body.get("months"),
        buyer_key=buyer_key(session, buyer, place) if buyer else None,
        find=find,
    )


def written(filters: Mapping[str, Any]) -> dict[str, list[str]]:
    """The filters of a body (`FiltersSent`) as an address writes them."""
    return {
        name: value if isinstance(value, list) else [str(value)] for name, value in filters.items()
    }


def _first(lots: Sequence[Lot], reference: str) -> Lot:
    if not lots:
        raise NotFoundError(f"Le marché « {reference[:60]} » n'a pas de lot.")
    return lots[0]


def detected(body: Mapping[str, Any]) -> dict[str, Any]:
    """The clauses of texts and codes (`ClausesSent`), what is denied, what disagrees."""
    texts = [PlainText(t["kind"], t["text"], t.get("lot")) for t in body["texts"]]
    codes = [PlainCode(c["field"], c["value"], c.get("lot")) for c in body["codes"]]
    found, denied = read(texts, codes)
    return {
        "social": is_social(found),
        "environmental": is_environmental(found),
        "hours": total_hours(found),
        "findings": [_finding(finding, texts) for finding in found],
        "denied": [asdict(each) | {"text_index": _index(each, texts)} for each in denied],
        "contradictions": [asdict(each) for each in compare(found, denied, codes)],
    }


def _finding(finding: Finding, texts: Sequence[PlainText]) -> dict[str, Any]:
    index = _index(finding, texts) if finding.source == "text" else None
    placed = {} if index is not None else {"start": None, "end": None}
    label = LABELS[finding.type].name
    return asdict(finding) | {"label": label, "text_index": index} | placed


def _index(found: Finding | Negation, texts: Sequence[PlainText]) -> int | None:
    """The first text of that kind which has the evidence there; of two alike, either proves it."""
    lots = found.lots if isinstance(found, Finding) else ()
    held = [
        index
        for index, text in enumerate(texts)
        if text.field == found.field and text.text[found.start : found.end] == found.evidence
    ]
    own = [index for index in held if texts[index].lot_number in lots]
    return next(iter((*own, *held)), None)


def checked_values(
    found: Sequence[Checked], titles: Mapping[str, str], public_url: str
) -> dict[str, Any]:
    """What the register says of numbers, in their order."""
    return {
        "counts": counts(found),
        "items": [_checked(checked, titles, public_url) for checked in found],
    }


def _checked(checked: Checked, titles: Mapping[str, str], public_url: str) -> dict[str, Any]:
    line = answer_line(checked, titles)
    return {
        "given": line.given,
        "number": line.number,
        "verdict": line.verdict,
        "label": line.label,
        "sentence": line.sentence,
        "name": line.name or None,
        "city": line.city or None,
        "url": f"{public_url}{line.url}" if line.url else None,
        "statuses": line.statuses,
        "past_statuses": line.past,
        "moved_to": line.moved_to,
        "note": line.note or None,
    }
