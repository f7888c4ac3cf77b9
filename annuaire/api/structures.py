"""A structure as the API gives it: plain values, codes beside words."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from annuaire.activities.taxonomy import taxonomy
from annuaire.structures.kinds import KINDS, families_of, kind_label
from annuaire.structures.models import Structure, StructureActivity, StructureStatus
from annuaire.takeaway.structure_rows import sources_of


def structure_values(
    structure: Structure,
    today: date,
    titles: Mapping[str, str],
    public_url: str,
    distance_km: float | None = None,
) -> dict[str, Any]:
    """All that the API says of a structure, but for the lots that it won."""
    kinds = structure.kinds_held(today)
    return {
        "key": structure.key,
        "siret": structure.siret,
        "siren": structure.siren,
        "finess": structure.finess,
        "name": structure.name,
        "brand": structure.brand,
        "url": f"{public_url}/structures/{structure.key}",
        "kinds": kinds,
        "families": families_of(kinds),
        "statuses": [_status(each, today, titles) for each in structure.statuses],
        "activities": [_activity(each) for each in structure.activities],
        "address": structure.address,
        "postcode": structure.postcode,
        "city": structure.city,
        "code_insee": structure.code_insee,
        "departement": structure.departement,
        "lat": structure.lat,
        "lon": structure.lon,
        "geo_precision": structure.geo_precision,
        "distance_km": None if distance_km is None else round(distance_km, 1),
        "phone": structure.phone,
        "email": structure.email,
        "website": structure.website,
        "description": structure.description,
        "legal_form": structure.legal_form,
        "naf": structure.naf,
        "employees_range": structure.employees_range,
        "ess": structure.ess,
        "sources": [
            {"name": name, "title": titles.get(name, name)} for name in sources_of(structure)
        ],
        "updated_at": structure.updated_at,
        "ended_on": structure.ended_on,
    }


def _status(status: StructureStatus, today: date, titles: Mapping[str, str]) -> dict[str, Any]:
    kind = KINDS.get(status.kind)
    return {
        "kind": status.kind,
        "label": kind_label(status.kind),
        "family": kind.family if kind else None,
        "held": status.holds(today),
        "valid_from": status.valid_from,
        "valid_to": min(filter(None, (status.valid_to, status.ended_on)), default=None),
        "source": titles.get(status.source, status.source),
    }


def _activity(activity: StructureActivity) -> dict[str, Any]:
    known = taxonomy()
    return {
        "code": activity.code,
        "label": known.label(activity.code),
        "group": known.group_of(activity.code),
        "inferred": activity.origin != "declared",
        "origin": activity.origin,
        "evidence": activity.evidence,
    }
