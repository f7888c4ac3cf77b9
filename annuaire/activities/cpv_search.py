"""Finding codes of the Common Procurement Vocabulary by their beginning or by words."""

import re
from functools import cache, lru_cache
from typing import Final

from annuaire.activities import cpv
from annuaire.activities.text import stems, words

LONGEST: Final = 100  # characters read of what is typed
_CODE = re.compile(r"(\d{2,8})(?:\s*-\s*\d)?", re.ASCII)


def looks_like_code(text: str) -> bool:
    """Whether a text is a code or the beginning of one, of two digits or more."""
    return _CODE.fullmatch(text.strip()[:LONGEST]) is not None


def beginning(code: str) -> str:
    """What a code shares with all those under it: « 90910000 » → « 9091 »."""
    return code[:2] + code[2:].rstrip("0")


def beginnings(code: str | None) -> list[str]:
    """Every beginning of a code of eight digits, from two on: what it is found under. Nothing for
    what is no code."""
    match = _CODE.fullmatch((code or "").strip())
    return [match[1][:length] for length in range(2, 9)] if match and len(match[1]) == 8 else []


@lru_cache(maxsize=2_000)
def under(text: str) -> tuple[str, ...]:
    """The codes that a text names: the one that it is or begins, else those whose label holds all
    its words; without those that stand under another of them.

    Words are not sought in divisions (two digits), whose labels only list what they hold: all
    furniture is no « produits de nettoyage ».
    """
    if match := _CODE.fullmatch(text.strip()[:LONGEST]):
        code = match[1].ljust(8, "0")
        known = any(each.startswith(beginning(code)) for each in cpv.codes())
        return (code,) if known else ()
    wanted = stems(text[:LONGEST])
    found: list[str] = []
    above: set[str] = set()
    for code, held in _labels() if wanted else ():
        if above.isdisjoint(beginnings(code)) and all(
            any(word.startswith(stem) for word in held) for stem in wanted
        ):
            found.append(code)
            above.add(beginning(code))
    return tuple(found)


def suggestions(text: str, limit: int) -> list[tuple[str, str]]:
    """Codes with their labels for a text being typed, by digits or by words; the widest first."""
    typed = text.strip()[:LONGEST]
    if looks_like_code(typed):
        digits = typed.partition("-")[0].strip()
        found = sorted((c for c in cpv.codes() if c.startswith(digits)), key=_width)
    else:
        found = list(under(typed))
    return [(code, cpv.codes()[code]) for code in found[:limit]]


def _width(code: str) -> tuple[int, str]:
    return len(beginning(code)), code


@cache
def _labels() -> tuple[tuple[str, frozenset[str]], ...]:
    """The folded words of each label below the divisions, the widest codes first."""
    ordered = sorted((c for c in cpv.codes() if len(beginning(c)) > 2), key=_width)
    return tuple((code, frozenset(words(cpv.codes()[code]))) for code in ordered)
