"""What the index holds of contracts, built from the database."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from annuaire.activities.cpv_search import beginnings
from annuaire.activities.taxonomy import taxonomy
from annuaire.clauses.findings import total_hours
from annuaire.contracts import amounts
from annuaire.contracts.models import Buyer, Contract, Finding, Lot, Notice
from annuaire.contracts.placing import standing
from annuaire.contracts.reading import closing_day
from annuaire.sql import among
from annuaire.words import fold
from search.document_parts import epcis_of, groups_of, place_words, region_of, without_unknown
from search.engine import Document
from search.schema import NO, YES

SHOWN_EVIDENCE = 300  # characters of a clause's sentence kept for lists
MAX_KEY = 350  # characters of a buyer's key and name, which grow when some signs are folded …
MAX_NAMED = 400  # … and of both together, of which buyers are counted
LEAST_SCORE = 0.3  # of an activity; under that, a guess too weak to search by
#: What a contract is reserved to, by clause, as `search.filters.contracts.RESERVED` names it.
RESERVED_TO = {
    "reserved_siae": "siae",
    "reserved_handicap": "handicap",
    "reserved_unspecified": "deux",
    "reserved_ess": "ess",
}


def contract_documents(session: Session, ids: Sequence[int]) -> list[Document]:
    """The documents of these contracts; those that vanished have none."""
    found = session.scalars(
        select(Contract)
        .where(among(Contract.id, ids))
        .options(
            joinedload(Contract.buyer),
            selectinload(Contract.lots).load_only(
                Lot.title, Lot.description, Lot.cpv, Lot.city, Lot.departement, Lot.amount_eur,
                Lot.activities, Lot.number, Lot.state,
            ),
            selectinload(Contract.notices).load_only(
                Notice.nature, Notice.source, Notice.descriptors
            ),
            selectinload(Contract.findings).load_only(
                Finding.type, Finding.source, Finding.evidence, Finding.confidence, Finding.hours,
                Finding.lots,
            ),
        )
        .order_by(Contract.id)
    )  # fmt: skip
    return [contract_document(contract) for contract in found]


def contract_document(contract: Contract) -> Document:
    """One contract, with the words of its lots, as the index holds it; those that were taken away
    are not sought."""
    lots, findings = contract.standing_lots, contract.standing_findings
    codes = _lot_codes(lots)
    types = sorted({finding.type for finding in findings})
    place = standing(contract)
    closes = closing_day(contract.deadline, contract.expires_on)
    amount = amounts.total(lot.amount_eur for lot in lots)
    hours = total_hours(findings) or None
    departements = contract.departements
    document: dict[str, Any] = {
        "id": str(contract.id),
        "title": contract.title,
        "lot_titles": [lot.title for lot in lots if lot.title != contract.title],
        "activity_words": [taxonomy().label(code) for code in codes],
        "buyer": contract.buyer.name,
        "city": contract.buyer.city,
        "place_words": [w for code in departements for w in place_words(code, None)],
        "descriptions": [lot.description for lot in lots if lot.description]
        + [word for notice in contract.notices for word in notice.descriptors],
        "reference": contract.reference,
        "buyer_key": contract.buyer.key[:MAX_KEY],
        "buyer_named": f"{contract.buyer.key[:MAX_KEY]}\t{contract.buyer.name}"[:MAX_NAMED],
        "buyer_siret": contract.buyer.siret,
        "buyer_ids": buyer_ids(contract.buyer),
        "postcode": contract.buyer.postcode,
        "code_insee": place.code_insee,
        "epci": epcis_of(place.code_insee),
        "departements": departements,
        "regions": sorted({r for code in departements if (r := region_of(code))}),
        "activities": codes,
        "groups": list(groups_of(codes)),
        "cpv": _cpv(contract, lots),
        "state": "undated" if contract.state == "published" and not closes else contract.state,
        "nature": contract.notices[-1].nature if contract.notices else "other",
        "procedure": contract.procedure.lower() if contract.procedure else None,
        "types": contract.types,
        "social": YES if contract.social else NO,
        "environment": YES if contract.environmental else NO,
        "clause_types": types,
        "reserved": _reserved(types),
        "source": sorted({notice.source for notice in contract.notices}),
        "allotted": YES if len(lots) > 1 else NO,
        "amount_known": NO if amount is None else YES,
        "placed": place.precision or NO,
        "published": contract.published_on.isoformat(),
        "deadline": closes.isoformat() if closes and contract.state == "published" else None,
        "amount": amount,
        "hours": hours,
        "lat": place.lat,
        "lon": place.lon,
        "_stored": _card(contract, findings, amount, hours, closes),
    }
    return without_unknown(document)


def buyer_ids(buyer: Buyer) -> list[str]:
    """What a buyer may be asked for by: its key, SIRET, SIREN and folded name."""
    siret = buyer.siret or ""
    known = filter(None, (buyer.key, siret, siret[:9], fold(buyer.name)))
    return list(dict.fromkeys(each[:MAX_KEY] for each in known))


def _card(
    contract: Contract,
    findings: Sequence[Finding],
    amount: float | None,
    hours: float | None,
    closes: date | None,
) -> dict[str, Any]:
    best = max(findings, key=_showing, default=None)
    return {
        "reference": contract.reference,
        "title": contract.title,
        "buyer": contract.buyer.name,
        "buyer_key": contract.buyer.key,
        "city": contract.buyer.city,
        "departements": contract.departements,
        "published": contract.published_on.isoformat(),
        "closes": closes.isoformat() if closes and contract.state == "published" else None,
        "deadline": contract.deadline.isoformat() if contract.deadline else None,
        "state": contract.state,
        "clause_types": sorted({finding.type for finding in findings}),
        "evidence": best.evidence[:SHOWN_EVIDENCE] if best and best.source == "text" else None,
        "lots_count": len(contract.standing_lots),
        "amount": amount,
        "hours": hours,
    }


def _showing(finding: Finding) -> tuple[bool, bool, float]:
    """A sentence before a code, a social clause before an environmental one, the surest first."""
    return finding.source == "text", finding.type != "environment", finding.confidence


def _lot_codes(lots: Sequence[Lot]) -> list[str]:
    found = (c for lot in lots for c, score, _ in lot.activities if score >= LEAST_SCORE)
    return list(dict.fromkeys(found))


def _cpv(contract: Contract, lots: Sequence[Lot]) -> list[str]:
    """The codes of the contract and its lots, each with its beginnings."""
    codes = {contract.cpv, *(lot.cpv for lot in lots)}
    return sorted({start for code in codes for start in beginnings(code)})


def _reserved(types: Sequence[str]) -> list[str]:
    found = [RESERVED_TO[type_] for type_ in types if type_ in RESERVED_TO]
    return [*found, YES] if found else []
