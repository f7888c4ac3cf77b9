"""One structure of le marché as a record: what it does, for whom, with whom."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from annuaire.activities.crosswalk import leaves_of
from annuaire.structures.records import Known, StatusRecord, StructureRecord
from importers.files.fields import (
    Warnings,
    clean,
    read_date,
    read_siret,
    read_text,
    read_website,
    shown,
)
from importers.places import read_coded_place
from importers.rows import InvalidRow, SkipRow, Warned

GRANTED = frozenset({"EA", "EATT"})  # no open directory lists them
KINDS = GRANTED | {"EI", "ACI", "AI", "ETTI", "EITI", "GEIQ", "RQ", "SEP", "ESAT", "OPCS"}
PRESTATIONS = {
    "DISP": "mise à disposition de personnel",
    "PREST": "prestation de service",
    "BUILD": "fabrication et commercialisation de biens",
}
_LONGEST = 500  # characters of a list kept in a text


def transform(item: Any, known: Known, warnings: Warnings) -> StructureRecord:
    """Raises SkipRow for what is neither known nor an EA or EATT, InvalidRow for what cannot be
    read."""
    if not isinstance(item, dict) or not {"siret", "kind", "name"} <= item.keys():
        message = "L'objet n'est pas une structure de l'API du marché (siret, kind, name)."
        raise InvalidRow("", "format", message)
    kind = _text(item["kind"]).upper()
    if kind not in KINDS:
        raise InvalidRow("kind", "type", f"Le type de structure {shown(kind)} est inconnu.")
    if item.get("is_active") is False:
        raise SkipRow
    grants = kind in GRANTED
    if not grants and _text(item["siret"]) not in known.sirets:
        raise SkipRow
    siret = read_siret(_text(item["siret"]), "siret", warnings)
    name = read_text(_text(item["name"]), "name", 255, warnings)
    if grants and not name:
        raise InvalidRow("name", "vide", "Le nom de la structure manque.")
    record = StructureRecord(
        source_key=f"{siret}-{kind}",
        name=name or "",
        statuses=(StatusRecord(kind),) if grants else (),
        siret=siret,
        brand=read_text(_text(item.get("brand")), "brand", 255, warnings),
        website=read_website(_text(item.get("contact_website")), "contact_website", warnings),
        description=_offers(item, warnings),
        declared_activities=tuple(_activities(item, warnings)),
        source_updated_on=read_date(_text(item.get("updated_at")), "updated_at", warnings),
        extra=dict(_extra(item)),
    )
    return _placed(record, item, warnings) if grants else record


def _placed(record: StructureRecord, item: dict[str, Any], warnings: Warnings) -> StructureRecord:
    """With its place, which no other directory gives. Raises InvalidRow when it has none."""
    place = read_coded_place(
        warnings,
        address=_text(item.get("address")),
        postcode=_text(item.get("post_code")),
        city=_text(item.get("city")),
        departement=_text(item.get("department")),
    )
    return replace(
        record,
        address=place.address,
        postcode=place.postcode,
        city=place.city,
        code_insee=place.code_insee,
        departement=place.departement,
        lat=place.lat,
        lon=place.lon,
        geo_precision=place.precision,
    )


def _activities(item: dict[str, Any], warnings: Warnings) -> Iterator[str]:
    """Our activities for the sectors, each once, by the crosswalk."""
    found: dict[str, None] = {}
    for sector in _names(item, "sectors"):
        leaves = leaves_of(sector)
        found |= dict.fromkeys(leaves)
        if not leaves:
            message = f"Le secteur {shown(sector, 80)} n'a pas d'activité correspondante."
            warnings.append(Warned("sectors", "secteur", message))
    yield from found


def _offers(item: dict[str, Any], warnings: Warnings) -> str | None:
    """The offers as one text, a line each."""
    offers = item.get("offers")
    lines: list[str] = []
    for offer in offers if isinstance(offers, list) else []:
        if isinstance(offer, dict):
            parts = (clean(_text(offer.get(name))) for name in ("name", "description"))
            lines.append(" : ".join(part for part in parts if part))
    return read_text(" ; ".join(line for line in lines if line), "offers", 5000, warnings)


def _extra(item: dict[str, Any]) -> Iterator[tuple[str, str]]:
    prestations = item.get("presta_types", item.get("presta_type"))
    codes = prestations if isinstance(prestations, list) else []
    told = {
        "id": _text(item.get("id"))[:40],
        "nature": _text(item.get("nature"))[:40],
        "prestations": ", ".join(PRESTATIONS[c] for c in PRESTATIONS if c in codes),
        "networks": ", ".join(_names(item, "networks"))[:_LONGEST],
        "references": ", ".join(_names(item, "client_references"))[:_LONGEST],
        "labels": ", ".join(_names(item, "labels_old") or _names(item, "labels"))[:_LONGEST],
    }
    yield from ((name, value) for name, value in told.items() if value)


def _names(item: dict[str, Any], field: str) -> list[str]:
    """The names of a list, of texts or of objects with a `name`."""
    value = item.get(field)
    found = (one.get("name") if isinstance(one, dict) else one for one in _list(value))
    return [name for one in found if (name := clean(_text(one)))]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str:
    """A text or a number as text; anything else is nothing."""
    if isinstance(value, str):
        return value.strip()
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""
