"""What two public services answer, saved as JSON: les emplois de l'inclusion, data.inclusion.

`/api/v1/siaes/` of les emplois has neither coordinates nor INSEE code, and writes « addresse »;
data.inclusion (schema v1) names kinds among `reseaux_porteurs` and writes « unknown » as null,
an empty text or 0.0. Postings and personal data are not read.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from annuaire.structures.records import StatusRecord, StructureRecord
from importers.files.contacts import read_email, read_phone
from importers.files.fields import (
    Warnings,
    clean,
    read_date,
    read_siret,
    read_text,
    read_website,
    shown,
)
from importers.files.json_items import iter_items, news
from importers.places import read_coded_place
from importers.rows import InvalidRow, Row, SkipRow

EMPLOIS_KINDS = frozenset({"EI", "ACI", "AI", "ETTI", "EITI", "GEIQ", "EA", "EATT"})
NOT_OURS = frozenset({"OPCS"})  # opérateurs de clauses sociales: they give no work themselves
NETWORKS = ("aci", "ai", "ei", "eiti", "etti", "geiq", "ea", "eatt", "esat")

# field → its name at les emplois, at data.inclusion
_NAMES = {
    "name": ("raison_sociale", "nom"),
    "brand": ("enseigne", ""),
    "address": ("addresse_ligne_1", "adresse"),
    "address_more": ("addresse_ligne_2", "complement_adresse"),
    "postcode": ("code_postal", "code_postal"),
    "city": ("ville", "commune"),
    "code_insee": ("", "code_insee"),
    "departement": ("departement", ""),
    "lat": ("", "latitude"),
    "lon": ("", "longitude"),
    "phone": ("telephone", "telephone"),
    "email": ("courriel", "courriel"),
    "website": ("site_web", "site_web"),
    "updated": ("mis_a_jour_le", "date_maj"),
}

# What the two services publish besides, and that nothing here is read from.
_IGNORED = frozenset({
    "id", "source", "type", "siret", "description", "reseaux_porteurs", "cree_le", "postes",
    "bloque_candidatures", "lien_source", "horaires_accueil", "accessibilite_lieu",
    "_di_surrogate_id", "score_qualite", "doublons",
})  # fmt: skip
_LISTED = _IGNORED | {name for names in _NAMES.values() for name in names}


def read_online(path: Path) -> Iterator[Row[StructureRecord]]:
    """The structures of saved answers, one record for each kind; rows are counted by object.

    The same structure twice, as overlapping pages have it, is passed over. Raises UnreadableFile.
    """
    seen: dict[str, int] = {}
    told: set[str] = set()
    for number, item in iter_items(path):
        warnings = news(item, _LISTED, told)
        try:
            records = transform(item, warnings)
        except SkipRow:
            yield Row(number, warnings=tuple(warnings))
            continue
        except InvalidRow as refusal:
            yield Row(number, warnings=tuple(warnings), refusal=refusal)
            continue
        for record in records:
            new = seen.setdefault(record.source_key, number) == number
            yield Row(number, record if new else None, tuple(warnings))
            warnings = []


def transform(item: Any, warnings: Warnings) -> list[StructureRecord]:
    """One object as a record for each kind. Raises SkipRow when it is of no kind of ours."""
    if not isinstance(item, dict):
        raise InvalidRow("", "json", "Une structure doit être un objet JSON.")
    emplois = "type" in item and "raison_sociale" in item
    if not emplois and not {"nom", "siret", "reseaux_porteurs"} <= item.keys():
        message = (
            "L'objet n'est ni une structure des emplois de l'inclusion (type, raison_sociale), "
            "ni une de data.inclusion (nom, siret, reseaux_porteurs)."
        )
        raise InvalidRow("", "format", message)
    kinds = [_emplois_kind(item)] if emplois else _network_kinds(item)
    text = {field: _text(item.get(names[0 if emplois else 1])) for field, names in _NAMES.items()}
    base = _record(_text(item.get("siret")), text, warnings)
    origin = "emplois" if emplois else clean(_text(item.get("source")))[:60] or "data-inclusion"
    extra = {"origin": origin}
    if identifier := clean(_text(item.get("id")))[:100]:
        extra["id"] = identifier
    return [
        replace(
            base,
            source_key=f"{base.siret}-{kind}",
            statuses=(StatusRecord(kind),),
            description=read_text(_text(item.get("description")), "description", 5000, warnings),
            extra=extra,
        )
        for kind in kinds
    ]


def _record(siret: str, text: Mapping[str, str], warnings: Warnings) -> StructureRecord:
    number = read_siret(siret, "siret", warnings)
    name = read_text(text["name"], "nom", 255, warnings)
    if not name:
        raise InvalidRow("nom", "vide", "Le nom de la structure manque.")
    place = read_coded_place(
        warnings,
        address=text["address"] or text["address_more"],
        postcode=text["postcode"],
        city=text["city"],
        code_insee=text["code_insee"],
        departement=text["departement"],
        lat=text["lat"],
        lon=text["lon"],
    )
    return StructureRecord(
        source_key=number,
        name=name,
        statuses=(),
        siret=number,
        brand=read_text(text["brand"], "enseigne", 255, warnings),
        address=place.address,
        postcode=place.postcode,
        city=place.city,
        code_insee=place.code_insee,
        departement=place.departement,
        lat=place.lat,
        lon=place.lon,
        geo_precision=place.precision,
        website=read_website(text["website"], "site_web", warnings),
        phone=read_phone(text["phone"], "telephone", warnings),
        email=read_email(text["email"], "courriel", warnings),
        source_updated_on=read_date(text["updated"], "date_maj", warnings),
    )


def _emplois_kind(item: Mapping[str, Any]) -> str:
    kind = _text(item["type"]).strip().upper()
    if kind in NOT_OURS:
        raise SkipRow
    if kind not in EMPLOIS_KINDS:
        raise InvalidRow("type", "type", f"Le type de structure {shown(kind)} est inconnu.")
    return kind


def _network_kinds(item: Mapping[str, Any]) -> list[str]:
    networks = item["reseaux_porteurs"]
    kinds = [n.upper() for n in NETWORKS if isinstance(networks, list) and n in networks]
    if not kinds:
        raise SkipRow
    return kinds


def _text(value: Any) -> str:
    """A value as text; null, 0.0 and what is no scalar are nothing."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and value else ""
