"""Values of the essential data as their publishers write them: lists in lists, « NC », « nan »."""

import math
import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Any

from annuaire.contracts.records import ABSURD_EUR
from importers.files.fields import Warnings, shown
from importers.files.text import plain
from importers.rows import InvalidRow, Warned

EARLIEST = date(2000, 1, 1)  # older than any contract that still had to be published
MAX_VALUES = 10_000  # values under one key; more is no contract
MAX_MONTHS = 1_200  # the longest concessions last 99 years
TEXT_LIMIT = 300
KEY_LIMIT = 100
SHORT = 60  # characters

_SIGNS = re.compile(r"[^0-9A-Za-z]+")

_NOTHING = frozenset({"", "nan", "none", "null", "nc", "n/a", "na", "inx", "sans objet"})


def flat(node: Any) -> Iterator[Any]:
    """What lists within lists hold, in order; a single value is a list of one."""
    waiting, given = [node], 0
    while waiting and given < MAX_VALUES:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += reversed(value[:MAX_VALUES])
        elif value is not None:
            given += 1
            yield value


def within(node: Any, *keys: str) -> Iterator[Any]:
    """The values of `node`, out of the envelopes that some forms put around each:
    {"titulaire": {…}} gives {…}."""
    for value in flat(node):
        inner = next((value[k] for k in keys if k in value), None) if _is_map(value) else None
        yield from (value,) if inner is None else flat(inner)


def _is_map(value: Any) -> bool:
    return isinstance(value, dict)


def text(value: Any, limit: int = TEXT_LIMIT) -> str:
    """A text on one line, "" for what only says that there is none."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    written = str(value)
    if len(written) <= SHORT:
        return _short(written)[:limit].rstrip()
    return plain(written[: limit * 2])[:limit].rstrip()


@lru_cache(maxsize=20_000)
def _short(written: str) -> str:
    """A short text tidied: the same ones come by thousands."""
    tidied = plain(written)
    return "" if tidied.casefold() in _NOTHING else tidied


def words(node: Any) -> list[str]:
    """The texts of a field of several values: a list under its own key, a list, or one text where
    they are parted by « , » or « ; » (tabular copies)."""
    found: dict[str, None] = {}
    for value in flat(node):
        for leaf in flat(list(value.values()) if isinstance(value, dict) else value):
            for part in text(leaf).replace(";", ",").split(","):
                if word := text(part):
                    found[word] = None
    return list(found)


def number(value: Any) -> float | None:
    """A finite number, written with a point or a comma; None when it is none."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    written = str(value).replace("\u202f", "").replace("\xa0", "").replace(" ", "")
    try:
        read = float(written.removesuffix("€").replace(",", ".")) if len(written) < 320 else None
    except ValueError:
        return None
    return read if read is not None and math.isfinite(read) else None


def amount(value: Any, field: str, warnings: Warnings) -> float | None:
    """An amount in € HT; one that cannot be is kept, and said; a negative one is ignored."""
    read = number(value)
    if read is not None and read >= ABSURD_EUR:
        message = f"Le montant de {read:.0f} € est invraisemblable, il est gardé tel quel."
        warnings.append(Warned(field, "montant", message[:200]))
    if read is not None and read < 0:
        message = f"Le montant {shown(str(read))} est négatif, il est ignoré."
        warnings.append(Warned(field, "montant", message))
        return None
    return read or None


def contract_number(written: Any) -> str:
    """A contract's number at its buyer, without the dots, blanks and dashes that some copies write
    and others do not."""
    return _SIGNS.sub("_", text(written, KEY_LIMIT)).strip("_")


def months(value: Any, field: str, warnings: Warnings) -> int | None:
    """A duration in months."""
    read = number(value)
    if read is None or read == 0:
        return None
    if not 0 < read <= MAX_MONTHS:
        message = f"La durée de {shown(str(value))} mois est invraisemblable, elle est ignorée."
        warnings.append(Warned(field, "duree", message))
        return None
    return math.ceil(read)


def yes(value: Any) -> bool:
    """Whether a field says yes: true, « oui », 1."""
    return str(value).strip().casefold() in ("true", "oui", "1")


def day(value: Any, today: date) -> date | None:
    """The day of a date that can be: neither before 2000 nor after `today`; None else."""
    try:
        read = date.fromisoformat(str(value).strip()[:10])
    except ValueError:
        return None
    return read if EARLIEST <= read <= today else None


def needed_day(value: Any, field: str, today: date) -> date:
    """The same for a date that a contract cannot do without. Raises InvalidRow."""
    read = day(value, today)
    if read is None:
        said = f"La date {shown(str(value))} est impossible" if text(value) else "La date manque"
        raise InvalidRow(field, "date", f"{said} ; AAAA-MM-JJ est attendu, entre 2000 et ce jour.")
    return read
