"""The cells of a purchase plan as values, or the reason why one is refused; pure."""

import re
from collections.abc import Callable
from datetime import date
from typing import Final

from annuaire.law.routes import NATURES
from annuaire.words import fold

MAX_OBJECT: Final = 2_000  # characters
MAX_AMOUNT_EUR: Final = 1e10
YEARS: Final = (2000, 2100)
MONTHS: Final = (
    "janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre",
    "octobre", "novembre", "decembre",
)  # fmt: skip

_MONEY = re.compile(r"[€¤]|\b(?:euros?|eur|ht|h\.t\.)\b", re.IGNORECASE)
_TOTAL = re.compile(r"(?:sous[- ]?)?total(?:\s|$|:|\s+g[ée]n[ée]ral)", re.IGNORECASE)
_FRENCH = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[ T].*)?")
_MONTH = re.compile(r"(\d{1,2})[/-](\d{4})")
_QUARTER = re.compile(r"(?:t\s?|(?=\d\s?(?:er|e|eme)?\s?trim))([1-4])\s?(?:er|e|eme)?[^\d]*(\d{4})")
_YEAR = re.compile(r"(\d{4})(?:\.0)?")


class RefusedCellError(ValueError):
    """A cell cannot be used; the message says why and what to write, in French."""


def objet(text: str) -> str:
    """What is bought. Raises RefusedCellError when nothing is said, or when it is a total."""
    kept = " ".join(text.split())
    if sum(c.isalpha() for c in kept) < 2:
        raise RefusedCellError("L'objet manque : dites en quelques mots ce qui est acheté.")
    if _TOTAL.match(kept):
        raise RefusedCellError("C'est une ligne de total : elle n'est pas un achat.")
    return kept[:MAX_OBJECT]


def montant(text: str) -> float:
    """€ HT: « 25 000,50 € HT », « 25k€ », « 1.234.567,00 ». Raises RefusedCellError."""
    shown = text.strip()[:30]
    if "ttc" in text.lower():
        raise RefusedCellError(f"« {shown} » est un montant TTC : écrivez-le hors taxes.")
    plain = re.sub(r"\s", "", _MONEY.sub("", text)).lower()
    times = 1.0
    if plain.endswith(("k", "m")):
        times = 1_000.0 if plain.endswith("k") else 1_000_000.0
        plain = plain[:-1]
    plain = _decimal(plain)
    if not re.fullmatch(r"-?\d{1,30}(?:\.\d+)?", plain, re.ASCII):
        raise RefusedCellError(
            f"« {shown} » n'est pas un montant : écrivez un nombre d'euros HT, par exemple 25 000."
        )
    amount = float(plain) * times
    if not 0 < amount <= MAX_AMOUNT_EUR:
        raise RefusedCellError(
            f"« {shown} » : un montant est positif, et de dix milliards d'euros au plus."
        )
    return amount


def _decimal(plain: str) -> str:
    """One point for the decimals, and no mark between thousands."""
    if "," in plain and "." in plain:
        thousands = "," if plain.rfind(".") > plain.rfind(",") else "."
        plain = plain.replace(thousands, "")
    elif plain.count(".") > 1 or re.fullmatch(r"-?\d{1,3}\.\d{3}", plain):
        plain = plain.replace(".", "")
    elif plain.count(",") > 1:
        plain = plain.replace(",", "")
    return plain.replace(",", ".")


def jour(text: str) -> date:
    """A day, or the first day of a month, of a quarter, of a year; « 15/05/26 » is of this
    century. Raises RefusedCellError."""
    said = fold(text)
    for pattern, read in _DATES:
        if found := pattern.fullmatch(said):
            try:
                day = read(*map(int, found.groups()))
            except ValueError:
                break
            if YEARS[0] <= day.year < YEARS[1]:
                return day
            raise RefusedCellError(
                f"« {text.strip()[:30]} » : l'année est entre {YEARS[0]} et {YEARS[1] - 1}."
            )
    else:
        words = said.split()
        if len(words) == 2 and words[0] in MONTHS and words[1].isdigit() and len(words[1]) == 4:
            return date(int(words[1]), MONTHS.index(words[0]) + 1, 1)
    raise RefusedCellError(
        f"« {text.strip()[:30]} » n'est pas une date : écrivez jour/mois/année, un mois (06/2026), "
        "un trimestre (T2 2026) ou une année."
    )


_DATES: Final[tuple[tuple[re.Pattern[str], Callable[..., date]], ...]] = (
    (_ISO, lambda y, m, d: date(y, m, d)),
    (_FRENCH, lambda d, m, y: date(y if y > 99 else 2000 + y, m, d)),
    (_MONTH, lambda m, y: date(y, m, 1)),
    (_QUARTER, lambda q, y: date(y, 3 * q - 2, 1)),
    (_YEAR, lambda y: date(y, 1, 1)),
)


def nature(text: str) -> str:
    """« travaux », « services » or « fournitures », however it is abridged; « prestations
    intellectuelles » are services, and « prestations de travaux » are not. Raises
    RefusedCellError."""
    said = fold(text)
    if said.startswith("prestation"):
        return next((name for name in NATURES if name[:-1] in said), "services")
    for name in NATURES:
        if said and (said.startswith(name[:4]) or name.startswith(said.rstrip("."))):
            return name
    raise RefusedCellError(
        f"« {text.strip()[:30]} » n'est pas une nature : écrivez travaux, services ou fournitures."
    )


def mois(text: str) -> float:
    """A duration in months: « 24 », « 24 mois », « 2 ans ». Raises RefusedCellError."""
    found = re.fullmatch(r"(\d{1,3})(?:[.,]0)?\s*(mois|ans?|annees?)?", fold(text))
    months = int(found[1]) * (12 if (found[2] or "m")[0] == "a" else 1) if found else 0
    if not 0 < months <= 240:
        raise RefusedCellError(
            f"« {text.strip()[:30]} » n'est pas une durée : écrivez un nombre de mois."
        )
    return float(months)


#: Clause type by what a plan writes of a reservation.
RESERVED: Final = {
    "insertion": "reserved_siae", "siae": "reserved_siae", "l2113-13": "reserved_siae",
    "handicap": "reserved_handicap", "esat": "reserved_handicap", "ea": "reserved_handicap",
    "l2113-12": "reserved_handicap", "ess": "reserved_ess", "l2113-15": "reserved_ess",
    "oui": "reserved_unspecified", "reserve": "reserved_unspecified",
    "l2113-14": "reserved_unspecified",
}  # fmt: skip


def reserve(text: str) -> str | None:
    """The clause type of a reservation, None for « non ». Raises RefusedCellError."""
    said = fold(text)
    if said in {"non", "aucun", "aucune", "-", "0"}:
        return None
    for word in re.findall(r"[a-z]\d{4}-\d\d?|[a-z]+", said):
        if word in RESERVED:
            return RESERVED[word]
    raise RefusedCellError(
        f"« {text.strip()[:30]} » ne dit pas à qui l'achat est réservé : écrivez insertion, "
        "handicap, ess ou non."
    )
