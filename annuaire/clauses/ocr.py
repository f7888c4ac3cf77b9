"""Words that a scanner misread (« c1ause », « insertlon », « rnarché »), in folded text."""

import re
from functools import cache, lru_cache
from importlib.resources import files

_CONFUSED = str.maketrans({"1": "i", "l": "i", "|": "i", "!": "i", "0": "o", "5": "s"})
_TOKEN = re.compile(r"[a-z015|!]{6,}")
_ARTICLE = re.compile(
    r"(?<![a-z0-9])([lr])([. ]*)(2[1il|]{1,2}[23])([. ]*-[. ]*)([1il|]?[\dil|])(?!\w)"
)
_SPLIT = re.compile(
    r"(?<![a-z])(?:d(?=i))?(?=[a-z]+ [a-z]+)(?P<word>"
    + "|".join(" ?".join(word) for word in ("insertion", "clause", "reserve", "sociale"))
    + r")(?=e?s?(?![a-z]))"
)
_ONE = str.maketrans("il|", "111")


@cache
def _vocabulary() -> tuple[frozenset[str], dict[str, str]]:
    text = files(__package__).joinpath("data/scanned.txt").read_text(encoding="utf-8")
    words = [line.strip() for line in text.splitlines() if line and not line.startswith("#")]
    return frozenset(words), {_key(word): word for word in words}


def _key(token: str) -> str:
    return token.translate(_CONFUSED).replace("rn", "m")


@lru_cache(maxsize=1 << 16)
def _mended(token: str) -> str:
    known, by_key = _vocabulary()
    word = None if token in known else by_key.get(_key(token))
    return token if word is None else word.rjust(len(token))


def repair(folded: str) -> str:
    """Give misread words of our rules their letters back; the length stays the same.

    Only the words of `data/scanned.txt` are mended, six letters at least, and only where the
    letters are of those that scanners take for one another.
    """
    folded = _TOKEN.sub(lambda match: _mended(match[0]), folded)
    folded = _SPLIT.sub(lambda m: m[0].replace(" ", "").rjust(len(m[0])), folded)
    return _ARTICLE.sub(
        lambda m: m[1] + m[2] + m[3].translate(_ONE) + m[4] + m[5].translate(_ONE), folded
    )
