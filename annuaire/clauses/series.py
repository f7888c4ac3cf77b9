"""Figures of hours that share one unit: « respectivement 70, 105 et 35 heures »; folded text."""

import re

from annuaire.clauses import numbers

UNIT = (
    r"heures(?=lot)|h00(?!\d)|(?:heures?|heurs|heurcs?|heure\(s\)|hrs?|hs?)(?![a-z0-9])"
    r"|h(?=lot|t[of]\d?\b)"
)
_UNIT_OR_NOT = r"\s*(?:h|heures?)?\s*"

# « respectivement 70, 105 et 35 heures »
_IN_ORDER = re.compile(
    rf"respectivement\W+(?:a |de |par )?(?P<list>(?:{numbers.NUMBER})"
    rf"(?:{_UNIT_OR_NOT}(?:,|;|/|et)\s*(?:a |de )?(?:{numbers.NUMBER}))+)\s*(?:{UNIT})"
)
# « nombre d'heures respectif : 140, 70 et 105 »
_RESPECTIVE = re.compile(
    r"\b(?:heures?|horaires?|volumes?|quotas?)\b[^.;:\d]{0,40}\b(?:respecti(?:f|ve)s?|dans (?:l'"
    r"|cet )ordre)\b"
    r"[^.;:\d]{0,20}(?:[:=]|\bde)\s?"
    r"(?P<list>\d{1,5}(?:(?:\s?[/;]|,?\set|,|\s-)\s?\d{1,5})+)(?!\d)"
)
# « 70, 105 et 35 heures »
_ENUMERATED = re.compile(
    rf"(?<![\w,./-])(?<!\dh )(?<!\d h )(?P<list>(?:{numbers.NUMBER})"
    rf"(?:{_UNIT_OR_NOT}(?:,|\s\+)\s(?:{numbers.NUMBER}))*"
    rf"{_UNIT_OR_NOT}\s(?:et|\+)\s(?:{numbers.NUMBER}))\s*(?:{UNIT})"
)
# « heures (lots 2/5/7) : 120/90/60 »
_SLASHED = re.compile(
    r"\bheures?\b[^.;:]{0,60}(?<!\blot)(?<!\blots)\s?(?<!lots\s)[:=]\s?"
    r"(?P<list>\d{1,5}(?:(?:\s?[/;]|,?\set|,)\s?\d{1,5})+|\d{2,5}(?:\s?-\s?\d{2,5}){1,9})(?![\d/]|\s?\()"
)
Figure = tuple[float, int, int]  # the hours, and where the figure stands


def in_order(folded: str, start: int, end: int) -> list[Figure]:
    """The figures given in the order of the lots, under one « heures »."""
    if folded.find("respecti", start, end) < 0 and folded.find("ordre :", start, end) < 0:
        return []
    match = _IN_ORDER.search(folded, start, end) or _RESPECTIVE.search(folded, start, end)
    return [] if match is None else _figures(match)


def enumerated(folded: str, start: int, end: int, count: int) -> list[Figure]:
    """« 70, 35 et 35 heures »: as many figures as there are lots, under one « heures »."""
    series = [*_ENUMERATED.finditer(folded, start, end), *_SLASHED.finditer(folded, start, end)]
    for match in series:
        figures = _figures(match)
        if len(figures) == count:
            return figures
    return []


def _figures(match: re.Match[str]) -> list[Figure]:
    """Each figure of the group `list`."""
    offset = match.start("list")
    return [
        (value, offset + item.start(), offset + item.end())
        for item in re.finditer(numbers.NUMBER, match["list"])
        if (value := numbers.parse(item.group())) is not None
    ]
