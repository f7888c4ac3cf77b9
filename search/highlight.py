"""Marks the words found, in HTML: sees accents, plurals, synonyms, beginnings and typos."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from html import escape

from rapidfuzz.distance import OSA

from search.ranking import typos_allowed
from search.text import STOP_WORDS, TOKEN, fold_word

EXCERPT = 260  # characters shown of a long text, around the first words found


@dataclass(frozen=True, slots=True)
class Sought:
    """What was looked for: folded words, their stems, beginnings of words, and the words that may
    hold typos."""

    words: frozenset[str]
    stems: frozenset[str]
    prefixes: tuple[str, ...] = ()
    misspelt: tuple[str, ...] = ()
    #: What was said of words already met: those of a page come back from hit to hit.
    _met: dict[str, bool] = field(default_factory=dict, compare=False, repr=False)

    def holds(self, word: str, stem: Callable[[str], str]) -> bool:
        """Whether a folded word of a text is one of those sought; `stem` is always the same."""
        held = self._met.get(word)
        if held is None:
            held = self._met[word] = self._holds(word, stem)
        return held

    def _holds(self, word: str, stem: Callable[[str], str]) -> bool:
        if word in STOP_WORDS:
            return False
        if word in self.words or (self.stems and stem(word) in self.stems):
            return True
        if self.prefixes and word.startswith(self.prefixes):
            return True
        return any(_close(sought, word, stem) for sought in self.misspelt)


def _close(sought: str, word: str, stem: Callable[[str], str]) -> bool:
    allowed = typos_allowed(sought, forgiving=True)
    if abs(len(sought) - len(word)) > allowed + 2:
        return False
    if OSA.distance(sought, word, score_cutoff=allowed) <= allowed:
        return True
    return OSA.distance(stem(sought), stem(word), score_cutoff=allowed) <= allowed


def highlight(text: str, sought: Sought, stem: Callable[[str], str]) -> str:
    """The text HTML-escaped with each word found in <mark>, cut around them when it is long;
    "" when none is there."""
    spans = [
        (match.start(), match.end())
        for match in TOKEN.finditer(text)
        if sought.holds(fold_word(match.group()), stem)
    ]
    if not spans:
        return ""
    start, end = _window(text, spans[0][0])
    pieces = ["… " if start else ""]
    at = start
    for first, last in spans:
        if last > end:
            break
        pieces += [escape(text[at:first]), "<mark>", escape(text[first:last]), "</mark>"]
        at = last
    pieces += [escape(text[at:end]), " …" if end < len(text) else ""]
    return "".join(pieces)


def highlights(
    texts: Mapping[str, str | Collection[str]], sought: Sought, stem: Callable[[str], str]
) -> dict[str, str]:
    """Each text field where something is found; a field with many values gives those concerned."""
    found = {}
    for name, value in texts.items():
        values = [value] if isinstance(value, str) else value
        marked = [m for m in (highlight(v, sought, stem) for v in values) if m]
        if marked:
            found[name] = ", ".join(marked[:5])
    return found


def _window(text: str, first: int) -> tuple[int, int]:
    if len(text) <= EXCERPT:
        return 0, len(text)
    start = max(0, min(first - EXCERPT // 4, len(text) - EXCERPT))
    if start:
        space = text.find(" ", start, first)
        start = space + 1 if space >= 0 else first
    end = min(len(text), start + EXCERPT)
    if end < len(text):
        space = text.rfind(" ", first, end)
        end = space if space > first + EXCERPT // 2 else end
    return start, end
