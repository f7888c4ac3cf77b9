"""Words made comparable: without accents, case, ligatures or doubled spaces."""

import re
import unicodedata
from functools import lru_cache

_LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss", "’": "'"})


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """« L'Œuvre  Élevée » → « l'oeuvre elevee »."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_LIGATURES))
    kept = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(kept.lower().split())


def title_key(title: str) -> str:
    """A title for comparing: letters and digits, without case or accents."""
    return re.sub(r"[\W_]+", " ", fold(title)).strip()
