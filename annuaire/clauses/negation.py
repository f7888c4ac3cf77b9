"""Whether the words around a match deny it, or only invite."""

import re
from collections.abc import Iterable

from annuaire.clauses.rules import denials, holds

_BREAK = re.compile(
    r";|\((?=(?:les?\s)?(?:autres\s)?lots?\b)|\bmais\b|\btoutefois\b|\bcependant\b"
    r"|\ben revanche\b|\bneanmoins\b|\bpar contre\b"
)
# What ends the reach of a denial said before: another verb that affirms, or two points.
_AFFIRMS = (
    r"(?:comporte(?:nt|ra|ront)?|contien(?:t|nent|dra)|prevoi(?:t|ent)|inclu(?:t|ent|ra)|"
    r"integre(?:nt|ra)?|impose(?:nt|ra)?|s'applique(?:nt|ra)?|comprend|comprennent|fixe|encourage|"
    r"reserve|devra|doit|s'engage|f(?:ait|ont) l'objet|"
    r"(?:est|sont|sera|seront)(?: \w+){0,2}? (?:soumise?s?|assujettie?s?|reservee?s?|assortie?s?|"
    r"imposee?s?|prevue?s?|obligatoires?|applicables?|tenue?s?|exigee?s?))\b"
)
_RESTART = re.compile(
    r"\s:\s|\s-\s|\?\s"
    r"|\bet (?:(?:il|elle|le marche|la consultation|l'accord-cadre|qu'il|qu'elle) )?"
    rf"(?={_AFFIRMS})"
    r"|,\s(?:et )?(?=(?:(?:le|la|les|l'|un|une|des|ce|cette|il|elle)\b\W?(?:[\w'-]+ ){0,6}?)"
    rf"{_AFFIRMS})"
)

# « ☐ oui ☒ non », « oui ☐ non ☒ »: the answer that a box ticks.
_BOXED = r"(?:\[\s?x\s?\]|[☒☑■✓✔]|\(x\))"
_EMPTY = r"(?:\[\s?\]|[☐□◻]|\(\s\))"
_TICKED = re.compile(
    r"[^.;\w\[\](☐□◻☒☑■✓✔]{0,6}"
    rf"(?:(?:{_EMPTY}\s?(?:oui|non)\W{{0,3}}?)?{_BOXED}\s?(?P<before>oui|non)\b"
    rf"|(?:(?:oui|non)\s?{_EMPTY}\W{{0,3}}?)?(?P<after>oui|non)\s?{_BOXED})"
)
# « [ ] Le marché est réservé à … »: a line of a form whose box is left empty.
_UNTICKED = re.compile(rf"^\s*[-*•]?\s*{_EMPTY}\s?(?!(?:oui|non)\b)")
# « [X] Clause d'insertion [ ] Marché réservé »: each box stands before its words.
_EMPTY_BEFORE = re.compile(rf"{_EMPTY}\s?$")
_BOX_FIRST = re.compile(rf"(?:[^\[☐□◻☒☑■✓✔(]*[:?])?\s*(?:{_EMPTY}|{_BOXED})\s?(?!(?:oui|non)\b)")
# « aucun lot n'est réservé, sauf le lot 3 »: what is denied holds of the lot set apart.
_EXCEPT_ONE = re.compile(
    r"\bautres lots que\b|"
    r"\bseuls? (?:le|les) lots?\b[^.;]{1,40}?\bn(?:e |')"
    r"|\bseuls? [^.;]{0,30}?\blots? [^.;]{1,40}?\b(?:est|sont) (?:exoner|exempt|dispens)"
    r"|\baucune?\b[^.;]{0,120}?"
    r"\b(?:sauf|hormis|excepte|a l'exception|en dehors|hors)\b[^.;\d]{0,12}\blots?\b"
    r"(?!.*(?:reserv|clause|insertion))"
    r"|^\W*(?:sauf|hormis|excepte|a l'exception|en dehors)\b[^.;\d]{0,16}\blots? [^.;]{1,60}?"
    r"\baucune?\b"
)


# Pieces of words without which nothing denies: the cheap test made on every match.
# fmt: off
_HINTS = (
    " ne ", " n ", "n'", "pas", "aucun", "sans", " ni ", "non", "neant", "absence", "dispens",
    "exoner", "exempt", "exclu", "depourvu", " nulle", "hors", "suppr", "annul", "abandon", "retir",
    "retrait", "renonc", "defaut", "initialement", "precedemment", "anterieurement", "autrefois",
    "plus", "point", "erreur", "errone", " 0", ":0", "=0", " so", ":so", "s.o", "n/a", " nc", ":nc",
    "cadu", "inapplicable", "remplac", "[", "(", "☐", "□", "◻", "☒", "☑", "■", "✓", "✔",
)
# fmt: on


def _reach(folded: str, sentence: tuple[int, int], match: tuple[int, int]) -> tuple[int, int]:
    """Between which offsets the words of a sentence bear on those found."""
    start, end = sentence
    for contrast in _BREAK.finditer(folded, start, end):
        if contrast.end() <= match[0]:
            start = contrast.end()
        elif contrast.start() >= match[1]:
            end = contrast.start()
            break
    for restart in _RESTART.finditer(folded, start, match[0]):
        start = restart.end()
    return start, end


def is_denied(folded: str, sentence: tuple[int, int], match: tuple[int, int]) -> bool:
    """Whether the sentence says that what `match` names does not exist."""
    words = " " + folded[slice(*sentence)]
    if not holds(words, _HINTS) or _EXCEPT_ONE.search(words):
        return False
    start, end = _reach(folded, sentence, match)
    rules = denials()
    before = folded[start : match[0]]
    if rules.cancelled.search(before):
        return False
    if any(pattern.search(before) for pattern in (_UNTICKED, *rules.before)):
        return True
    if _EMPTY_BEFORE.search(before) and _BOX_FIRST.match(folded, *sentence):
        return True
    inside = folded[match[0] : match[1]]
    if any(pattern.search(inside) for pattern in rules.inside):
        return True
    after = folded[match[1] : end]
    ticked = _TICKED.match(after)
    if ticked is not None:
        return ticked.group(ticked.lastgroup or 0).endswith("non")
    return any(pattern.search(after) for pattern in rules.after)


def is_taken_back(folded: str, following: Iterable[tuple[int, int]]) -> bool:
    """Whether the parts that follow say that this contract is no part of the policy just told
    (« toutefois, cette opération n'est pas concernée »)."""
    return any(denials().later.search(folded, *part) for part in following)


def is_optional(folded: str, sentence: tuple[int, int]) -> bool:
    """Whether the clause invites without binding (« clause incitative »)."""
    rules = denials()
    found = rules.optional.search(folded, *sentence)
    return found is not None and rules.optional_unless.search(folded, *sentence) is None
