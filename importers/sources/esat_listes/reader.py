"""One door for the lists of ESAT: le marché's (`|`), the ASP's, GESAT's and Hosmoz's, CSV or
workbook, their columns found by what they are called."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from annuaire.activities.declared import read_declared
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
from importers.files.listings import Layout, read_listing
from importers.files.tables import Cells
from importers.places import Place, read_coded_place
from importers.rows import Row, SkipRow, Warned
from importers.sources.directory import read_rows

DOMAINS: Final = tuple(f"domain_{n}" for n in range(1, 14))

LAYOUT = Layout(
    names={
        "siret": ("siret", "n de siret", "n siret", "numero siret", "numero de siret", "siret*"),
        "siret_2": ("siret 2",),
        "name": ("raison sociale", "denomination", "nom", "nom de l esat", "etablissement"),
        "kind": ("type de structure", "categorie", "type"),
        "address": ("adresse", "adresse postale"),
        "address_more": ("lieudit bp", "lieu dit bp", "complement d adresse"),
        "postcode": ("code postal", "cp"),
        "city": ("ville", "commune"),
        "departement": ("departement", "dept"),
        "phone": ("telephone", "tel", "tel public", "telephone*"),
        "email": ("adresse e mail", "email", "e mail", "mail", "courriel"),
        "website": ("url", "site internet", "site web", "site"),
        "opened": ("date d ouverture",),
        "updated": ("deniere date de maj", "derniere date de maj", "date de maj"),
        "workers": ("nombre de travailleurs dans la structure en etp", "nombre de travailleurs*"),
        "places": ("capacite d accueil nombre de th total", "capacite d accueil*"),
        "trades": ("metiers proposes", "metiers*"),
        "skills": ("poles de competences", "poles de competence", "poles*"),
        **{field: (field.replace("domain_", "domaine "),) for field in DOMAINS},
    },
    required=("siret",),
    ignored=frozenset({"id", "siren", "region", "adherent hosmoz"}),
)  # fmt: skip

_UNKNOWN: Final = frozenset({"#n/d", "#n/a", "#ref!", "#valeur!", "n/d", "nd", "nc", "n.c.", "-"})
_ONE_LINE = re.compile(r"^(.*?)[\s,;-]*\b(\d{5})\b[\s,;-]*(\D.*)$", re.DOTALL)
_OURS = re.compile(r"(?i)\besat\b|travail\b|^\s*$")


def read(path: Path) -> Iterator[Row[StructureRecord]]:
    """The ESAT of a list, once for each SIRET. Raises UnreadableFile as `read_listing` does."""
    return read_rows(read_listing(path, LAYOUT), transform)


def transform(cells: Cells, warnings: Warnings) -> StructureRecord:
    """One row. Raises SkipRow for another kind of structure, InvalidRow without a SIRET or when
    its address cannot be."""
    cells = {name: _known(value) for name, value in cells.items()}
    if not _OURS.search(cells["kind"]):
        raise SkipRow
    siret = read_siret(cells["siret"], "siret", warnings)
    place = _place(cells, warnings)
    declared = read_declared([cells[name] for name in ("skills", "trades", *DOMAINS)])
    opened = read_date(cells["opened"], "date d'ouverture", warnings)
    extra = {
        "siret_2": clean(cells["siret_2"])[:40],
        "unread_trades": " ; ".join(declared.unread)[:500],
    }
    return StructureRecord(
        source_key=f"{siret}-ESAT",
        name=_name(cells["name"], siret, warnings),
        statuses=(StatusRecord("ESAT", opened),),
        siret=siret,
        address=place.address if place else None,
        postcode=place.postcode if place else None,
        city=place.city if place else None,
        code_insee=place.code_insee if place else None,
        departement=place.departement if place else None,
        lat=place.lat if place else None,
        lon=place.lon if place else None,
        geo_precision=place.precision if place else None,
        website=read_website(cells["website"], "site", warnings),
        phone=read_phone(cells["phone"], "telephone", warnings),
        email=read_email(cells["email"], "courriel", warnings),
        employees_range=_workers(cells, warnings),
        declared_activities=declared.codes,
        source_updated_on=read_date(cells["updated"], "date de maj", warnings),
        extra={name: value for name, value in extra.items() if value},
    )


def _known(value: str) -> str:
    return "" if value.strip().lower() in _UNKNOWN else value


def _name(value: str, siret: str, warnings: Warnings) -> str:
    """The name, or one made of the SIRET: another source, more trusted, may know it."""
    name = read_text(value, "nom", 255, warnings)
    if name:
        return name
    message = f"La ligne ne dit pas le nom ; « ESAT {siret} » le remplace tant qu'il est inconnu."
    warnings.append(Warned("nom", "vide", message))
    return f"ESAT {siret}"


def _place(cells: Cells, warnings: Warnings) -> Place | None:
    """Where it is; None when the row says nothing of it. An address on one line is cut at its
    postcode. Raises InvalidRow when the département cannot be known."""
    address, postcode, city = cells["address"], cells["postcode"], cells["city"]
    if not postcode.strip() and not city.strip() and (match := _ONE_LINE.match(address)):
        address, postcode, city = match.groups()
    said = (address, cells["address_more"], postcode, city, cells["departement"])
    if not any(part.strip() for part in said):
        return None
    return read_coded_place(
        warnings,
        address=clean(address) or clean(cells["address_more"]),
        postcode=postcode,
        city=city,
        departement=cells["departement"],
    )


def _workers(cells: Cells, warnings: Warnings) -> str | None:
    """« 45 travailleurs handicapés » (workers in ETP, else places), whole and likely numbers."""
    for field, column in (("workers", "nombre de travailleurs"), ("places", "capacité d'accueil")):
        text = clean(cells[field]).replace(",", ".").replace(" ", "")
        if not text:
            continue
        try:
            count = round(float(text))
        except (ValueError, OverflowError):
            count = 0
        if 0 < count < 5_000:
            return f"{count} travailleurs handicapés"
        message = f"L'effectif {shown(cells[field])} est illisible, il est ignoré."
        warnings.append(Warned(column, "effectif", message))
    return None
