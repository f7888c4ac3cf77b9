"""Words as search sees them: folded, cut, without the words that say nothing."""

import re
import unicodedata
from functools import lru_cache

MAX_WORD = 60  # letters; nothing longer is a word
MAX_QUERY = 10_000  # characters read of a query
REMEMBERED = 80  # characters of a text that may come back: labels, towns and buyers do
TOKEN = re.compile(r"(?:[^\W_]|[\u0300-\u036f])+")
_STOPPED = """
    a afin ai ainsi alors au aucun aupres aussi autre autres aux avec c ce ceci cela celle celles
    celui ces cet cette chez ci comme d dans de des divers diverses donc dont du elle elles en
    entre est et etc etre eux g h i il ils j je l la le les leur leurs lors lui m ma mais me meme
    mes mon n ne ni nos notre nous o on ont ou par pas plus pour qu que qui s sa sans se selon
    ses si son sont sur t ta te tes ton tous tout toute toutes tu un une via vos votre vous y
"""
STOP_WORDS = frozenset(_STOPPED.split())
_MARKS = re.compile("[\u0300-\u036f]+")
_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "ß": "ss", "đ": "d"})
_ACRONYM = re.compile(r"\b(?:[^\W\d_]\.){2,}(?:[^\W\d_]\b)?")
_SIREN = re.compile(r"\b(\d{3})[ .\u00a0\u202f]?(\d{3})[ .\u00a0\u202f]?(\d{3})"
                    r"(?:[ .\u00a0\u202f]?(\d{5}))?\b")  # fmt: skip
_POSTCODE = re.compile(r"\b(\d{2})[ \u00a0\u202f](\d{3})\b(?![ \u00a0\u202f]?\d)")


def fold(text: str) -> str:
    """Lower case, without accents or ligatures, « E.S.A.T. » written « esat »."""
    text = text.lower()
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text).lower()
        text = _MARKS.sub("", text).translate(_LETTERS)
    if "." in text:
        text = _ACRONYM.sub(lambda m: m.group().replace(".", ""), text)
    return text


@lru_cache(maxsize=50_000)
def fold_word(word: str) -> str:
    """One word folded, remembered: pages show the same words again and again."""
    return fold(word)


def tokens(text: str) -> list[str]:
    """The folded words of a text that say something, in order: the apostrophe and the hyphen
    cut, so that « l'entretien » gives « entretien »."""
    found = (word for word in TOKEN.findall(fold(text)) if word not in STOP_WORDS)
    return [word for word in found if len(word) <= MAX_WORD]


def query_words(text: str, limit: int) -> list[str]:
    """The distinct words of what a user typed, at most `limit` of them; a SIREN, a SIRET or a
    postcode written with spaces is one word."""
    text = text[:MAX_QUERY]
    text = _SIREN.sub(lambda m: "".join(part or "" for part in m.groups()), text)
    text = _POSTCODE.sub(r"\1\2", text)
    return list(dict.fromkeys(tokens(text)))[:limit]
