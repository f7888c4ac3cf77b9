"""Lists of EA that regions keep by hand, CSV or workbook, their columns found by name."""

from collections.abc import Iterator
from pathlib import Path

from annuaire.activities.declared import read_declared
from annuaire.structures.records import StatusRecord, StructureRecord
from importers.files.contacts import read_email, read_phone
from importers.files.fields import (
    Warnings,
    read_naf,
    read_siret,
    read_text,
    read_website,
)
from importers.files.listings import Layout, read_listing
from importers.files.tables import Cells
from importers.places import read_coded_place
from importers.rows import InvalidRow, Row
from importers.sources.directory import read_rows
from importers.sources.ea.ea2 import read_kind

LAYOUT = Layout(
    names={
        "siret": ("siret", "n siret", "no siret", "numero siret", "numero de siret",
                  "siret etablissement", "siret de l etablissement membre", "siret*", "n siret*"),
        "name": ("denomination", "raison sociale", "denomination sociale", "nom",
                 "nom de l entreprise adaptee", "nom de l ea", "entreprise adaptee", "structure",
                 "nom de la structure", "etablissement", "entreprise", "denomination*",
                 "raison sociale*"),
        "kind": ("type", "type de structure", "type d entreprise adaptee", "type ea", "kind",
                 "categorie", "statut", "type*"),
        "brand": ("enseigne", "nom commercial", "sigle", "brand"),
        "address": ("adresse", "adresse postale", "adresse 1", "adresse etablissement", "rue",
                    "voie", "address", "adresse*"),
        "postcode": ("code postal", "cp", "post code", "code postal*"),
        "city": ("commune", "ville", "localite", "city", "commune*", "ville*"),
        "code_insee": ("code insee", "code commune", "code insee commune", "insee"),
        "departement": ("departement", "dept", "dep", "dpt", "code departement", "department",
                        "departement*"),
        "lat": ("latitude", "lat"),
        "lon": ("longitude", "lon", "lng"),
        "phone": ("telephone", "tel", "numero de telephone", "telephone fixe", "telephone*",
                  "tel*"),
        "email": ("courriel", "e mail", "email", "mail", "adresse e mail", "adresse mail",
                  "adresse electronique", "email de contact", "courriel*"),
        "website": ("site web", "site internet", "site", "url", "website", "site*"),
        "naf": ("code naf", "naf", "code ape", "ape"),
        "activities": ("activites", "activite", "secteurs d activite", "secteur d activite",
                       "metiers", "metiers proposes", "prestations", "activites*", "activite*",
                       "domaine*"),
    },
    required=("siret", "name"),
    ignored=frozenset({"region", "n", "numero", "id", "siren", "n siren", "departement nom"}),
)  # fmt: skip


def read_region(path: Path) -> Iterator[Row[StructureRecord]]:
    """The EA and EATT of a list, once for each kind and SIRET. A list that does not say the type
    is one of EA. Raises UnreadableFile as `read_listing` does."""
    return read_rows(read_listing(path, LAYOUT), transform)


def transform(cells: Cells, warnings: Warnings) -> StructureRecord:
    """One row. Raises SkipRow for work in prison, InvalidRow."""
    kind = read_kind(cells["kind"], "type") if cells["kind"].strip() else "EA"
    siret = read_siret(cells["siret"], "siret", warnings)
    name = read_text(cells["name"], "nom", 255, warnings)
    if not name:
        raise InvalidRow("nom", "vide", "Le nom de l'établissement manque.")
    place = read_coded_place(
        warnings,
        **{
            part: cells[part]
            for part in ("address", "postcode", "city", "code_insee", "departement", "lat", "lon")
        },
    )
    declared = read_declared([cells["activities"]])
    unread = " ; ".join(declared.unread)[:500]
    return StructureRecord(
        source_key=f"{siret}-{kind}",
        name=name,
        statuses=(StatusRecord(kind),),
        siret=siret,
        brand=read_text(cells["brand"], "enseigne", 255, warnings),
        address=place.address,
        postcode=place.postcode,
        city=place.city,
        code_insee=place.code_insee,
        departement=place.departement,
        lat=place.lat,
        lon=place.lon,
        geo_precision=place.precision,
        naf=read_naf(cells["naf"], "naf", warnings),
        website=read_website(cells["website"], "site", warnings),
        phone=read_phone(cells["phone"], "telephone", warnings),
        email=read_email(cells["email"], "courriel", warnings),
        declared_activities=declared.codes,
        extra={"origin": "liste régionale"} | ({"unread_trades": unread} if unread else {}),
    )
