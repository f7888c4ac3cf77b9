"""The GEIQ labelled by their federation (FFGEIQ): a workbook of some 180 rows."""

from collections.abc import Iterator
from pathlib import Path

from annuaire.structures.records import StatusRecord, StructureRecord
from importers.files.contacts import read_email
from importers.files.fields import Warnings, clean, read_siret, read_text
from importers.files.listings import Layout, read_listing
from importers.files.tables import Cells
from importers.places import read_coded_place
from importers.rows import InvalidRow, Row
from importers.sources.directory import read_rows

LAYOUT = Layout(
    names={
        "name": ("nom", "nom du geiq", "raison sociale"),
        "address": ("rue", "adresse"),
        "address_more": ("rue suite", "adresse suite", "complement d adresse"),
        "postcode": ("code postal", "cp"),
        "city": ("ville", "commune"),
        "siret": ("siret", "n siret", "numero siret"),
        "email": ("e mail", "email", "mail", "courriel"),
    },
    required=("name", "postcode", "siret"),
)


def read_geiq(path: Path) -> Iterator[Row[StructureRecord]]:
    """The GEIQ of the federation's list, once each. Raises UnreadableFile as `read_listing`."""
    return read_rows(read_listing(path, LAYOUT), transform)


def transform(cells: Cells, warnings: Warnings) -> StructureRecord:
    """One GEIQ as a record. Raises InvalidRow without a SIRET, a name or a place."""
    siret = read_siret(cells["siret"], "siret", warnings)
    name = read_text(cells["name"], "nom", 255, warnings)
    if not name:
        raise InvalidRow("nom", "vide", "Le nom du GEIQ manque.")
    street = clean(cells["address"]) or clean(cells["address_more"])
    place = read_coded_place(
        warnings, address=street, postcode=cells["postcode"], city=cells["city"]
    )
    return StructureRecord(
        source_key=f"{siret}-GEIQ",
        name=name,
        statuses=(StatusRecord("GEIQ"),),
        siret=siret,
        address=place.address,
        postcode=place.postcode,
        city=place.city,
        code_insee=place.code_insee,
        departement=place.departement,
        lat=place.lat,
        lon=place.lon,
        geo_precision=place.precision,
        email=read_email(cells["email"], "e-mail", warnings),
        extra={"origin": "FFGEIQ"},
    )
