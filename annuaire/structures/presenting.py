"""Structures as pages show them: plain values in French, no query, no markup of our own."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from annuaire.activities.naf import label as naf_label
from annuaire.activities.taxonomy import taxonomy
from annuaire.geo.gazetteer import departement_label
from annuaire.runs import ImportRun
from annuaire.structures.kinds import FAMILIES, KINDS, kind_label
from annuaire.structures.models import SourceRecord, Structure
from annuaire.structures.points import BAN
from search.engine import Hit

PRECISIONS = {
    "commune": "Position du centre de la commune : l'adresse exacte n'est pas placée.",
    "street": "Position de la rue.",
    "number": "Position donnée par la source.",
}
LOOKED_UP = {  # the same, found by us in the national address base (BAN)
    "commune": PRECISIONS["commune"],
    "street": "Position de la rue, trouvée dans la Base adresse nationale (BAN).",
    "number": "Position de l'adresse, trouvée dans la Base adresse nationale (BAN).",
}
ORIGINS = {
    "declared": "Déclarée",
    "naf": "Déduite du code d'activité (NAF)",
    "name": "Déduite du nom",
    "description": "Déduite de sa présentation",
    "won": "Déduite de ses marchés gagnés",
}
FIELD_NAMES = {
    "name": "nom",
    "brand": "nom d'usage",
    "address": "adresse",
    "lat": "position",
    "naf": "activité principale",
    "legal_form": "forme juridique",
    "website": "site",
    "phone": "téléphone",
    "email": "courriel",
    "employees_range": "effectif",
    "description": "présentation",
}


@dataclass(frozen=True, slots=True)
class ActivityLine:
    """An activity with where it comes from; `inferred` marks a guess."""

    label: str
    origin: str
    evidence: str
    inferred: bool


@dataclass(frozen=True, slots=True)
class StatusLine:
    """A status with the dates between which it holds, as far as its source tells."""

    label: str
    family: str
    valid_from: date | None
    valid_to: date | None
    source: str


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A source with the fields that it gave; `changed_at`: when a reading last found a change."""

    title: str
    changed_at: datetime
    fields: list[str]


def card(hit: Hit) -> dict[str, Any]:
    """A structure in a list."""
    stored: Any = hit.document
    marks = hit.highlights
    known = taxonomy()
    name = stored.get("brand") or stored["name"]
    return {
        "url": f"/structures/{stored['key']}",
        "name": name,
        "name_html": marks.get("brand" if stored.get("brand") else "name"),
        "statuses": [kind_label(kind) for kind in stored["kinds"]],
        "activities": [known.label(code) for code, *_ in stored["activities"][:4]],
        "city": stored.get("city"),
        "departement_label": departement_label(stored.get("departement") or ""),
        "distance_km": hit.distance_km,
        "matched": None if "<mark>" in marks.get("name", "") else _matched(marks),
    }


def _matched(marks: Mapping[str, str]) -> str | None:
    """The first text outside the name where a word of the search was found."""
    for field in ("activity_words", "inferred_words", "description", "naf_label", "status_words"):
        if "<mark>" in (text := marks.get(field, "")):
            return text
    return None


def sheet(
    structure: Structure,
    records: Sequence[SourceRecord],
    runs: Mapping[int, ImportRun],
    titles: Mapping[str, str],
    awards: list[dict[str, Any]],
    public_url: str,
    today: date,
) -> dict[str, Any]:
    """A structure on its own page."""
    return {
        "name": structure.name,
        "brand": structure.brand,
        "siret": structure.siret,
        "siren": structure.siren,
        "ended_on": structure.ended_on,
        "kinds": [kind_label(kind) for kind in structure.kinds_held(today)],
        "statuses": [*_statuses(structure, titles)],
        "activities": [*_activities(structure)],
        "address_lines": _address(structure),
        "city": structure.city,
        "departement_label": departement_label(structure.departement or ""),
        "phone": structure.phone,
        "email": structure.email,
        "website": structure.website,
        "legal_form": structure.legal_form,
        "naf": _naf(structure.naf),
        "employees_range": structure.employees_range,
        "lat": structure.lat,
        "lon": structure.lon,
        "precision": _precision(structure),
        "sources": [*_sources(structure, records, runs, titles)],
        "awards": awards,
        "json_ld": json_ld(structure, public_url),
    }


def _precision(structure: Structure) -> str | None:
    source = (structure.origins.get("lat") or (None,))[0]
    words = LOOKED_UP if source == BAN else PRECISIONS
    return words.get(structure.geo_precision or "")


def _naf(code: str | None) -> str | None:
    if not code:
        return None
    found = naf_label(code)
    return f"{found} ({code})" if found else code


def _address(structure: Structure) -> list[str]:
    town = " ".join(part for part in (structure.postcode, structure.city) if part)
    return [line for line in (structure.address, town) if line]


def _statuses(structure: Structure, titles: Mapping[str, str]) -> Iterable[StatusLine]:
    for status in structure.statuses:
        kind = KINDS.get(status.kind)
        yield StatusLine(
            label=kind_label(status.kind),
            family=FAMILIES[kind.family] if kind else "",
            valid_from=status.valid_from,
            valid_to=min(filter(None, (status.valid_to, status.ended_on)), default=None),
            source=titles.get(status.source, status.source),
        )


def _activities(structure: Structure) -> Iterable[ActivityLine]:
    known = taxonomy()
    for activity in structure.activities:
        evidence, origin = activity.evidence, ORIGINS.get(activity.origin, activity.origin)
        if activity.origin == "naf":
            evidence = _naf(structure.naf) or evidence
        if activity.origin == "won":  # « 2 marchés gagnés : Nettoyage (2020) ; … »
            count, _, evidence = evidence.partition(" : ")
            origin = f"Déduite de {count}"
        yield ActivityLine(
            label=known.label(activity.code),
            origin=origin,
            evidence="" if activity.origin == "declared" else evidence,
            inferred=activity.origin != "declared",
        )


def _sources(
    structure: Structure,
    records: Sequence[SourceRecord],
    runs: Mapping[int, ImportRun],
    titles: Mapping[str, str],
) -> Iterable[SourceLine]:
    by_source: dict[str, list[str]] = {}
    for field, (source, _run) in structure.origins.items():
        if field in FIELD_NAMES:
            by_source.setdefault(source, []).append(FIELD_NAMES[field])
    for source in dict.fromkeys(record.source for record in records if record.ended_on is None):
        run_ids = [record.run_id for record in records if record.source == source]
        yield SourceLine(
            title=titles.get(source, source),
            changed_at=runs[max(run_ids)].started_at,
            fields=by_source.get(source, []),
        )


def json_ld(structure: Structure, public_url: str) -> dict[str, Any]:
    """The structure in schema.org's words, for those who read pages by program."""
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Organization",
        "@id": f"{public_url}/structures/{structure.key}",
        "name": structure.shown_name,
        "legalName": structure.name,
        "url": structure.website,
        "telephone": structure.phone,
        "email": structure.email,
        "address": {
            "@type": "PostalAddress",
            "streetAddress": structure.address,
            "postalCode": structure.postcode,
            "addressLocality": structure.city,
            "addressCountry": "FR",
        },
    }
    if structure.siret:
        data["identifier"] = {
            "@type": "PropertyValue",
            "propertyID": "SIRET",
            "value": structure.siret,
        }
    return {name: value for name, value in data.items() if value is not None}
