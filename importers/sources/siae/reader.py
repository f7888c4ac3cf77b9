"""Reads the CSV of structures: one row is one establishment holding one kind."""

from collections.abc import Iterator
from pathlib import Path

from annuaire.structures.records import StatusRecord, StructureRecord
from importers.files.fields import (
    Warnings,
    read_date,
    read_naf,
    read_siret,
    read_text,
    read_website,
    shown,
)
from importers.files.tables import Cells, read_table
from importers.places import read_place
from importers.rows import InvalidRow, Row, Warned

REQUIRED = ("siret", "kind", "name", "address", "post_code", "city", "department", "lat", "lon")
OPTIONAL = ("brand", "naf", "legal_form", "website", "source", "employees_range", "updated_at")
IGNORED = ("id", "created_at")  # of the publisher's own database
KINDS = ("EI", "ACI", "AI", "ETTI", "EITI", "GEIQ", "RQ", "SEP", "EA", "EATT", "ESAT")


def read(path: Path) -> Iterator[Row[StructureRecord]]:
    """The structures of the file, streamed; the key is SIRET and kind, as 1 SIRET may hold 2.

    A second row of the same key is refused: which one is right cannot be known. Raises
    UnreadableFile as `read_table` does.
    """
    seen: dict[str, int] = {}
    for row in read_table(path, REQUIRED, (*OPTIONAL, *IGNORED)):
        if row.record is None:
            yield Row(row.number, warnings=row.warnings, refusal=row.refusal)
            continue
        warnings = list(row.warnings)
        try:
            record = transform(row.record, warnings)
            first = seen.setdefault(record.source_key, row.number)
            if first != row.number:
                raise InvalidRow(
                    "siret",
                    "doublon",
                    f"Le SIRET {record.siret} figure déjà à la ligne {first} avec le même type ; "
                    "gardez une seule des deux lignes.",
                )
        except InvalidRow as refusal:
            yield Row(row.number, warnings=tuple(warnings), refusal=refusal)
        else:
            yield Row(row.number, record, tuple(warnings))


def transform(cells: Cells, warnings: Warnings) -> StructureRecord:
    """One row as a record; what is odd but bearable is added to `warnings`. Raises InvalidRow."""
    siret = read_siret(cells.pop("siret"), "siret", warnings)
    kind = _read_kind(cells.pop("kind"))
    name = read_text(cells.pop("name"), "name", 255, warnings)
    if not name:
        raise InvalidRow("name", "vide", "Le nom de la structure manque ; indiquez-le.")
    place = read_place(cells, warnings)
    return StructureRecord(
        source_key=f"{siret}-{kind}",
        name=name,
        statuses=(StatusRecord(kind),),
        siret=siret,
        brand=read_text(cells.pop("brand", ""), "brand", 255, warnings),
        address=place.address,
        postcode=place.postcode,
        city=place.city,
        code_insee=place.code_insee,
        departement=place.departement,
        lat=place.lat,
        lon=place.lon,
        geo_precision=place.precision,
        naf=read_naf(cells.pop("naf", ""), "naf", warnings),
        legal_form=read_text(cells.pop("legal_form", ""), "legal_form", 100, warnings),
        website=read_website(cells.pop("website", ""), "website", warnings),
        employees_range=_read_employees(cells.pop("employees_range", ""), warnings),
        source_updated_on=read_date(cells.pop("updated_at", ""), "updated_at", warnings),
        extra=_read_origin(cells.pop("source", ""), warnings),
    )


def _read_kind(value: str) -> str:
    kind = value.strip().upper()
    if kind not in KINDS:
        raise InvalidRow(
            "kind",
            "type",
            f"Le type de structure {shown(value)} est inconnu ; types possibles : "
            f"{', '.join(KINDS)}.",
        )
    return kind


def _read_employees(value: str, warnings: Warnings) -> str | None:
    text = read_text(value, "employees_range", 60, warnings)
    return None if text == "Non renseigné" else text


def _read_origin(value: str, warnings: list[Warned]) -> dict[str, str]:
    """Who told the publisher of this structure: ASP, GEIQ, EA_EATT, or its own users."""
    origin = read_text(value, "source", 60, warnings)
    return {"origin": origin} if origin else {}
