"""French text made comparable: folded, cut into words, stemmed."""

import re
import tomllib
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

_TITLES = Path(__file__).parent / "data" / "titles.toml"
_WORD = re.compile(r"[a-z0-9]+|[,;:()./!?\"|\n]")
_ELISION = re.compile(r"\b(?:l|d|n|s|j|m|t|c|qu|jusqu|lorsqu|puisqu)['’´`]\s*")
# « ma?trise d??uvre »: signs lost by a wrong encoding upstream.
_LOST_LIGATURE = re.compile(r"\?uvre\b", re.IGNORECASE)
_LOST_APOSTROPHE = re.compile(r"(?<=\w)\?(?=\w)")
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "Œ": "OE", "Æ": "AE", "’": "'"})
_SHORT = 3  # words of that many letters are codes or whole words: not stemmed


@cache
def title_words(name: str) -> frozenset[str]:
    """A list of folded words of `data/titles.toml`: "stop", "tail", "empty", "whole"…"""
    return frozenset(tomllib.loads(_TITLES.read_text(encoding="utf-8"))[name].split())


@cache
def title_phrases(name: str) -> tuple[str, ...]:
    """A list of phrases of `data/titles.toml`: "negations" or "neutral"."""
    return tuple(tomllib.loads(_TITLES.read_text(encoding="utf-8"))[name])


def fold(text: str) -> str:
    """Lower case without accents, ligatures spelt out."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.translate(_LIGATURES))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).lower()


def words(text: str) -> list[str]:
    """Folded words and punctuation signs, elided articles removed."""
    if "?" in text:
        text = _LOST_APOSTROPHE.sub("'", _LOST_LIGATURE.sub("oeuvre", text))
    return _WORD.findall(_ELISION.sub("", fold(text)))


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """A folded word without its marks of plural and feminine.

    Lighter than Snowball on purpose: titles are made of nouns, and Snowball gives one stem to
    « commune » and « communication », « lot » and « lotissement », « collectif » and « collecte ».
    """
    if len(word) <= _SHORT:
        return word
    if (single := word.removesuffix("s")) in title_words("whole"):
        return single
    if word.endswith("aux") and not word.endswith("eaux"):
        return word[:-2] + "l"
    root = (word[:-1] if word[-1] in "sx" else word).rstrip("e")
    if root[-1:] in {"n", "l", "t"} and root[-2:-1] == root[-1:]:
        return root[:-1]
    return root[:-1] + "f" if root.endswith("iv") else root


def stems(text: str) -> list[str]:
    """The stems of the words that carry meaning, in order."""
    stop = title_words("stop")
    return [stem(w) for w in words(text) if w.isalnum() and w not in stop and not w.isdigit()]
