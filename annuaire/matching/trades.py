"""The trades that one need asks for together: « nettoyage des bureaux, espaces verts et linge »."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from annuaire.activities.classify import Guess, classify
from annuaire.activities.taxonomy import proximity

MOST: Final = 6
SURE: Final = 0.45  # score from which a part of the text is a trade by itself
SURE_WORD: Final = 0.6  # score in the whole text from which a lone word is a trade of its own
IN_WHOLE: Final = 0.3  # score that the same trade must have in the whole text
SAME: Final = 0.5  # proximity in the taxonomy from which two parts are one trade
READ: Final = 12  # activities of the whole text that are looked at
MAX_LABEL: Final = 60  # characters
SEGMENTS: Final = 40  # parts of a text that are looked at

_CUT = re.compile(
    r"\s*(?:[;,•|+/]|\n(?=\s*(?-i:[^a-zà-ÿ(]))|\s[-–]\s|\bainsi que\b|\bet\b)\s*"
    r"(?:(?:de l'|de la|du|des|de|les|le|la|l'|d')\s*)?",
    re.IGNORECASE,
)
#: What opens the line of an object or of a lot.
_HEADING = re.compile(r"^(?:objet|intitulé|lots?)\b[^:]{0,40}:\s*", re.IGNORECASE)
#: A word that says what is done, not to what: it is no trade by itself.
_ACT = re.compile(
    r"(?:age|ions?|ance|ence|ments?|ture|tien|ports?|tri|collectes?|[ée]tudes?|diagnostics?|travaux)$",
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

    A part counts only when the whole text says the same: « vitres » alone would be anything. A lone
    word for a thing (« linge ») counts when the whole text is sure of its trade and no other part
    says that: « collecte et traitement des déchets végétaux » is one trade.
    """
    parts = list(_parts(text))
    if len(parts) < 2:
        return ()
    whole = {guess.code: guess.score for guess in classify(text, limit=READ)}
    read = [classify(part, limit=READ) for part in parts]
    found: list[Trade] = []
    for part, guesses in zip(parts, read, strict=True):
        code, score = _trade(
            part, guesses, [other for other in read if other is not guesses], whole
        )
        if code and all(proximity(code, other.code) < SAME for other in found):
            found.append(Trade(_label(part), code, score))
    return tuple(found[:MOST]) if len(found) > 1 else ()


def _label(part: str) -> str:
    """The part, cut after a word when it is long."""
    if len(part) <= MAX_LABEL:
        return part
    return f"{part[:MAX_LABEL].rsplit(' ', 1)[0]}…"


def _trade(
    part: str,
    guesses: Sequence[Guess],
    others: Sequence[Sequence[Guess]],
    whole: Mapping[str, float],
) -> tuple[str, float]:
    """The trade of a part and how sure; ("", 0.0) when it is none by itself."""
    if guesses and guesses[0].score >= SURE:
        best = guesses[0]
        return (best.code, best.score) if whole.get(best.code, 0.0) >= IN_WHOLE else ("", 0.0)
    if not guesses or len(part.split()) > 1 or _ACT.search(part):
        return "", 0.0
    code = guesses[0].code
    elsewhere = {guess.code for other in others for guess in other}
    score = whole.get(code, 0.0)
    return (code, score) if score >= SURE_WORD and code not in elsewhere else ("", 0.0)


def _parts(text: str) -> Iterator[str]:
    for count, part in enumerate(_CUT.split(text)):
        if count >= SEGMENTS:
            return
        kept = _HEADING.sub("", " ".join(part.split())).strip(" .:()«»\"'")
        if sum(c.isalpha() for c in kept) > 3:
            yield kept
