"""Structures as pages show them: plain values in French, no query, no markup of our own."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from annuaire.activities.naf import label as naf_label
from annuaire.activities.taxonomy import taxonomy
from annuaire.geo.gazetteer import departement_label
from annuaire.structures.kinds import FAMILIES, KINDS, kind_label
from annuaire.structures.models import SourceRecord, Structure
from annuaire.structures.points import BAN
from search.engine import Hit, Suggestion

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
SUGGESTION_KINDS = {"activity": "activité", "place": "commune", "name": "structure"}
#: Where it is read that a company is of the social and solidarity economy.
ESS_ORIGINS = {
    "ess_france": "liste ESS France",
    "recherche_entreprises": "selon l'Annuaire des entreprises",
}

#: What le marché alone tells, as its page of structure shows it.
MARKET_NAMES = {
    "prestations": "Façon de travailler (selon Le marché)",
    "networks": "Réseaux (selon Le marché)",
    "references": "Clients cités (selon Le marché)",
    "labels": "Labels cités (selon Le marché)",
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
    """A status with the dates between which it holds, as far as its source tells; `past` when it
    is held no more."""

    label: str
    family: str
    valid_from: date | None
    valid_to: date | None
    source: str
    past: bool


def card(hit: Hit) -> dict[str, Any]:
    """A structure in a list."""
    stored: Any = hit.document
    marks = hit.highlights
    known = taxonomy()
    name = stored.get("brand") or stored["name"]
    return {
        "key": stored["key"],
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


def suggestion(found: Suggestion) -> dict[str, str]:
    """What is proposed to someone who types, and what it is."""
    return {"text": found.text, "kind": SUGGESTION_KINDS[found.kind]}


def _matched(marks: Mapping[str, str]) -> str | None:
    """The first text outside the name where a word of the search was found."""
    for field in (
        "activity_words", "offers", "inferred_words", "description", "naf_label", "status_words",
    ):  # fmt: skip
        if "<mark>" in (text := marks.get(field, "")):
            return text
    return None


def sheet(
    structure: Structure,
    records: Sequence[SourceRecord],
    titles: Mapping[str, str],
    awards: list[dict[str, Any]],
    today: date,
) -> dict[str, Any]:
    """A structure on its own page; `annuaire.structures.about` says where all this comes from."""
    statuses = [*_statuses(structure, titles, today)]
    return {
        "key": structure.key,
        "name": structure.name,
        "brand": structure.brand,
        "siret": structure.siret,
        "siren": structure.siren,
        "finess": finess_of(structure, records),
        "ended_on": structure.ended_on,
        "state": _state(structure),
        "market": _market(records),
        "kinds": [kind_label(kind) for kind in structure.kinds_held(today)],
        "statuses": [status for status in statuses if not status.past],
        "past_statuses": [status for status in statuses if status.past],
        "activities": [*_activities(structure)],
        "address_lines": _address(structure),
        "city": structure.city,
        "departement_label": departement_label(structure.departement or ""),
        "phone": structure.phone,
        "email": structure.email,
        "website": structure.website,
        "description": structure.description,
        "legal_form": structure.legal_form,
        "naf": _naf(structure.naf),
        "employees_range": structure.employees_range,
        "lat": structure.lat,
        "lon": structure.lon,
        "precision": _precision(structure),
        "awards": awards,
    }


def _state(structure: Structure) -> dict[str, Any]:
    """What the registers of companies say: closed or not, head office or not, of the ESS or not
    (then by whom)."""
    source = structure.origins.get("ess", [""])[0]
    return {
        "closed": structure.open is False,
        "closed_on": structure.closed_on,
        "head_office": structure.head_office,
        "ess": ESS_ORIGINS.get(source, source) if structure.ess else None,
    }


def _market(records: Sequence[SourceRecord]) -> list[tuple[str, str]]:
    """What the structure declares at le marché, of no other source: (name, value)."""
    found = (r.data.get("extra", {}) for r in records if r.source == "marche" and not r.ended_on)
    told: dict[str, str] = next(found, {})
    return [(name, told[key]) for key, name in MARKET_NAMES.items() if told.get(key)]


def finess_of(structure: Structure, records: Sequence[SourceRecord]) -> list[str]:
    """Every FINESS number under which living records know a structure: several establishments of
    FINESS may share one SIRET."""
    living = (record for record in records if record.ended_on is None)
    told = {record.data["finess"] for record in living if "finess" in record.data}
    return sorted(told | ({structure.finess} if structure.finess else set()))


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


def _statuses(structure: Structure, titles: Mapping[str, str], today: date) -> Iterable[StatusLine]:
    for status in structure.statuses:
        kind = KINDS.get(status.kind)
        yield StatusLine(
            label=kind_label(status.kind),
            family=FAMILIES[kind.family] if kind else "",
            valid_from=status.valid_from,
            valid_to=min(filter(None, (status.valid_to, status.ended_on)), default=None),
            source=titles.get(status.source, status.source),
            past=not status.holds(today),
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
