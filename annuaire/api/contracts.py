"""A contract as the API gives it: in a list, and whole with lots, findings and notices."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from annuaire.activities import cpv
from annuaire.activities.taxonomy import taxonomy
from annuaire.clauses.findings import total_hours
from annuaire.clauses.labels import LABELS
from annuaire.contracts import amounts
from annuaire.contracts.lots import concerning
from annuaire.contracts.models import Contract, Finding, Lot, Notice
from annuaire.contracts.presenting import buyer_url, field_label
from annuaire.contracts.reading import closing_day
from search.filters.contracts import CLOSED, INDEXED_STATES, NATURES, OPEN

Urls = Mapping[tuple[str, str], tuple[str, str]]
_STATES = {indexed: value for value, indexed in INDEXED_STATES.items()}


def contract_values(
    contract: Contract, today: date, public_url: str, distance_km: float | None = None
) -> dict[str, Any]:
    """What a list says of a contract."""
    return {
        "reference": contract.reference,
        "title": contract.title,
        "url": f"{public_url}/marches/{contract.reference}",
        "buyer": _buyer(contract, public_url),
        "state": _state(contract, today),
        "published_on": contract.published_on,
        "deadline": contract.deadline,
        "closes_on": _closes(contract),
        "procedure": contract.procedure,
        "types": contract.types,
        "cpv": contract.cpv,
        "departements": contract.departements,
        "social": contract.social,
        "environmental": contract.environmental,
        "clause_types": sorted({finding.type for finding in contract.standing_findings}),
        "hours": total_hours(contract.standing_findings) or None,
        "amount_eur": amounts.total(lot.amount_eur for lot in contract.standing_lots),
        "lots_count": len(contract.standing_lots),
        "distance_km": None if distance_km is None else round(distance_km, 1),
        "official_url": contract.notices[-1].url if contract.notices else None,
        "updated_at": contract.updated_at,
    }


def whole_contract(
    contract: Contract, today: date, public_url: str, titles: Mapping[str, str], winners: Urls
) -> dict[str, Any]:
    """A contract with its lots, each clause with its proof, and its notices, the oldest first."""
    names = {notice.id: _reference(notice) for notice in contract.notices}
    facts = [notice.facts or {} for notice in contract.notices if notice.in_force]
    told = (sentence for each in facts for sentence in each.get("contradictions", ()))
    return contract_values(contract, today, public_url) | {
        "lots": [lot_values(contract, lot, public_url, winners) for lot in contract.lots],
        "findings": [finding_values(f) | {"notice": names[f.notice_id]} for f in contract.findings],
        "notices": [_notice(notice, titles) for notice in contract.notices],
        "contradictions": list(dict.fromkeys(told)),
    }


def lot_values(contract: Contract, lot: Lot, public_url: str, winners: Urls) -> dict[str, Any]:
    """A lot; amounts are in € HT."""
    known = taxonomy()
    return {
        "number": lot.number,
        "title": lot.title,
        "description": lot.description,
        "cpv": lot.cpv,
        "cpv_label": cpv.label(lot.cpv) if lot.cpv else None,
        "city": lot.city,
        "code_insee": lot.code_insee,
        "departement": lot.departement,
        "nuts": lot.nuts,
        "amount_eur": lot.amount_eur,
        "amount_kind": lot.amount_kind,
        "unlikely_amount": amounts.unlikely(lot.amount_eur),
        "state": lot.state,
        "deadline": lot.deadline,
        "reserved": lot.reserved,
        "clause_types": sorted({finding.type for _, finding in concerning(contract, lot.number)}),
        "activities": [
            {"code": code, "label": known.label(code), "score": score, "evidence": evidence}
            for code, score, evidence in lot.activities
        ],
        "awards": list(_awards(contract, lot, public_url, winners)),
    }


def finding_values(finding: Finding) -> dict[str, Any]:
    """A clause with its proof: for a text, `evidence` is its [start, end) part."""
    return {
        "type": finding.type,
        "label": LABELS[finding.type].name,
        "source": finding.source,
        "field": finding.field,
        "evidence": finding.evidence,
        "text_index": finding.text_index,
        "start": finding.start,
        "end": finding.end,
        "lots": finding.lots,
        "hours": finding.hours,
        "share": finding.share,
        "weight": finding.weight,
        "article": finding.article,
        "article_cited": finding.article_cited,
        "confidence": finding.confidence,
        "optional": finding.optional,
        "rule": finding.rule,
    }


def _awards(
    contract: Contract, lot: Lot, public_url: str, winners: Urls
) -> Iterable[dict[str, Any]]:
    for award in lot.awards:
        listed = winners.get((f"{contract.reference}#{lot.number}", award.get("winner") or ""))
        yield {
            "winner": award.get("winner"),
            "siret": award.get("winner_siret"),
            "amount_eur": award.get("amount_eur"),
            "awarded_on": award.get("awarded_on"),
            "structure_url": f"{public_url}{listed[0]}" if listed else None,
        }


def _buyer(contract: Contract, public_url: str) -> dict[str, Any]:
    buyer = contract.buyer
    return {
        "key": buyer.key,
        "name": buyer.name,
        "siret": buyer.siret,
        "postcode": buyer.postcode,
        "city": buyer.city,
        "url": f"{public_url}{buyer_url(buyer.key)}",
    }


def _closes(contract: Contract) -> date | None:
    """The last day to answer; none once a contract is no longer open to answers."""
    known = contract.state == "published"
    return closing_day(contract.deadline, contract.expires_on) if known else None


def _state(contract: Contract, today: date) -> str:
    """The value of the filter `etat` that finds it today."""
    if contract.state != "published":
        return _STATES.get(contract.state, _STATES["unknown"])
    closes = _closes(contract)
    return _STATES["undated"] if closes is None else OPEN if closes >= today else CLOSED


def _reference(notice: Notice) -> str:
    return f"{notice.source}-{notice.source_key}"


def _notice(notice: Notice, titles: Mapping[str, str]) -> dict[str, Any]:
    return {
        "reference": _reference(notice),
        "source": titles.get(notice.source, notice.source),
        "nature": notice.nature,
        "nature_label": NATURES.get(notice.nature, notice.nature),
        "published_on": notice.published_on,
        "url": notice.url,
        "in_force": notice.in_force,
        "texts": [
            {"field": name, "label": field_label(name), "text": text, "lot": lot}
            for name, text, lot in notice.texts
        ],
    }
