"""Shares of the work kept for insertion, and weights of criteria; folded text."""

import re
from itertools import pairwise

from annuaire.clauses import numbers
from annuaire.clauses.lots import mentions

_SHARE = re.compile(
    rf"(?P<n>{numbers.NUMBER})\s*(?:%|pour ?cents?\b|p\. ?100)"
    r"|\b(?:pourcentage|taux) ?: ?(?P<named>\d{1,2}(?:[.,]\d+)?)(?=\s?(?:[-/;,.](?!\d)|$))"
)
_BEFORE = re.compile(
    r"(?:taux|part|pourcentage|effort|objectif|volume)\s(?:minimale? |minimum )?"
    r"(?:d'|de l'|dedie a l')insertion\W+(?:\w+\W+){0,4}$"
    r"|(?:clause|obligation|action)\W+(?:\w+\W+){0,3}(?:est|sera|represente|fixee?|porte)\W+"
    r"(?:\w+\W+){0,3}$"
    r"|insertion\W+(?:\w+\W+){0,8}$"
)
_AFTER = re.compile(
    r"\s*en (?:sont|est) (?:reserv|confi|affect|consacr)\w+"
    r"|\s*(?:minimum |au moins |au minimum )?(?:\w+ ){0,1}(?:des?|du|de la|de l'|d'|en)\W*"
    r"(?:\w+\W+){0,3}?"
    r"(?:heures|temps|montant|main[ -]d'?\s?oe?uvre|effectifs?|travail|insertion|volume|"
    r"masse salariale)"
)
_NOT_BEFORE = re.compile(
    r"(?:main[ -]d'oe?uvre|\brh\b|penalit\w+|avance|retenue|remise|tva|prix|technique|critere\w*|"
    r"pondere\w*|note|delai|handicap\w*|proportion minimale)\W+(?:\w+\W+){0,3}$"
)
_NOT_AFTER = re.compile(
    r"\s*(?:de (?:travailleurs|salaries|personnes|leurs? )|"
    r"du montant(?![^.;]{0,60}\b(?:structure|entreprise)s? d'insertion)|de la note|des points|"
    r"de penal)"
)
_MONEY = re.compile(r"\b(?:penalit\w+|avances?|retenues?|tva)\W+(?:\w+\W+){0,3}$")
_WEIGHT = re.compile(
    rf"(?P<n>\d{{1,3}}(?:[.,]\d+)?|{numbers.IN_WORDS})\s*"
    r"(?:%|pour ?cents?\b|points?\b|pts?\b|/\s*(?:100|20|10|5)(?!\d))"
    r"|(?:ponder\w+|coefficients?|coef\.?|poids|note\w* sur)\W+(?:(?:de|a|est)\W+){0,2}"
    r"(?P<named>\d{1,3}(?:[.,]\d+)?)"
    r"|(?P<titled>\d{1,3})(?=\sau\stitre)"
    r"|\(\s?(?P<bracketed>\d{1,3})\s?\)"
    r"|[:=]\s*(?P<listed>\d{1,3}(?:[.,]\d+)?)(?=\s*(?:[;/)]|[.,](?!\d)|$))"
    r"|\b(?P<bare>\d{1,2})(?=\s*(?:/|$))"
)
_WEIGHT_BEFORE = re.compile(r"(?P<n>\d{1,3}(?:[.,]\d+)?)\s*(?:%|points?|pts?)\s*(?:\w+\W+){0,4}$")
_WEIGHT_NEXT = re.compile(
    r"\W*(?:ce (?:point|critere|volet)|cette partie|cet element|il|elle)\b[^.;\d]{0,40}?"
    r"\b(?:note\w*|pondere\w*|compte\w*|vaut|represente)\W+(?:sur|a|pour|de)?\W*"
    r"(?P<n>\d{1,3}(?:[.,]\d+)?)"
)
_NEAR = 80  # characters looked at on either side


def share(folded: str, start: int, end: int) -> float | None:
    """The share of the work kept for insertion (0 to 1) between two offsets, or None."""
    for match in _SHARE.finditer(folded, start, end):
        value = numbers.parse(match["n"] or match["named"])
        before = folded[max(start, match.start() - _NEAR) : match.start()]
        after = folded[match.end() : min(end, match.end() + _NEAR)]
        if value is None or not 0 < value <= 100:
            continue
        if _NOT_BEFORE.search(before) or _NOT_AFTER.match(after):
            continue
        if match["named"] or _BEFORE.search(before) or _AFTER.match(after):
            return round(value / 100, 6)
    return None


def by_lot(folded: str, start: int, end: int) -> list[tuple[float, tuple[str, ...]]]:
    """« 7 % du temps du lot 1 et 10 % de celui du lot 2 »: the shares with their lots, where
    different ones and lots stand by turns between two offsets; else nothing."""
    named = mentions(folded, start, end)
    told = [
        (match.start(), match.end(), value)
        for match in _SHARE.finditer(folded, start, end)
        if (value := numbers.parse(match["n"] or match["named"])) is not None and 0 < value <= 100
    ]
    if any(_MONEY.search(folded, start, at) for at, _, _ in told):
        return []
    if len(named) != len(told) or len({value for _, _, value in told}) < 2:
        return []
    places = sorted(
        [("share", *span[:2]) for span in told] + [("lot", m.start, m.end) for m in named],
        key=lambda place: place[1],
    )
    if any(a[0] == b[0] or a[2] > b[1] for a, b in pairwise(places)):
        return []
    return [
        (round(value / 100, 6), mention.numbers)
        for (_, _, value), mention in zip(told, named, strict=True)
    ]


def weight(folded: str, match: tuple[int, int], end: int) -> float | None:
    """The weight of a criterion, as written, in the words found, just after or just before."""
    inside = list(_WEIGHT.finditer(folded, *match))
    found = inside[-1] if inside else None
    if found is None:
        following = folded[match[1] : min(end, match[1] + _NEAR)]
        found = _WEIGHT.search(following) or _WEIGHT_BEFORE.search(
            folded[max(0, match[0] - _NEAR) : match[0]]
        )
    found = found or _WEIGHT_NEXT.match(folded, end)  # « ce point sera noté sur 10 »
    if found is None:
        return None
    return numbers.parse(next(group for group in found.groups() if group))
