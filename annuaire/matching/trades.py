"""The trades that one need asks for together: « nettoyage des bureaux, espaces verts et linge »."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from annuaire.activities.classify import classify
from annuaire.activities.taxonomy import proximity

MOST: Final = 6
SURE: Final = 0.45  # score from which a part of the text is a trade by itself
IN_WHOLE: Final = 0.3  # score that the same trade must have in the whole text
SAME: Final = 0.5  # proximity in the taxonomy from which two parts are one trade
READ: Final = 12  # activities of the whole text that are looked at
MAX_LABEL: Final = 60  # characters
SEGMENTS: Final = 40  # parts of a text that are looked at

_CUT = re.compile(
    r"\s*(?:[;,\n•|+/]|\s[-–]\s|\bainsi que\b|\bet\b)\s*"
    r"(?:(?:de l'|de la|du|des|de|les|le|la|l'|d')\s*)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Trade:
    """One of several trades of a need: the words that say it, its activity, how sure."""

    words: str
    code: str
    score: float


def trades(text: str) -> tuple[Trade, ...]:
    """The different trades that a text names, in its order; empty when it names fewer than two.

    A part counts only when the whole text says the same: « vitres » alone would be anything.
    """
    parts = list(_parts(text))
    if len(parts) < 2:
        return ()
    whole = {guess.code for guess in classify(text, limit=READ) if guess.score >= IN_WHOLE}
    found: list[Trade] = []
    for part in parts:
        best = next(iter(classify(part, limit=1)), None)
        if best is None or best.score < SURE or best.code not in whole:
            continue
        if all(proximity(best.code, other.code) < SAME for other in found):
            found.append(Trade(part[:MAX_LABEL].rstrip(" ."), best.code, best.score))
    return tuple(found[:MOST]) if len(found) > 1 else ()


def _parts(text: str) -> Iterator[str]:
    for count, part in enumerate(_CUT.split(text)):
        if count >= SEGMENTS:
            return
        kept = part.strip(" .:()«»\"'")
        if sum(c.isalpha() for c in kept) > 3:
            yield kept
