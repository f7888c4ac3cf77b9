"""Reads the Treasury's list, workbook or CSV: one row is one agreement of one company.

Regions fill the list by hand: the SIREN column is found by its name, dates are free text, a
renewed agreement comes again. The agreement is the company's (SIREN), not an establishment's. A
company that is solidary by right (L3332-17-1 II) is not in this list.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from stdnum.fr import siren as siren_number

from annuaire.structures.records import StatusRecord, StructureRecord
from importers.files.fields import Warnings, clean, read_naf, read_text, read_website, shown
from importers.files.listings import Layout, read_listing
from importers.files.periods import Period, last_run
from importers.files.tables import Cells
from importers.places import read_coded_place
from importers.rows import InvalidRow, Row, Warned
from importers.sources.esus.validity import Agreement, read_agreement

LAYOUT = Layout(
    names={
        "siren": ("siren", "numero siren", "n siren", "no siren", "numero de siren", "num siren",
                  "siren*", "numero siren*", "n siren*", "siret", "numero siret", "n siret",
                  "siret*"),
        "name": ("denomination", "raison sociale", "denomination sociale",
                 "denominationunitelegale", "nom de l entreprise", "nom de la structure",
                 "nom de l organisme", "nom", "entreprise", "structure", "denomination*",
                 "raison sociale*"),
        "legal_form": ("forme juridique", "statut juridique", "forme", "forme juridique*"),
        "address": ("adresse", "adresse du siege", "adresse du siege social", "adresse*"),
        "postcode": ("code postal", "cp", "code postal*"),
        "city": ("commune", "ville", "localite", "commune*", "ville*"),
        "departement": ("departement", "dept", "dep", "code departement", "departement*"),
        "renewal": ("date de renouvellement", "renouvellement", "date de renouvellement*"),
        "end": ("date de fin", "date de fin d agrement", "date de fin de l agrement",
                "date de fin de validite", "fin de validite", "fin d agrement", "echeance",
                "date d echeance", "date d expiration", "valable jusqu au", "date de fin*",
                "echeance*", "fin de validite*"),
        "start": ("date d agrement", "date de l agrement", "date agrement", "date de decision",
                  "date de la decision", "date de debut", "date de debut d agrement",
                  "debut de validite", "date d obtention", "date de delivrance", "date d effet",
                  "date d attribution", "date d agrement*", "date de decision*",
                  "date de debut*", "date d obtention*", "agrement*"),
        "duration": ("duree", "duree d agrement", "duree de l agrement", "duree de validite",
                     "validite", "duree*"),
        "created": ("date de creation", "date de creation de l entreprise",
                    "date d immatriculation", "date de creation*"),
        "naf": ("code naf", "naf", "code ape", "ape"),
        "website": ("site internet", "site web", "site"),
        "activity": ("activite", "secteur d activite", "activite principale", "secteur",
                     "objet social", "activite*", "secteur*"),
    },
    required=("siren",),
    ignored=frozenset({"region", "nouvelle region", "annee", "observations", "commentaires"}),
)  # fmt: skip

_SCIENTIFIC = re.compile(r"\d+([.,]\d+)?e\+?\d+", re.IGNORECASE | re.ASCII)


@dataclass(slots=True)
class _Held:
    """What a first reading notes of a SIREN: its dated agreements, and the row of the latest."""

    periods: list[Period] = field(default_factory=list)
    rank: tuple[date, date, int] = (date.min, date.min, 0)

    def note(self, one: Agreement, row: int) -> None:
        if one.first and one.last:
            self.periods.append((one.first, one.last))
        self.rank = max(self.rank, (one.last or date.min, one.first or date.min, row))


def read(path: Path) -> Iterator[Row[StructureRecord]]:
    """The companies of the list, each once, by the row of its latest agreement; streamed.

    The file is read twice: first to know which row of a SIREN is the latest, so that no record is
    held. Its validity begins with the first of the agreements that follow one another without a
    gap. Raises UnreadableFile as `read_listing` does.
    """
    held = _read_agreements(path)
    for row in read_listing(path, LAYOUT):
        warnings = list(row.warnings)
        if row.record is None:
            yield Row(row.number, warnings=row.warnings, refusal=row.refusal)
            continue
        try:
            record = transform(row.record, warnings)
        except InvalidRow as refusal:
            yield Row(row.number, warnings=tuple(warnings), refusal=refusal)
            continue
        of_siren = held[record.source_key]
        if of_siren.rank[2] == row.number:
            yield Row(row.number, _whole(record, of_siren.periods), tuple(warnings))
        else:
            yield Row(row.number, warnings=row.warnings)


def transform(cells: Cells, warnings: Warnings) -> StructureRecord:
    """One agreement as a record of its company. Raises InvalidRow without a SIREN."""
    siren = read_siren(cells["siren"], warnings)
    agreement = _read_agreement(cells, warnings)
    activity = clean(cells["activity"])[:200]
    record = StructureRecord(
        source_key=siren,
        siren=siren,
        name=read_text(cells["name"], "dénomination", 255, warnings) or f"SIREN {siren}",
        statuses=(StatusRecord("ESUS", agreement.first, agreement.last),),
        legal_form=read_text(cells["legal_form"], "forme juridique", 100, warnings),
        naf=read_naf(cells["naf"], "naf", warnings),
        website=read_website(cells["website"], "site", warnings),
        declared_activities=(activity,) if activity else (),
        extra={"origin": "DG Trésor"},
    )
    parts = {name: cells[name] for name in ("address", "postcode", "city", "departement")}
    if not any(part.strip() for part in parts.values()):
        return record
    try:
        place = read_coded_place(warnings, **parts)
    except InvalidRow as unknown:  # the SIREN is enough
        warnings.append(Warned(unknown.field, unknown.code, unknown.message))
        return record
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


def read_siren(value: str, warnings: Warnings) -> str:
    """A SIREN of 9 digits: cut from a SIRET, its zeros put back when the key then is right.

    A wrong key alone is a warning. Raises InvalidRow.
    """
    text = value.strip()
    if _SCIENTIFIC.fullmatch(text):
        message = f"Le SIREN {shown(value)} a été arrondi par un tableur ; mettez-le en texte."
        raise InvalidRow("siren", "siren_tableur", message)
    digits = re.sub(r"[\s.\-\u200b\ufeff]", "", text)
    if not (digits.isascii() and digits.isdigit()) or not digits.strip("0"):
        raise InvalidRow("siren", "siren", f"Le SIREN {shown(value)} n'est pas un numéro.")
    siren = digits[:9] if len(digits) in (9, 14) else ""
    if not siren and len(digits) in (7, 8, 12, 13):  # a table drops zeros on the left
        padded = digits.zfill(9 if len(digits) < 9 else 14)[:9]
        siren = padded if siren_number.is_valid(padded) else ""
    if not siren:
        raise InvalidRow("siren", "siren", f"Le SIREN {shown(value)} n'a pas 9 chiffres.")
    if len(digits) > 9:
        message = f"Un SIRET est donné au lieu d'un SIREN, {siren} est gardé."
        warnings.append(Warned("siren", "siren_coupe", message))
    elif len(digits) < 9:
        message = f"Le SIREN {shown(value)} a perdu ses zéros, il est lu {siren}."
        warnings.append(Warned("siren", "siren_zeros", message))
    if not siren_number.is_valid(siren):
        message = f"La clé de contrôle du SIREN {siren} est fausse ; vérifiez-le."
        warnings.append(Warned("siren", "siren_cle", message))
    return siren


def _read_agreement(cells: Cells, warnings: Warnings) -> Agreement:
    parts = ("start", "renewal", "end", "duration", "created")
    start, renewal, end, duration, created = (cells[name] for name in parts)
    return read_agreement(start, renewal, end, duration, created, warnings)


def _read_agreements(path: Path) -> dict[str, _Held]:
    """What is held, by SIREN. Raises UnreadableFile: of a cut list nothing is used, as what is
    missing may be a renewal."""
    held: dict[str, _Held] = defaultdict(_Held)
    for row in read_listing(path, LAYOUT):
        if row.record is not None:
            try:
                siren = read_siren(row.record["siren"], [])
            except InvalidRow:
                continue
            held[siren].note(_read_agreement(row.record, []), row.number)
    return held


def _whole(record: StructureRecord, periods: list[Period]) -> StructureRecord:
    """The record with the validity of all its agreements, when its latest is fully dated."""
    (status,) = record.statuses
    run = last_run(periods) if status.valid_from and status.valid_to else None
    return replace(record, statuses=(StatusRecord("ESUS", *run),)) if run else record
