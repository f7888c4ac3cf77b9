"""The Common Procurement Vocabulary of 2008 (Regulation (EC) 213/2008), in French."""

import re
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent / "data" / "cpv_2008_fr.tsv"
#: A code as people and programs send it; `normalise` says whether it is known.
SENT = r"^[0-9]{8}(-[0-9])?$"
_CODE = re.compile(r"(\d{8})(?:\s*-\s*(\d))?")


@cache
def _table() -> dict[str, tuple[str, str]]:
    """Check digit and label by code of eight digits."""
    table = {}
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        code, label = line.split("\t")
        table[code[:8]] = (code[9], label)
    return table


@cache
def codes() -> dict[str, str]:
    """The label of every code of eight digits, in the order of the nomenclature."""
    return {code: label for code, (_, label) in _table().items()}


def normalise(code: str | None) -> str | None:
    """The eight digits of a known code, written with or without its check digit; else None.

    A wrong check digit is refused: the eight digits before it cannot be trusted.
    """
    match = _CODE.fullmatch((code or "").strip())
    if match is None or match[1] not in _table():
        return None
    return match[1] if match[2] in (None, _table()[match[1]][0]) else None


def is_known(code: str | None) -> bool:
    """Whether this is a code of the nomenclature, its check digit right if it is given."""
    return normalise(code) is not None


def full(code: str) -> str | None:
    """The code as it is printed in notices, « 90910000-9 », or None when unknown."""
    short = normalise(code)
    return f"{short}-{_table()[short][0]}" if short else None


def label(code: str) -> str | None:
    """The French label, or None when the code is unknown."""
    short = normalise(code)
    return _table()[short][1] if short else None


def parents(code: str) -> list[str]:
    """Known codes above this one, nearest first, up to its division (two digits)."""
    short = normalise(code)
    if short is None:
        return []
    stem = short.rstrip("0")
    above = (stem[:length].ljust(8, "0") for length in range(len(stem) - 1, 1, -1))
    return [parent for parent in dict.fromkeys(above) if parent in _table() and parent != short]
