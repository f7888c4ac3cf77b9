"""What the indexes hold of structures and contracts, built from the database, by pages."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from annuaire.activities.inferring import infer
from annuaire.activities.naf import label as naf_label
from annuaire.activities.taxonomy import search_words, taxonomy
from annuaire.contracts.models import Contract, Finding, Lot, Notice
from annuaire.contracts.reading import closing_day
from annuaire.contracts.records import ABSURD_EUR
from annuaire.geo.gazetteer import Commune, find_commune, gazetteer
from annuaire.sql import among
from annuaire.structures.kinds import families_of, kind_label
from annuaire.structures.memberships import NONE, Memberships, memberships
from annuaire.structures.models import Structure
from search.engine import Document, IndexName
from search.schema import NO, YES

PAGE = 1_000
SHOWN_EVIDENCE = 300  # characters of a clause's sentence kept for lists
RESERVED = "reserved_"


def documents(session: Session, name: IndexName, ids: Sequence[int], today: date) -> list[Document]:
    """The documents of these objects; those that ended or vanished have none. `today` tells which
    statuses are still held."""
    return _structures(session, ids, today) if name == "structures" else _contracts(session, ids)


def all_ids(session: Session, name: IndexName) -> Iterator[list[int]]:
    """Every object to be indexed, by pages of identifiers: no cursor stays open between them."""
    model: type[Structure] | type[Contract] = Structure if name == "structures" else Contract
    last = 0
    while True:
        statement = select(model.id).where(model.id > last).order_by(model.id).limit(PAGE)
        if name == "structures":
            statement = statement.where(Structure.ended_on.is_(None))
        page = list(session.scalars(statement))
        if not page:
            return
        yield page
        last = page[-1]


def _structures(session: Session, ids: Sequence[int], today: date) -> list[Document]:
    found = session.scalars(
        select(Structure)
        .where(among(Structure.id, ids), Structure.ended_on.is_(None))
        .options(selectinload(Structure.statuses), selectinload(Structure.activities))
        .order_by(Structure.id)
    )
    told = memberships(session, ids)
    return [structure_document(each, today, told.get(each.id, NONE)) for each in found]


def structure_document(structure: Structure, today: date, told: Memberships = NONE) -> Document:
    """One structure as the index holds it, with the statuses held today and the networks and
    labels that it declares."""
    kinds = structure.kinds_held(today)
    codes = [activity.code for activity in structure.activities]
    declared = tuple(a.code for a in structure.activities if a.origin == "declared")
    inferred = tuple(code for code in codes if code not in declared)
    document: dict[str, Any] = {
        "id": str(structure.id),
        "name": structure.name,
        "brand": structure.brand,
        "activity_words": _activity_words(declared),
        "inferred_words": _activity_words(inferred),
        "status_words": [kind_label(kind) for kind in kinds],
        "city": structure.city,
        "place_words": _place_words(structure.departement, structure.code_insee),
        "description": structure.description,
        "naf_label": naf_label(structure.naf) if structure.naf else None,
        "siret": structure.siret,
        "postcode": structure.postcode,
        "code_insee": structure.code_insee,
        "departement": structure.departement,
        "region": _region(structure.departement),
        "epci": _epcis(structure.code_insee),
        "activities": codes,
        "groups": list(_groups(codes)),
        "kinds": kinds,
        "families": families_of(kinds),
        "networks": list(told.networks),
        "labels": list(told.labels),
        "active": YES if kinds else NO,
        "completeness": _completeness(structure),
        "lat": structure.lat,
        "lon": structure.lon,
        "_stored": {
            "key": structure.key,
            "siret": structure.siret,
            "name": structure.name,
            "brand": structure.brand,
            "kinds": kinds,
            "activities": [[a.code, a.origin, a.evidence, a.weight] for a in structure.activities],
            **_without_wins(structure),
            "city": structure.city,
            "code_insee": structure.code_insee,
            "departement": structure.departement,
            "region": _region(structure.departement),
            "naf": structure.naf,
            "employees_range": structure.employees_range,
            "lat": structure.lat,
            "lon": structure.lon,
            "geo_precision": structure.geo_precision,
        },
    }
    return _known(document)


def _without_wins(structure: Structure) -> dict[str, Any]:
    """What would be known of the activities without the lots that were won, where these said
    something: a need teaches itself only from lots won before it."""
    won = {a.code for a in structure.activities if a.origin == "won"}
    if not won:
        return {}
    kept = [[a.code, a.origin, a.evidence, a.weight] for a in structure.activities]
    name = f"{structure.name} {structure.brand or ''}".strip()
    guessed = infer(name, structure.naf, structure.description)
    instead = [
        [g.code, g.origin, g.evidence, g.weight] for code in sorted(won) if (g := guessed.get(code))
    ]
    return {"without_wins": [a for a in kept if a[0] not in won] + instead}


def _contracts(session: Session, ids: Sequence[int]) -> list[Document]:
    found = session.scalars(
        select(Contract)
        .where(among(Contract.id, ids))
        .options(
            joinedload(Contract.buyer),
            selectinload(Contract.lots).load_only(
                Lot.title, Lot.description, Lot.cpv, Lot.amount_eur, Lot.activities
            ),
            selectinload(Contract.notices).load_only(
                Notice.nature, Notice.source, Notice.descriptors
            ),
            selectinload(Contract.findings).load_only(
                Finding.type, Finding.source, Finding.evidence, Finding.confidence
            ),
        )
        .order_by(Contract.id)
    )
    return [contract_document(contract) for contract in found]


def contract_document(contract: Contract) -> Document:
    """One contract, with the words of its lots, as the index holds it."""
    codes = _lot_codes(contract)
    types = sorted({finding.type for finding in contract.findings})
    commune = _commune(contract.buyer.city, contract.buyer.postcode)
    closes = closing_day(contract.deadline, contract.expires_on)
    amounts = [lot.amount_eur or 0 for lot in contract.lots]
    amount = sum(amount for amount in amounts if amount < ABSURD_EUR) or None
    departements = contract.departements
    document: dict[str, Any] = {
        "id": str(contract.id),
        "title": contract.title,
        "lot_titles": [lot.title for lot in contract.lots if lot.title != contract.title],
        "activity_words": [taxonomy().label(code) for code in codes],
        "buyer": contract.buyer.name,
        "city": contract.buyer.city,
        "place_words": [w for code in departements for w in _place_words(code, None)],
        "descriptions": [lot.description for lot in contract.lots if lot.description]
        + [word for notice in contract.notices for word in notice.descriptors],
        "reference": contract.reference,
        "buyer_siret": contract.buyer.siret,
        "postcode": contract.buyer.postcode,
        "departements": departements,
        "regions": sorted({r for code in departements if (r := _region(code))}),
        "activities": codes,
        "groups": list(_groups(codes)),
        "cpv": sorted({lot.cpv for lot in contract.lots if lot.cpv}),
        "nature": contract.notices[-1].nature if contract.notices else "other",
        "procedure": contract.procedure,
        "types": contract.types,
        "social": YES if contract.social else NO,
        "environment": YES if contract.environmental else NO,
        "clause_types": types,
        "reserved": [t for t in types if t.startswith(RESERVED)],
        "source": sorted({notice.source for notice in contract.notices}),
        "published": contract.published_on.isoformat(),
        "deadline": closes.isoformat() if closes and contract.state == "published" else None,
        "amount": amount,
        "lat": commune.lat if commune else None,
        "lon": commune.lon if commune else None,
        "_stored": _contract_card(contract, types, amount, closes),
    }
    return _known(document)


def _contract_card(
    contract: Contract, types: list[str], amount: float | None, closes: date | None
) -> dict[str, Any]:
    best = max(contract.findings, key=_showing, default=None)
    return {
        "reference": contract.reference,
        "title": contract.title,
        "buyer": contract.buyer.name,
        "city": contract.buyer.city,
        "departements": contract.departements,
        "published": contract.published_on.isoformat(),
        "closes": closes.isoformat() if closes and contract.state == "published" else None,
        "deadline": contract.deadline.isoformat() if contract.deadline else None,
        "state": contract.state,
        "clause_types": types,
        "evidence": best.evidence[:SHOWN_EVIDENCE] if best and best.source == "text" else None,
        "lots_count": len(contract.lots),
        "amount": amount,
    }


def _showing(finding: Finding) -> tuple[bool, bool, float]:
    """A sentence before a code, a social clause before an environmental one, the surest first."""
    return finding.source == "text", finding.type != "environment", finding.confidence


def _lot_codes(contract: Contract) -> list[str]:
    codes = dict.fromkeys(
        code for lot in contract.lots for code, score, _ in lot.activities if score >= 0.3
    )
    return list(codes)


def _completeness(structure: Structure) -> float:
    """The share of what a buyer would like to know that we do."""
    known = (
        structure.lat,
        structure.website,
        structure.phone or structure.email,
        structure.description,
        structure.employees_range,
        structure.activities or None,
    )
    return sum(value is not None for value in known) / len(known)


@lru_cache(maxsize=4096)
def _activity_words(codes: tuple[str, ...]) -> tuple[str, ...]:
    known = taxonomy()
    words: dict[str, None] = {}
    for code in codes:
        if found := known.get(code):
            words[found.label] = None
            words |= dict.fromkeys(search_words(code))
    return tuple(words)


def _groups(codes: Iterable[str]) -> tuple[str, ...]:
    known = taxonomy()
    return tuple(dict.fromkeys(g for code in codes if (g := known.group_of(code))))


@lru_cache(maxsize=50_000)
def _place_words(departement: str | None, code_insee: str | None) -> tuple[str, ...]:
    places = gazetteer()
    words: list[str] = []
    if departement and (found := places.departement(departement)):
        words.append(found.name)
        if region := places.region(found.region):
            words.append(region.name)
    words += [epci.name for siren in _epcis(code_insee) if (epci := places.epci(siren))]
    return tuple(words)


def _region(departement: str | None) -> str | None:
    found = gazetteer().departement(departement) if departement else None
    return found.region if found else None


def _epcis(code_insee: str | None) -> list[str]:
    """The intercommunalités of a commune: in Grand Paris, the Métropole and its territory."""
    commune = gazetteer().commune(code_insee) if code_insee else None
    return [siren for siren in (commune.epci, commune.ept) if siren] if commune else []


@lru_cache(maxsize=50_000)
def _commune(city: str | None, postcode: str | None) -> Commune | None:
    return find_commune(city, postcode=postcode) if city else None


def _known(document: dict[str, Any]) -> Document:
    return {name: value for name, value in document.items() if value is not None}
