"""Whether the words around a match deny it, or only invite."""

import re

from annuaire.clauses.rules import denials

_BREAK = re.compile(r";|\bmais\b|\btoutefois\b|\bcependant\b|\ben revanche\b|\bneanmoins\b")


def is_denied(folded: str, sentence: tuple[int, int], match: tuple[int, int]) -> bool:
    """Whether the sentence says that what `match` names does not exist."""
    start, end = sentence
    for contrast in _BREAK.finditer(folded, start, end):
        if contrast.end() <= match[0]:
            start = contrast.end()
        elif contrast.start() >= match[1]:
            end = contrast.start()
            break
    rules = denials()
    before = folded[start : match[0]]
    if any(pattern.search(before) for pattern in rules.before):
        return True
    inside = folded[match[0] : match[1]]
    if any(pattern.search(inside) for pattern in rules.inside):
        return True
    after = folded[match[1] : end]
    return any(pattern.search(after) for pattern in rules.after)


def is_optional(folded: str, sentence: tuple[int, int]) -> bool:
    """Whether the clause invites without binding (« clause incitative »)."""
    rules = denials()
    found = rules.optional.search(folded, *sentence)
    return found is not None and rules.optional_unless.search(folded, *sentence) is None
