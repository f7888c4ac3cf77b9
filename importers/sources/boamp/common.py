"""What every form of a BOAMP notice shares: its number, its address, places, lots in titles."""

import re
from dataclasses import replace
from datetime import date
from functools import lru_cache
from urllib.parse import quote

from annuaire.contracts.records import BuyerRecord
from annuaire.geo.gazetteer import departement_of_postcode, normalise_departement
from importers.files.fields import Warnings, read_date, shown
from importers.files.text import plain, tidy
from importers.rows import InvalidRow, Warned
from importers.sources.boamp.tree import YEARS

TITLE_LIMIT = 1000
NAME_LIMIT = 300
NO_BUYER = "Acheteur non précisé"
FAMILIES = ("joue", "fns", "mapa", "dsp", "divers")
ABROAD = "99"  # how the BOAMP writes a place outside France

_IDWEB = re.compile(r"^\d{2}-\d{1,8}$", re.ASCII)
#: What the BOAMP adds to the title that a notice has in common with the call that it follows.
_ADDED = re.compile(r"\s*\((?:rectificatif|annulation)(?: ?(?:n°)? ?\d)?\)\s*$", re.IGNORECASE)
_CORSICA = {"20A": "2A", "20B": "2B"}


def read_idweb(value: str) -> str:
    """The notice's number, `26-91551`. Raises InvalidRow on anything else."""
    idweb = value.strip().replace("_", "-")
    if not _IDWEB.match(idweb):
        raise InvalidRow(
            "idweb", "idweb", f"Le numéro d'avis {shown(value)} n'a pas la forme 26-91551."
        )
    return idweb


def notice_url(idweb: str) -> str:
    """The notice's page on boamp.fr."""
    return "https://www.boamp.fr/pages/avis/?q=idweb:" + quote(f'"{idweb}"')


@lru_cache(maxsize=4096)
def departement(text: str) -> str | None:
    """The code of a département as the BOAMP writes it: `3`, `059`, `20A`; None when unknown."""
    text = text.strip().upper()
    return normalise_departement(_CORSICA.get(text, text))


def read_departements(values: list[str], field: str, warnings: Warnings) -> tuple[str, ...]:
    """The départements of a notice, each once, in order; `99` (abroad) is left out."""
    codes: dict[str, None] = {}
    for value in values:
        if code := departement(value):
            codes[code] = None
        elif value.strip() not in ("", ABROAD):
            warnings.append(
                Warned(field, "departement", f"Le département {shown(value)} est inconnu, ignoré.")
            )
    return tuple(codes)


@lru_cache(maxsize=16384)
def departement_of(postcode: str | None, city: str | None) -> str | None:
    """The département of a buyer's postcode, CEDEX included."""
    return departement_of_postcode(postcode, city) if postcode else None


def placed(buyer: BuyerRecord | None, name: str, departement: str | None = None) -> BuyerRecord:
    """The buyer with its postcode checked and its département; one of that name if None."""
    buyer = buyer or BuyerRecord(name)
    postcode = read_postcode(buyer.postcode or "")
    found = departement_of(postcode, buyer.city) or departement
    return replace(buyer, postcode=postcode, departement=found)


def read_postcode(value: str) -> str | None:
    """Five digits, written with blanks or not; None otherwise."""
    postcode = value.replace(" ", "").strip()
    good = len(postcode) == 5 and postcode.isascii() and postcode.isdigit()
    return postcode if good else None


def title_of(value: str, field: str, warnings: Warnings) -> str:
    """The notice's title, without the BOAMP's own « (rectificatif) », cut with a warning when too
    long. Raises InvalidRow without one."""
    said = plain(value[: 4 * TITLE_LIMIT])
    title = _ADDED.sub("", said) or said
    if len(title) > TITLE_LIMIT:
        message = f"L'objet {shown(title)} dépasse {TITLE_LIMIT} caractères, il est coupé."
        warnings.append(Warned(field, "trop_long", message))
        title = title[:TITLE_LIMIT].rstrip()
    if not title:
        raise InvalidRow(field, "vide", "L'objet de l'avis manque.")
    return title


def read_day(value: str, field: str, warnings: Warnings) -> date | None:
    """A day, ISO or French; one of a year in which no notice speaks (0202) is dropped, warned."""
    day = read_date(value, field, warnings)
    if day is None or day.year in YEARS:
        return day
    warnings.append(Warned(field, "date", f"La date {shown(value)} est impossible, ignorée."))
    return None


def is_idweb(value: str) -> bool:
    """Whether this is a notice's number."""
    return bool(_IDWEB.match(value))


def label(value: str) -> str:
    """A short label, tidied."""
    return tidy(value[:600])[:200]
