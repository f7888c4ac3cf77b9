"""Cells as directories write them, made values: SIRET, NAF, web address, number, date.

Each reader of a cell takes the column's name and a list of warnings to add to, returns the value
or None, and raises InvalidRow when the row cannot be used without it.
"""

import math
import re
import unicodedata
from datetime import date
from urllib.parse import urlsplit

from stdnum.exceptions import ValidationError
from stdnum.fr import siret as siret_number

from importers.rows import InvalidRow, Warned

Warnings = list[Warned]

_SPACES = re.compile("[\\s\x00-\x1f\x7f-\x9f\u200b\ufeff\ud800-\udfff]+")
_UNSTORABLE = re.compile("[\\x00\\ud800-\\udfff]")  # refused by PostgreSQL, and by UTF-8
_SCIENTIFIC = re.compile(r"^\d+([.,]\d+)?e\+?\d+$", re.IGNORECASE)
_NAF = re.compile(r"^(\d{2})\.?(\d{2})([A-Z])$")
_HOST = re.compile(r"^[a-z0-9-]+(\.[a-z0-9-]+)+$")


def clean(text: str) -> str:
    """The text in NFC, its blanks and control characters made single spaces, trimmed."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()


def storable(text: str) -> str:
    """The text without what no database takes; the rest of it as it is."""
    return _UNSTORABLE.sub("", text)


def shown(value: str, limit: int = 40) -> str:
    """A value between French quotes for a message, cut when long."""
    value = clean(value[: limit * 4])
    return f"« {value[:limit]}… »" if len(value) > limit else f"« {value} »"


def read_text(value: str, field: str, limit: int, warnings: Warnings) -> str | None:
    """A text of at most `limit` characters, cut with a warning; None when empty."""
    value = clean(value)
    if len(value) > limit:
        warnings.append(
            Warned(field, "trop_long", f"{shown(value)} dépasse {limit} caractères, il est coupé.")
        )
        value = value[:limit].rstrip()
    return value or None


def read_siret(value: str, field: str, warnings: Warnings) -> str:
    """A SIRET of 14 digits, kept with a warning when only its checksum is wrong.

    Directories do hold such SIRETs. All zeros is refused here: python-stdnum finds it valid.
    """
    siret = re.sub(r"[\s.]", "", value) if not _SCIENTIFIC.match(value.strip()) else ""
    if not siret and value.strip():
        raise InvalidRow(
            field,
            "siret_tableur",
            f"Le SIRET {shown(value)} a été arrondi par un tableur ; exportez cette colonne "
            "comme du texte.",
        )
    if not (siret.isascii() and siret.isdigit() and len(siret) == 14):
        raise InvalidRow(
            field, "siret", f"Le SIRET {shown(value)} n'a pas 14 chiffres ; corrigez-le."
        )
    if siret == "0" * 14:
        raise InvalidRow(
            field, "siret", "Le SIRET n'est fait que de zéros ; indiquez le véritable numéro."
        )
    try:
        siret_number.validate(siret)
    except ValidationError:
        warnings.append(
            Warned(
                field,
                "siret_cle",
                f"La clé de contrôle du SIRET {siret} est fausse ; vérifiez-le auprès de l'Insee.",
            )
        )
    return siret


def read_naf(value: str, field: str, warnings: Warnings) -> str | None:
    """A NAF rév. 2 code without its dot, `5621Z`."""
    code = clean(value).upper().replace(" ", "")
    if not code:
        return None
    if match := _NAF.match(code):
        return "".join(match.groups())
    warnings.append(
        Warned(
            field,
            "naf",
            f"Le code NAF {shown(value)} est inconnu, il est ignoré ; « 5621Z » est attendu.",
        )
    )
    return None


def read_website(value: str, field: str, warnings: Warnings) -> str | None:
    """An http or https address; a bare host gets https. Any other scheme is dropped, warned."""
    address = clean(value).replace(" ", "")
    if not address:
        return None
    if "://" not in address and not re.match(r"^[a-z]+:", address, re.IGNORECASE):
        address = f"https://{address}"
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").encode("idna").decode("ascii")
        good = parts.scheme in ("http", "https") and bool(_HOST.match(host)) and not parts.username
    except ValueError:
        good = False
    if good and len(address) <= 500 and not re.search(r"[<>\"'\\`]", address):
        return address
    warnings.append(
        Warned(
            field,
            "site",
            f"L'adresse {shown(value)} n'est pas celle d'un site web, elle est ignorée.",
        )
    )
    return None


def read_number(value: str) -> float | None:
    """A finite decimal number, with a point or a comma; None when it is none."""
    try:
        number = float(value.strip().replace(",", ".")) if len(value) < 64 else math.nan
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def read_date(value: str, field: str, warnings: Warnings) -> date | None:
    """An ISO date (its time is dropped) or a French one, 31/12/2026."""
    text = value.strip()
    if not text:
        return None
    match = re.match(r"^(\d{2})/(\d{2})/(\d{4})$", text)
    try:
        return date.fromisoformat("-".join(reversed(match.groups())) if match else text[:10])
    except ValueError:
        warnings.append(
            Warned(field, "date", f"La date {shown(value)} est illisible, elle est ignorée.")
        )
        return None
