"""« Vouliez-vous dire … » : the words that misspelt ones found, put in their place."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from rapidfuzz.distance import OSA

from search.engine import Hit
from search.prepared import values_of
from search.ranking import typos_allowed
from search.text import TOKEN, fold_word, tokens


def texts_of(hits: Iterable[Hit]) -> list[str]:
    """Every text of what was found."""
    return [value for hit in hits for text in hit.texts.values() for value in values_of(text)]


def corrected(
    text: str, misspelt: Iterable[str], texts: Sequence[str], stem: Callable[[str], str]
) -> str:
    """The text typed with each misspelt word replaced by the nearest, then most frequent, word of
    the texts found; "" when nothing changes. A word that the texts hold, whatever its ending
    (`stem`), or that begins one of theirs, is right."""
    wrong = _unseen(misspelt, texts, stem)
    if not wrong:
        return ""
    seen = Counter(word.lower() for value in texts for word in TOKEN.findall(value))
    better = {word: _nearest(word, seen) for word in wrong}
    result = TOKEN.sub(lambda m: better.get(fold_word(m.group())) or m.group(), text)
    return result if result != text else ""


def _unseen(words: Iterable[str], texts: Iterable[str], stem: Callable[[str], str]) -> list[str]:
    """The words that no text holds, whatever their ending; texts are read until all are met."""
    missing = {word: stem(word) for word in words}
    for value in texts:
        if not missing:
            break
        held = {stem(word) for word in tokens(value)}
        missing = {word: ending for word, ending in missing.items() if ending not in held}
    return [*missing]


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
