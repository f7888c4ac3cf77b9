"""« Vouliez-vous dire … » : the words that misspelt ones found, put in their place."""

from collections import Counter
from collections.abc import Iterable

from rapidfuzz.distance import OSA

from search.ranking import typos_allowed
from search.text import TOKEN, fold_word


def corrected(text: str, misspelt: Iterable[str], texts: Iterable[str]) -> str:
    """The text typed with each misspelt word replaced by the nearest, then most frequent, word of
    the texts found; "" when nothing changes. A word that the texts hold, or that begins one of
    theirs, is right."""
    wrong = set(misspelt)
    if not wrong:
        return ""
    seen = Counter(word.lower() for value in texts for word in TOKEN.findall(value))
    better = {word: _nearest(word, seen) for word in wrong}
    result = TOKEN.sub(lambda m: better.get(fold_word(m.group())) or m.group(), text)
    return result if result != text else ""


def _nearest(word: str, seen: Counter[str]) -> str:
    allowed = typos_allowed(word, forgiving=True)
    near: list[tuple[int, int, str]] = []
    for candidate, times in seen.items():
        folded = fold_word(candidate)
        if folded.startswith(word):
            return ""
        distance = OSA.distance(word, folded, score_cutoff=allowed)
        if distance <= allowed:
            near.append((distance, -times, candidate))
    return min(near)[2] if near else ""
