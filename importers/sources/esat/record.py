"""What both forms of FINESS share: one establishment as a record, identified by its number."""

import re
from dataclasses import dataclass, field
from datetime import date

from stdnum.fr import siret as siret_number

from annuaire.structures.records import StatusRecord, StructureRecord
from importers.files.contacts import read_email, read_phone
from importers.files.fields import Warnings, read_date, read_siret, read_text, shown
from importers.files.text import tidy
from importers.rows import InvalidRow, Warned
from importers.sources.esat.place import Place

KINDS = {"246": "ESAT", "247": "EA"}
_FINESS = re.compile(r"^\d[\dAB]\d{7}$", re.ASCII)
_QUOTES = re.compile(r'"{2,}')  # some releases double quotes twice
# FINESS writes 1901-01-01 or 1904-04-04 for an unknown opening, 9999-12-31 for « never ».
_FIRST_YEAR, _LAST_YEAR = 1910, 2899


@dataclass(slots=True)
class Reading:
    """What a reading looks for, and the numbers that it has met with the row of each."""

    categories: frozenset[str]
    seen: dict[str, int] = field(default_factory=dict)

    def note(self, finess: str, number: int, column: str) -> None:
        """Raises InvalidRow when the number was met: which row is right cannot be known."""
        first = self.seen.setdefault(finess, number)
        if first != number:
            raise InvalidRow(
                column,
                "doublon",
                f"Le numéro FINESS {finess} figure déjà à la ligne {first} ; "
                "gardez une seule des deux lignes.",
            )


@dataclass(frozen=True, slots=True)
class Raw:
    """The cells of one establishment as the file has them, and what its columns are called."""

    finess: str
    entity: str
    names: tuple[str, ...]
    category: str
    siret: str
    phone: str
    opened: str
    updated: str
    columns: dict[str, str]
    closed: str = ""
    naf: str | None = None
    email: str = ""
    manager: str = ""


def make_record(raw: Raw, place: Place, warnings: Warnings) -> StructureRecord:
    """The record of an establishment; without a usable SIRET it is known by its FINESS number.

    Raises InvalidRow when it has no name.
    """
    columns = raw.columns
    name = next((n for n in map(tidy, raw.names) if n), "")
    if not name:
        raise InvalidRow(columns["name"], "vide", "Le nom de l'établissement manque.")
    extra = {
        "category": raw.category,
        "finess_ej": pad_finess(raw.entity),
        "manager": tidy(raw.manager)[:255],
        "cedex": place.cedex or "",
    }
    status = StatusRecord(
        KINDS[raw.category],
        real_date(read_date(raw.opened, columns["opened"], warnings)),
        real_date(read_date(raw.closed, columns["closed"], warnings)) if raw.closed else None,
    )
    return StructureRecord(
        source_key=raw.finess,
        name=read_text(_QUOTES.sub('"', name), columns["name"], 255, warnings) or name,
        statuses=(status,),
        siret=read_siret_or_none(raw.siret, columns["siret"], warnings),
        finess=raw.finess,
        address=place.address,
        postcode=place.postcode,
        city=place.city,
        code_insee=place.code_insee,
        departement=place.departement,
        lat=place.lat,
        lon=place.lon,
        geo_precision=place.precision,
        naf=raw.naf,
        phone=read_phone(raw.phone, columns["phone"], warnings),
        email=read_email(raw.email, columns["email"], warnings) if raw.email else None,
        source_updated_on=read_date(raw.updated, columns["updated"], warnings),
        extra={key: value for key, value in extra.items() if value},
    )


def pad_finess(value: str) -> str:
    """A FINESS number in capitals, with the leading zeros that a spreadsheet takes off."""
    text = value.strip().upper()
    return text.zfill(9) if text.isdigit() and 6 <= len(text) < 9 else text


def read_finess(value: str, column: str, warnings: Warnings) -> str:
    """A FINESS number of 9 characters. Raises InvalidRow when it is none."""
    finess = pad_finess(value)
    if not _FINESS.match(finess) or finess == "0" * 9:
        raise InvalidRow(
            column,
            "finess",
            f"Le numéro FINESS {shown(value)} n'a pas 9 caractères (« 010000024 », "
            "« 2A0000014 ») ; corrigez-le.",
        )
    if len(value.strip()) < 9:
        message = f"Le numéro FINESS {shown(value)} a perdu ses zéros, il est lu {finess}."
        warnings.append(Warned(column, "finess_zeros", message))
    return finess


def read_siret_or_none(value: str, column: str, warnings: Warnings) -> str | None:
    """A SIRET, or None with a warning when it cannot be used: the row stands by its FINESS.

    13 digits are a SIRET whose first zero a spreadsheet took off, if the checksum says so.
    """
    text = value.strip()
    if not text:
        return None
    if len(text) == 13 and text.isascii() and text.isdigit() and siret_number.is_valid(f"0{text}"):
        message = f"Le SIRET {text} a perdu son premier zéro, il est lu 0{text}."
        warnings.append(Warned(column, "siret_zero", message))
        return f"0{text}"
    try:
        return read_siret(text, column, warnings)
    except InvalidRow as refusal:
        message = f"{refusal.message} La structure reste connue par son numéro FINESS."
        warnings.append(Warned(column, refusal.code, message))
        return None


def real_date(day: date | None) -> date | None:
    """The day, unless it is one of those that stand for « unknown » or « never »."""
    return day if day and _FIRST_YEAR <= day.year <= _LAST_YEAR else None
