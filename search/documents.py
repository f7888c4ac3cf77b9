"""What the indexes hold of structures and contracts, built from the database, by pages."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from annuaire.activities.naf import label as naf_label
from annuaire.activities.taxonomy import search_words, taxonomy
from annuaire.contracts.models import Contract
from annuaire.profiles.gauge import gauge
from annuaire.sql import among
from annuaire.structures.kinds import families_of, kind_label
from annuaire.structures.knowing import WON, known_without_wins
from annuaire.structures.memberships import NONE, Memberships, memberships
from annuaire.structures.models import Structure
from search.contract_documents import contract_documents
from search.document_parts import epcis_of, groups_of, place_words, region_of, without_unknown
from search.engine import Document, IndexName
from search.profile_parts import contents_of, labels_of, profile_fields, profile_stored
from search.schema import NO, YES

PAGE = 1_000


def documents(session: Session, name: IndexName, ids: Sequence[int], today: date) -> list[Document]:
    """The documents of these objects; those that ended or vanished have none. `today` tells which
    statuses are still held."""
    return (
        _structures(session, ids, today)
        if name == "structures"
        else contract_documents(session, ids)
    )


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
    profiles = contents_of(session, ids)
    return [
        structure_document(each, today, told.get(each.id, NONE), profiles.get(each.id, {}))
        for each in found
    ]


def structure_document(
    structure: Structure,
    today: date,
    told: Memberships = NONE,
    profile: Mapping[str, Any] = MappingProxyType({}),
) -> Document:
    """One structure as the index holds it, with the statuses held today, the networks and labels
    that it declares, and what its profile says."""
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
        "place_words": place_words(structure.departement, structure.code_insee),
        "description": structure.description,
        "naf_label": naf_label(structure.naf) if structure.naf else None,
        "siret": structure.siret,
        "postcode": structure.postcode,
        "code_insee": structure.code_insee,
        "departement": structure.departement,
        "region": region_of(structure.departement),
        "epci": epcis_of(structure.code_insee),
        "activities": codes,
        "groups": list(groups_of(codes)),
        "kinds": kinds,
        "families": families_of(kinds),
        "networks": [*dict.fromkeys((*told.networks, *profile.get("networks", ())))],
        "labels": [*dict.fromkeys((*told.labels, *labels_of(profile)))],
        **profile_fields(structure, profile),
        "active": YES if kinds else NO,
        "completeness": _completeness(structure, profile),
        "lat": structure.lat,
        "lon": structure.lon,
        "_stored": {
            "key": structure.key,
            "siret": structure.siret,
            "name": structure.name,
            "brand": structure.brand,
            "kinds": kinds,
            **_until(structure, kinds),
            "activities": [[a.code, a.origin, a.evidence, a.weight] for a in structure.activities],
            **_without_wins(structure),
            "city": structure.city,
            "code_insee": structure.code_insee,
            "departement": structure.departement,
            "region": region_of(structure.departement),
            "naf": structure.naf,
            "employees_range": structure.employees_range,
            "lat": structure.lat,
            "lon": structure.lon,
            "geo_precision": structure.geo_precision,
            **profile_stored(profile),
        },
    }
    return without_unknown(document)


def _until(structure: Structure, kinds: Sequence[str]) -> dict[str, Any]:
    """The last day of each kind held of which every source gives one, as [kind, ISO date]."""
    ends = {kind: [s.valid_to for s in structure.statuses if s.kind == kind and s.ended_on is None]
            for kind in kinds}  # fmt: skip
    known = [
        [kind, max(day for day in days if day).isoformat()]
        for kind, days in ends.items()
        if all(days)
    ]
    return {"until": known} if known else {}


def _without_wins(structure: Structure) -> dict[str, Any]:
    """What would be known of the activities without the lots that were won, where these said
    something."""
    if all(activity.origin != WON for activity in structure.activities):
        return {}
    return {"without_wins": [[*known] for known in known_without_wins(structure)]}


def _completeness(structure: Structure, profile: Mapping[str, Any]) -> float:
    """The share of what a buyer would like to know that we do; of what directories do not tell,
    a profile makes up for its own share."""
    known = (
        structure.lat,
        structure.website,
        structure.phone or structure.email,
        structure.description,
        structure.employees_range,
        structure.activities or None,
    )
    missing = 1 - sum(value is not None for value in known) / len(known)
    return 1 - missing * (1 - gauge(profile, {}).points / 100) if profile else 1 - missing


@lru_cache(maxsize=4096)
def _activity_words(codes: tuple[str, ...]) -> tuple[str, ...]:
    known = taxonomy()
    words: dict[str, None] = {}
    for code in codes:
        if found := known.get(code):
            words[found.label] = None
            words |= dict.fromkeys(search_words(code))
    return tuple(words)
