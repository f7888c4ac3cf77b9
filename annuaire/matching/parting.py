"""Cutting a text in the parts that may each be a trade: pure, by `data/trades.toml`."""

import re
from collections.abc import Iterator
from typing import Final

from annuaire.activities.text import fold, title_words
from annuaire.matching.lexicon import trade_words

SEGMENTS: Final = 40  # parts of a text that are looked at
LISTED: Final = 2  # words of each part of a bare list: « linge, espaces verts »

_SENTENCE = re.compile(r"\s*(?:[;•|]|\.(?:\s|$)|\n(?=\s*(?-i:[^a-zà-ÿ(]))|\s[-–]\s)\s*")
_COMMA = re.compile(r"\s*,\s*")
_CUT = re.compile(r"\s*(?:[+/]|\bainsi que\b|\bet\b)\s*", re.IGNORECASE)
_ARTICLE = re.compile(
    r"^(?:et\s+)?(?:de l'|de la |du |des |de |les |le |la |l'|d')\s*", re.IGNORECASE
)
#: Details of what is bought: « (lot 1) », « (sols, murs) ».
_ASIDE = re.compile(r"\([^()]*\)")
#: What opens the line of an object or of a lot.
_HEADING = re.compile(r"^(?:objet|intitulé|lots?)\b[^:]{0,40}:\s*", re.IGNORECASE)
#: How many lots, not what they are: « en deux lots : » goes, « et lot 2 espaces verts » stays.
_IN_LOTS = re.compile(r"\b(?:en\s+)?(?!et\b)\w+\s+lots?\b[^,;.:]*", re.IGNORECASE)
_NUMBERED = re.compile(r"\blot\s*(?:n\s*[°ºo]?\s*|num[ée]ro\s*)?\d+\s*[:\-–\"«]?\s*", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
#: A participle or an adjective goes on with what is before: « repas cuisinés et livrés »; « café »,
#: « marché » and « propreté » are things.
_GOES_ON = re.compile(
    r"(?:[^\W\d_]{2,}(?<!it)(?<!et)(?<!ch)(?<!af)ée?s?|[^\W\d_]{3,}(?:ive|if)s?)\b", re.IGNORECASE
)


def parts(text: str) -> list[str]:
    """The parts of a text, in its order, without where, for whom and with what it is done."""
    found: list[str] = []
    for part in _raw(text):
        kept = _HEADING.sub("", " ".join(part.split())).strip(" .:()«»\"'")
        kept = _ARTICLE.sub("", kept)
        if sum(c.isalpha() for c in kept) > 3 and not _is_aside(kept):
            found.append(kept)
        if len(found) == SEGMENTS:
            break
    return found


def of_its_lot(text: str) -> str:
    """The words of the one lot that a title (one line) names, which are what is bought; else the
    text."""
    numbered = list(_NUMBERED.finditer(text))
    if len(numbered) != 1 or "\n" in text:
        return text
    own = text[numbered[0].end() :]
    return own if sum(c.isalpha() for c in own) > 3 else text


def is_list(cut: list[str]) -> bool:
    """Whether these are the parts of a bare list, each a thing or an act by itself."""
    return len(cut) > 1 and all(len(part.split()) <= LISTED for part in cut)


def _raw(text: str) -> Iterator[str]:
    for sentence in _SENTENCE.split(_ASIDE.sub(" ", text)):
        bought = _before(_IN_LOTS.sub("", _HEADING.sub("", sentence)), trade_words("along"))
        for clause in _COMMA.split(bought):
            yield from _CUT.split(_before(clause, trade_words("where")))


def _before(text: str, openers: frozenset[str]) -> str:
    """What stands before the first of these words, once something that can be bought is said."""
    said = False
    for match in _WORD.finditer(text):
        word = fold(match.group())
        if said and word in openers:
            return text[: match.start()]
        said = said or not (word in title_words("stop") or word in _unsaid() or word in openers)
    return text


def _unsaid() -> frozenset[str]:
    return title_words("empty") | trade_words("asking")


def _is_aside(part: str) -> bool:
    """Whether a part only goes on with the one before, or says for whom."""
    first = _WORD.match(part)
    return bool(_GOES_ON.match(part)) or (
        first is not None and fold(first.group()) in trade_words("people")
    )
