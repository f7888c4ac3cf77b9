"""The ASP's « fluxIAE »: structures in one file, their kinds and validity in another.

The address is that of management (`adresse_gestion`), where the structure works; `admin` is its
legal seat. The SIRET signed in the convention and today's differ after a move.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from annuaire.structures.records import StatusRecord, StructureRecord
from importers.files.contacts import read_phone
from importers.files.fields import Warnings, clean, read_naf, read_siret, read_text, shown
from importers.files.framed import Frame, read_framed
from importers.files.lines import iter_lines
from importers.files.tables import Cells
from importers.places import Place, read_coded_place
from importers.rows import InvalidRow, Row, Warned
from importers.sources.siae.annexes import ANNEXES, CLOSES, Conventions, Held, read_annexes

_ADDRESS = (
    "numero_apt|entree|numero|cplt_num_voie|type_voie|nom_voie|cplt_adresse|cp|commune"
    "|code_insee|telephone"
)
STRUCTURES = Frame(
    opens=re.compile(r"DEBStructure"),
    closes=CLOSES,
    required=(
        "structure_id_siae", "structure_siret_signature", "structure_siret_actualise",
        "structure_denomination", "structure_adresse_gestion_cp",
        "structure_adresse_gestion_commune", "structure_adresse_gestion_code_insee",
    ),
    known=re.compile(
        rf"structure_(adresse_(admin|gestion)_({_ADDRESS})|id_siae|siret_(signature|actualise)"
        r"|date_(creation|modification)|denomination|categorie_juridique_(id|code)|code_naf"
        r"|idcc_(id|code)|(identifiant|adresse_(mail|nom|prenom))_corresp_technique)"
    ),
    what="le fichier « Structure » du flux IAE de l'ASP",
)  # fmt: skip
_STREET = ("numero", "cplt_num_voie", "type_voie", "nom_voie")
_GESTION, _ADMIN = "structure_adresse_gestion_", "structure_adresse_admin_"


def is_flux(path: Path) -> bool:
    """Whether the file is one of the pair, by its first line. Raises UnreadableFile."""
    return _begins(path, STRUCTURES.opens) or _begins(path, ANNEXES.opens)


def read_pair(structure_path: Path, annexes_path: Path, on: date) -> Iterator[Row[StructureRecord]]:
    """The structures conventioned on a day, one record for each kind that they hold; streamed.

    The two files may come in either order. A structure without an annex in force gives a row
    without record, so that its absence ends it. Raises UnreadableFile as `read_framed` does.
    """
    if _begins(structure_path, ANNEXES.opens) and _begins(annexes_path, STRUCTURES.opens):
        structure_path, annexes_path = annexes_path, structure_path
    conventions = Conventions()
    for complaint in read_annexes(annexes_path, conventions):
        yield Row(complaint.number, warnings=complaint.warnings, refusal=complaint.refusal)
    seen: dict[str, int] = {}
    for row in read_framed(structure_path, STRUCTURES):
        warnings = list(row.warnings)
        if row.record is None:
            yield Row(row.number, warnings=row.warnings, refusal=row.refusal)
            continue
        held = conventions.in_force(row.record["structure_id_siae"].strip(), on)
        try:
            records = transform(row.record, held, warnings) if held else []
        except InvalidRow as refusal:
            yield Row(row.number, warnings=tuple(warnings), refusal=refusal)
        else:
            yield from _rows(row.number, records, warnings, seen)


def _rows(
    number: int, records: list[StructureRecord], warnings: Warnings, seen: dict[str, int]
) -> Iterator[Row[StructureRecord]]:
    """A row for each kind; the second structure of the same SIRET and kind is passed over."""
    if not records:
        yield Row(number, warnings=tuple(warnings))
    for record in records:
        first = seen.setdefault(record.source_key, number)
        if first == number:
            yield Row(number, record, tuple(warnings))
        else:
            message = f"Le SIRET {record.siret} figure déjà à la ligne {first} avec le même type."
            name = "structure_siret_actualise"
            yield Row(number, warnings=(*warnings, Warned(name, "doublon", message)))
        warnings = []


def transform(cells: Cells, held: dict[str, Held], warnings: Warnings) -> list[StructureRecord]:
    """A structure as one record for each kind held. Raises InvalidRow."""
    signed, current = cells["structure_siret_signature"], cells["structure_siret_actualise"]
    siret = read_siret(
        current if current.strip() else signed, "structure_siret_actualise", warnings
    )
    name = read_text(cells["structure_denomination"], "structure_denomination", 255, warnings)
    if not name:
        raise InvalidRow("structure_denomination", "vide", "Le nom de la structure manque.")
    place = _read_place(cells, warnings)
    phone = cells.get(f"{_GESTION}telephone", "").strip()
    base = StructureRecord(
        source_key=siret,
        name=name,
        statuses=(),
        siret=siret,
        address=place.address,
        postcode=place.postcode,
        city=place.city,
        code_insee=place.code_insee,
        departement=place.departement,
        lat=place.lat,
        lon=place.lon,
        geo_precision=place.precision,
        naf=read_naf(cells.get("structure_code_naf", ""), "structure_code_naf", warnings),
        phone=read_phone(
            phone or cells.get(f"{_ADMIN}telephone", ""), "structure_telephone", warnings
        ),
        extra=_read_extra(cells, siret, warnings),
    )
    return [
        replace(
            base,
            source_key=f"{siret}-{kind}",
            statuses=(StatusRecord(kind, *one.validity),),
            extra=base.extra | {"annexe": one.number},
        )
        for kind, one in held.items()
    ]


def _read_extra(cells: Cells, siret: str, warnings: Warnings) -> dict[str, str]:
    """The ASP's number, the legal category, and the SIRET signed when it is no longer today's."""
    extra = {"origin": "ASP", "asp_id": cells["structure_id_siae"].strip()[:20]}
    if category := cells.get("structure_categorie_juridique_code", "").strip()[:10]:
        extra["categorie_juridique"] = category
    signed = re.sub(r"\s", "", cells["structure_siret_signature"])[:20]
    if signed and signed != siret:
        extra["siret_signature"] = signed
        if signed[:9] != siret[:9]:
            message = f"Le SIRET signé {shown(signed)} et l'actuel {siret} n'ont pas le même SIREN."
            warnings.append(Warned("structure_siret_signature", "siren", message))
    return extra


def _read_place(cells: Cells, warnings: Warnings) -> Place:
    """The place of management; the legal seat's when that has neither postcode nor commune."""
    told = any(cells[_GESTION + part].strip() for part in ("cp", "commune", "code_insee"))
    begin = _GESTION if told else _ADMIN
    parts = {
        part: clean(cells.get(begin + part, ""))
        for part in (*_STREET, "cplt_adresse", "cp", "commune", "code_insee")
    }
    street = " ".join(parts[part] for part in _STREET if parts[part])
    return read_coded_place(
        warnings,
        address=street or parts["cplt_adresse"],
        postcode=parts["cp"],
        city=parts["commune"],
        code_insee=parts["code_insee"],
    )


def _begins(path: Path, pattern: re.Pattern[str]) -> bool:
    lines = iter_lines(path)
    first = next((line.data for line in lines if line.data.strip()), b"")
    lines.close()
    return bool(pattern.match(first[:200].decode("latin-1")))
