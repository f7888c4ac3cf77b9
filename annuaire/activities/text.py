"""French text made comparable: folded, cut into words, stemmed."""

import re
import tomllib
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

import snowballstemmer  # type: ignore[import-untyped]  # the package ships no types

_TITLES = Path(__file__).parent / "data" / "titles.toml"
_WORD = re.compile(r"[a-z0-9]+|[,;:()./!?\"|\n]")
_ELISION = re.compile(r"\b(?:l|d|n|s|j|m|t|c|qu|jusqu|lorsqu|puisqu)['’´`]\s*")
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "Œ": "OE", "Æ": "AE", "’": "'"})
_SHORT = 3  # words of that many letters are codes or whole words: not stemmed


@cache
def title_words(name: str) -> frozenset[str]:
    """A list of folded words of `data/titles.toml`: "stop", "tail" or "empty"."""
    return frozenset(tomllib.loads(_TITLES.read_text(encoding="utf-8"))[name].split())


@cache
def negations() -> tuple[tuple[str, ...], ...]:
    """The words after which what is named is not bought."""
    listed = tomllib.loads(_TITLES.read_text(encoding="utf-8"))["negations"]
    return tuple(tuple(phrase.split()) for phrase in listed)


def fold(text: str) -> str:
    """Lower case without accents, ligatures spelt out."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.translate(_LIGATURES))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).lower()


def words(text: str) -> list[str]:
    """Folded words and punctuation signs, elided articles removed."""
    return _WORD.findall(_ELISION.sub("", fold(text)))


@cache
def _stemmer() -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer("french")


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """The stem of a folded word; short words and codes stay whole."""
    if len(word) <= _SHORT:
        return word
    root: str = _stemmer().stemWord(word)
    return root.rstrip("e") if len(root) > _SHORT else root


def stems(text: str) -> list[str]:
    """The stems of the words that carry meaning, in order."""
    stop = title_words("stop")
    return [stem(w) for w in words(text) if w.isalnum() and w not in stop and not w.isdigit()]
