"""One spelling for place names, so that « ST-ETIENNE CEDEX 2 » meets « Saint-Étienne »."""

import re
import unicodedata

_LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss"})
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_CEDEX = re.compile(r"\bcedex\b(?: \d{1,2}\b)?")
_ABBREVIATIONS = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}
_ARTICLE = re.compile(r"^(?:le|la|les|l) (?=.)")


def name_key(text: str) -> str:
    """Lower-case words without accents, hyphens or apostrophes; « St » is « saint »."""
    if not text.isascii():
        letters = unicodedata.normalize("NFKD", text.translate(_LIGATURES))
        text = "".join(c for c in letters if not unicodedata.combining(c))
    key = _NOT_WORD.sub(" ", text.lower()).strip()
    if "st" in key:
        key = " ".join(_ABBREVIATIONS.get(word, word) for word in key.split(" "))
    return key


def commune_key(text: str) -> str:
    """`name_key` of a commune as an address line has it: CEDEX, « S/ », trailing article undone.

    >>> commune_key("CHALON S/SAONE CEDEX 3"), commune_key("Havre (Le)")
    ('chalon sur saone', 'le havre')
    """
    text = re.sub(r"(?i)\bs/\s*(?=\w)", "sur ", text)
    text = re.sub(r"(?i)^(.+?)\s*\((l[ae]s?|l['’])\)\s*$", r"\2 \1", text)
    key = _CEDEX.sub(" ", name_key(text))
    return " ".join(key.split())


def without_article(key: str) -> str:
    """A key without its leading article: « le havre » gives « havre »."""
    return _ARTICLE.sub("", key)
