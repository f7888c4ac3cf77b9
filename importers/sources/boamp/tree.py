"""Walking JSON made from XML, where one child is an object, several are a list, none is absent.

Nothing raises: what is not there, or not of the kind expected, is None or empty.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from annuaire.geo.zones import PARIS
from importers.files.text import plain, plain_lines

YEARS = range(1980, 2100)  # in which notices speak: « 0202 » is a slip
DEPTH = 60  # deeper than any notice; stops a hostile nesting

_AMOUNT = re.compile(r"^\d{1,18}(?:[.,]\d+)?$")  # absurd ones are kept, and marked later
_CPV = re.compile(r"^(\d{8})(?:-\d)?$")
_TIME = re.compile(r"^\d{2}:\d{2}(?::\d{2})?(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})?")


def every(node: Any, *path: str) -> list[Any]:
    """All the nodes at a path of keys, through objects and lists, in document order."""
    found = _flat(node)
    for key in path:
        found = [
            child
            for parent in found
            if isinstance(parent, Mapping)
            for child in _flat(parent.get(key))
        ]
    return found


def first(node: Any, *path: str) -> Any:
    """The first node at a path, or None."""
    return next(iter(every(node, *path)), None)


def _flat(node: Any) -> list[Any]:
    if isinstance(node, list):
        return [item for item in node if item is not None and not isinstance(item, list)]
    return [] if node is None else [node]


def raw(node: Any) -> str:
    """The text of a leaf: a string, a number, or what an object with attributes holds.

    That is its `#text`, or its `value` in the former API.
    """
    if isinstance(node, Mapping):
        node = node.get("#text", node.get("value"))
    if isinstance(node, bool) or not isinstance(node, str | int | float):
        return ""
    return str(node)


def text(node: Any, *path: str, limit: int = 1000) -> str | None:
    """The first non-empty text at a path, on one line."""
    return _text(plain, node, path, limit)


def lines(node: Any, *path: str, limit: int = 50_000) -> str | None:
    """The first non-empty text at a path, its lines kept."""
    return _text(plain_lines, node, path, limit)


def _text(read: Callable[[str], str], node: Any, path: tuple[str, ...], limit: int) -> str | None:
    texts = (read(raw(leaf)[: limit * 2])[:limit].rstrip() for leaf in every(node, *path))
    return next((t for t in texts if t), None)


def amount(node: Any, *path: str) -> float | None:
    """A positive amount in euros; None when absent, illegible or in another currency."""
    for leaf in every(node, *path):
        attributes = leaf if isinstance(leaf, Mapping) else {}
        named = (attributes.get(k) for k in ("@currencyID", "@DEVISE", "@devise", "devise"))
        currency = next((c for c in named if c), "EUR")
        value = re.sub(r"\s", "", raw(leaf)).removesuffix("€")
        if currency == "EUR" and _AMOUNT.match(value):
            return float(value.replace(",", ".")) or None
    return None


def cpv(node: Any, *path: str) -> str | None:
    """The first CPV code at a path, its eight digits."""
    codes = (_CPV.match(raw(leaf).strip()) for leaf in every(node, *path))
    return next((match[1] for match in codes if match), None)


def moment(value: Any, time: Any = None) -> datetime | None:
    """A date and its time, aware: an offset as written, else Europe/Paris; 23:59 without time.

    Takes ISO texts, the milliseconds of the former API, and eForms' `2026-07-01+02:00` with its
    time apart. None for one of a year in which no notice speaks (0202, 9999).
    """
    try:
        read = _moment(value, time)
        read.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return read if read.year in YEARS else None


def _moment(value: Any, time: Any) -> datetime:
    if isinstance(value, int) and not isinstance(value, bool):
        return datetime.fromtimestamp(value / 1000, PARIS)
    written = raw(value).strip()
    hour = _TIME.match(raw(time).strip())
    if len(written) <= 16 and "T" not in written:
        written = f"{written[:10]}T{hour.group() if hour else '23:59:00'}"
    read = datetime.fromisoformat(written)
    return read if read.tzinfo else read.replace(tzinfo=PARIS)


def day(value: Any) -> date | None:
    """The day of a date, in Paris when it is an instant; None as for `moment`."""
    if isinstance(value, int) and not isinstance(value, bool):
        instant = moment(value)
        return instant.date() if instant else None
    try:
        read = date.fromisoformat(raw(value).strip()[:10])
    except ValueError:
        return None
    return read if read.year in YEARS else None


def siret(node: Any, *path: str) -> str | None:
    """The first 14-digit number at a path; anything else (SIREN, names) is left out."""
    numbers = (re.sub(r"[\s.]", "", raw(leaf)) for leaf in every(node, *path))
    return next(
        (n for n in numbers if n.isascii() and n.isdigit() and len(n) == 14 and n.strip("0")), None
    )
