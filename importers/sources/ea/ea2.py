"""The ASP's « flux EA2 »: `EA2_ITOU.txt`, one row for each member establishment and contract.

An establishment under two contracts (COT, CPOM) comes twice: once is enough. Enterprises in
prison are left out, as among SIAE. The contact's e-mail is that of a person and is not read.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from annuaire.structures.records import StatusRecord, StructureRecord
from importers.files.fields import Warnings, clean, read_siret, read_text, shown
from importers.files.framed import Frame, read_framed
from importers.files.listings import header_key
from importers.files.tables import Cells
from importers.places import read_coded_place
from importers.rows import InvalidRow, Row, SkipRow
from importers.sources.directory import read_rows

KIND = "Type d'entreprise adaptée"
SIRET = "Siret de l'établissement membre"
NAME = "Dénomination / raison sociale"
POSTCODE = "Code Postal"
CODE_INSEE = "Code INSEE commune"
BUILDING = "Numéro entrée ou batiment"
STREET = ("Numéro de voie", "Extension de voie", "Code voie", "Libelle de la voie")
IGNORED = (
    "ITOU", "Numéro de COT/CPOM", "Identifiant EA2 Signataire", "Siret Signataire",
    "Dénomination / raison sociale Signataire", "Courriel du contact étab signataire",
    "Identifiant EA2 Etablissement",
)  # fmt: skip
KINDS = {
    "entreprise adaptee": "EA",
    "entreprise adaptee travail temporaire": "EATT",
    "entreprise adaptee de travail temporaire": "EATT",
}
PRISON = re.compile(r"entreprise adaptee en (milieu|etablissement) penitentiaire")
FRAME = Frame(
    opens=re.compile(r"L\|ASP\|EA\|"),
    closes=re.compile(r"Z\|ASP\|EA\|"),
    required=(KIND, SIRET, NAME, POSTCODE, CODE_INSEE),
    known=re.compile(
        "|".join(
            re.escape(n)
            for n in (KIND, SIRET, NAME, POSTCODE, CODE_INSEE, BUILDING, *STREET, *IGNORED)
        )
    ),
    what="le fichier EA2_ITOU.txt de l'ASP",
)


def is_ea2(first_line: bytes) -> bool:
    """Whether a file that begins so is the ASP's."""
    return bool(FRAME.opens.match(first_line[:100].decode("latin-1")))


def read_ea2(path: Path) -> Iterator[Row[StructureRecord]]:
    """The EA and EATT of the file, once for each kind and SIRET; streamed. A file without rows is
    right. Raises UnreadableFile as `read_framed` does."""
    return read_rows(read_framed(path, FRAME), transform, repeats=None)


def transform(cells: Cells, warnings: Warnings) -> StructureRecord:
    """One establishment. Raises SkipRow for work in prison, InvalidRow."""
    kind = read_kind(cells[KIND], KIND)
    siret = read_siret(cells[SIRET], SIRET, warnings)
    name = read_text(cells[NAME], NAME, 255, warnings)
    if not name:
        raise InvalidRow(NAME, "vide", "Le nom de l'établissement manque.")
    street = " ".join(part for c in STREET if (part := clean(cells.get(c, ""))))
    place = read_coded_place(
        warnings,
        address=street or cells.get(BUILDING, ""),
        postcode=cells[POSTCODE],
        code_insee=cells[CODE_INSEE],
    )
    return StructureRecord(
        source_key=f"{siret}-{kind}",
        name=name,
        statuses=(StatusRecord(kind),),
        siret=siret,
        address=place.address,
        postcode=place.postcode,
        city=place.city,
        code_insee=place.code_insee,
        departement=place.departement,
        lat=place.lat,
        lon=place.lon,
        geo_precision=place.precision,
        extra={"origin": "ASP EA2"},
    )


def read_kind(value: str, field: str) -> str:
    """EA or EATT of their full names or codes. Raises SkipRow for work in prison, InvalidRow."""
    key = header_key(value)
    if PRISON.match(key):
        raise SkipRow
    kind = key.upper() if key in ("ea", "eatt") else KINDS.get(key)
    if not kind:
        message = f"Le type {shown(value)} n'est ni « Entreprise adaptée » ni sa variante de "
        raise InvalidRow(field, "type", f"{message}travail temporaire.")
    return kind
