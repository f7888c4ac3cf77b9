"""Whether a text sets lots apart from those of a clause: « sauf le lot 3 », « lot 4 excepté »;
folded text."""

import re

_EXCEPT = re.compile(
    r"(?:sauf|excepte|hormis|hors|a l.?exception|a l.?exclusion|en dehors|autres? que|"
    r"contrairement|a l.?inverse|a l.?oppose|\bpas|derog\w+[^.;]{0,40} que|a la difference"
    r"|par derogation|"
    r"exclus? de la clause (?:sociale|d'insertion)|\bni)"
    r"(?:\s+(?:pour|sur|dans))?\s*(?:de|des|du|le|les|la|l'|aux?|celui|ceux)?"
    r"\s*(?:de|des|du|le|les|l')?\s*\(?$"
)
_ESCAPES = re.compile(
    r"\s*(?:\([^()]{1,60}\)\s*)?(?:n'etant (?:pas|plus) (?:concern|vis|soumis|assujet)\w*|echappe"
    r"(?:nt)?|(?:en )?(?:est|sont|etant) (?:exclus?|dispenses?"
    r"|exoneres?|exemptes?|ecartes?|deja attribues?|libres?"
    r"|ouverts?(?= a (?:tous|la concurrence)))"
    r"|(?:restant|restent|demeurant|demeurent) (?:ouverts?(?! aux seul)|libres?)|excepte"
    r"|mis a part)\b"
)
_EXCEPTED = re.compile(r"\s*(?:\([^()]{1,60}\)\s*)?(?:excepte|mis a part)\b")
_NO_OTHER = re.compile(r"\baucune?\b(?! (?:avance|variante|visite|retenue))")
_EXCEPT_FIRST = re.compile(r"\W*(?:sauf|hormis|excepte|a l.?exception|en dehors)\b")
_ONLY = re.compile(
    r"\bseuls? (?:les? )?(?:(?:titulaire|attributaire|entreprise)s? (?:de |d(?:u|es) )?)?$"
)
_NOT_NEXT = re.compile(
    r"[^.;,]{0,40}?(?:\bn(?:e |')(?:est|sont|fait|font|comporte|comprend)"
    r"|\b(?:est|sont) (?:exoner|exempt|dispens|exclu))"
)


def is_excluded(folded: str, bounds: tuple[int, int], at: int, stop: int) -> bool:
    """Whether the lots named between two offsets are set apart from the others."""
    before = folded[max(bounds[0], at - 64) : at]
    apart = _EXCEPT.search(before) or _ESCAPES.match(folded, stop)
    if apart and _is_the_only_one(folded, bounds[0], at, bounds[1]):
        apart = None
    return apart is not None or _is_the_only_exempt(folded, before, stop)


def is_excepted(folded: str, stop: int) -> bool:
    """Whether « excepté » follows the offset."""
    return _EXCEPTED.match(folded, stop) is not None


def _is_the_only_one(folded: str, start: int, at: int, end: int) -> bool:
    """« aucun lot, sauf le lot 3 », « sauf le lot 3, aucun »: what is set apart is concerned."""
    if _NO_OTHER.search(folded, start, at):
        return True
    return _EXCEPT_FIRST.match(folded, start, at) is not None and bool(
        _NO_OTHER.search(folded, at, end)
    )


def _is_the_only_exempt(folded: str, before: str, stop: int) -> bool:
    """« seul le lot 3 n'est pas concerné »."""
    return _ONLY.search(before) is not None and _NOT_NEXT.match(folded, stop) is not None
