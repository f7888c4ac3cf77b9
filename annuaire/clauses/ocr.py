"""Words that a scanner misread (« c1ause », « insertlon », « rnarché »), in folded text."""

import re
from functools import cache, lru_cache
from importlib.resources import files

_CONFUSED = str.maketrans({"1": "i", "l": "i", "|": "i", "!": "i", "t": "i", "0": "o", "5": "s"})
_TOKEN = re.compile(r"[a-z015|!]{6,}")
# « 7O heures », « l40 h », « lot n°O3 »: letters among the figures of a number.
_FIGURES = re.compile(
    r"(?<![a-z0-9])(?=[lio]{0,2}\d|\d)[\dlio]{2,6}"
    r"(?=\s?(?:\([a-z -]{3,40}\)\s?)?(?:h\b|heures?|%|points?|pour cent))"
    r"|(?:(?<=n°)|(?<=n° )|(?<=lot )|(?<=lot no ))(?:[o0][\dl]|l)(?![\w'])"
)
_MIXED = re.compile(r"\d[lio]|[lio]\d|n° ?l")  # the cheap test that spares the pattern above
_DIGITS = str.maketrans("lio", "110")
_NUMBER = re.compile(r"\bn0(?=\s?\d)")  # « N0 3 »
_LOT = re.compile(  # « 1ots 2 et 3 », « par Iot »
    r"\b1ot(?=s?\b)|\biot(?=s?\s(?:n\s?°\s?|no\s)?\d)|(?<=\bpar )iot\b|(?<=\bles )iot(?=s\b)"
)
_ZERO = re.compile(r"0(?=[a-z])(?:(?<=[a-z]0)|(?<![\w.,]0)(?=[a-z]{3}))")  # « S0GED », « 0euvre »
_ARTICLE = re.compile(
    r"(?<![a-z0-9])([lr])([. ]*)(2[1il|]{1,2}[23])([. ]*-[. ]*)([1il|]?[\dil|])(?!\w)"
)
_WHOLE = frozenset({"a", "la", "le", "les", "de", "en", "par", "ses", "son", "ces", "nos"})
_SHORTEST = 6  # letters of a word that may have been cut by a space
_ONE = str.maketrans("il|", "111")


@cache
def _vocabulary() -> tuple[frozenset[str], dict[str, str]]:
    text = files(__package__).joinpath("data/scanned.txt").read_text(encoding="utf-8")
    words = [line.strip() for line in text.splitlines() if line and not line.startswith("#")]
    return frozenset(words), {_key(word): word for word in words}


@cache
def _halves() -> dict[str, str]:
    """« inser tion » → « insertion »: every way of cutting our words in two."""
    words = [word for word in _vocabulary()[0] if len(word) >= _SHORTEST]
    return {f"{w[:i]} {w[i:]}": w for w in words for i in range(1, len(w))}


@cache
def _second_halves() -> frozenset[str]:
    return frozenset(cut.split(" ")[1] for cut in _halves())


def _key(token: str) -> str:
    return token.translate(_CONFUSED).replace("rn", "m")


@lru_cache(maxsize=1 << 16)
def _mended(token: str) -> str:
    known, by_key = _vocabulary()
    word = None if token in known else by_key.get(_key(token))
    return token if word is None else word.rjust(len(token))


def _rejoined(folded: str) -> str:
    """Put together the words that a space cuts; an article glued before them stays."""
    tokens = folded.split(" ")
    halves, seconds = _halves(), _second_halves()
    for index in range(1, len(tokens)):
        end = tokens[index].rstrip(".,;:)")
        if end not in seconds:
            continue
        before, quote, begin = tokens[index - 1].rpartition("'")
        word = halves.get(f"{begin} {end}")
        if word is None or begin in _WHOLE or (begin in _vocabulary()[0] and len(end) > 1):
            continue
        tokens[index - 1] = ""
        tokens[index] = before + quote + word + tokens[index][len(end) :]
    return " ".join(tokens)


def repair(folded: str) -> str:
    """Give misread words of our rules their letters back; the length stays the same.

    Only the words of `data/scanned.txt` are mended, six letters at least, and only where the
    letters are of those that scanners take for one another or parted by a space.
    """
    if "n0" in folded:
        folded = _NUMBER.sub("n°", folded)
    folded = _ZERO.sub("o", folded)
    folded = _TOKEN.sub(lambda match: _mended(match[0]), folded)
    folded = _rejoined(folded)
    if _MIXED.search(folded):
        folded = _FIGURES.sub(lambda match: match[0].translate(_DIGITS), folded)
    if "1ot" in folded or "iot" in folded:
        folded = _LOT.sub("lot", folded)
    return _ARTICLE.sub(
        lambda m: m[1] + m[2] + m[3].translate(_ONE) + m[4] + m[5].translate(_ONE), folded
    )
