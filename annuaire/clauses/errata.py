"""What a correcting notice takes back: « Au lieu de : …, lire : … »; folded text."""

import re

_INSTEAD = re.compile(
    r"\bau lieu d(?:e|u|es)\b.{0,600}?(?=[\W]\s?(?:il (?:faut|convient de) )?lire\b)"
    r"|(?<=\blire\b).{0,300}?(?P<late>\bau lieu d(?:e|u|es)\b[^.;]*)"
)


def without(folded: str) -> str:
    """The text with blanks instead of what is corrected; its length stays the same."""
    if "au lieu d" not in folded or "lire" not in folded:
        return folded
    pieces, last = [], 0
    for match in _INSTEAD.finditer(folded):
        start, end = match.span("late") if match["late"] else match.span()
        pieces += [folded[last:start], " " * (end - start)]
        last = end
    return "".join([*pieces, folded[last:]])
