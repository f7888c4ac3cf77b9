"""How many times a figure of hours counts: « chacun », « par lot », « 2 x 35 h »; folded text."""

import re

from annuaire.clauses import numbers

_MULTIPLIED = re.compile(
    r"(?<![\d,.])(?P<times>[1-9]\d?)\s?(?:(?:jours|journees|semaines|personnes|salaries|postes"
    r"|agents)\s?)?[x×*]\s?$"
    rf"|\b(?P<weeks>{numbers.NUMBER}) (?:semaines|jours) (?:de|a) $"  # « 7 semaines de 35 heures »
)
_EACH = re.compile(r"\bchacune?\b|\bchaque\b(?! (?:annee|mois|semaine|jour|bon|commande))")
_EACH_AFTER = re.compile(
    r"\s?/\s?lot\b|(?!.{0,60}\b(?:repart|ventil|detaill|precis|indiqu|defin|fix)\w* par lot)"
    r"[^.;\d]{0,60}?(?:\bchacune?\b|\b(?:par|pour chaque|dans chaque|chaque) lot\b"
    r"|\bchaque (?:titulaire|attributaire|entreprise)\b)"
)
_NOUN = (
    r"(?:lots|tranches|phases|sites|titulaires|attributaires|entreprises|secteurs|batiments"
    r"|equipes|parcours|prestataires|cotraitants|personnes|salaries|postes|agents|contrats|jeunes"
    r"|demandeurs|beneficiaires|embauches|recrutements|stagiaires|apprentis|alternants|autres)"
)
_PERIOD = r"(?:annees|periodes|ans|reconductions|renouvellements)"
# « chacun des quatre lots », « pour chacune des trois années »
_EACH_OF = re.compile(
    rf"\bchacune? (?:des|de ces|d'entre les) (?P<count>{numbers.NUMBER}) "
    rf"(?:[a-z-]+ )?(?:{_NOUN}|{_PERIOD})\b"
)
# « les quatre titulaires … chacun », « deux tranches optionnelles … chacune »
_COUNTED = re.compile(rf"\b(?P<count>{numbers.NUMBER}) (?:[a-z-]+ )?{_NOUN}\b")
# « tranches optionnelles 1 et 2 : 250 h chacune »
_NUMBERED = re.compile(
    r"\b(?:tranches|phases)\s(?:[a-z]+\s)?(?:n°\s?)?(?P<list>\d+(?:\s*(?:,|et)\s*\d+)+)\b"
)
# « les lots peinture et sols souples … 140 h chacun »: lots told by their trades
_TRADES = re.compile(
    r"\blots (?P<names>[a-z][a-z' -]*(?:, [a-z][a-z' -]*)* et [a-z][a-z' -]*?)"
    r" (?:sont|ont|comport\w+|port\w+|font|realis\w+|doivent|devront)\b[^.;\d]{0,90}$"
)
_LOTS_COUNTED = re.compile(
    rf"\b(?:en|comprend|comporte|compte|de) (?P<count>{numbers.NUMBER}) (?:[a-z-]+ )?lots\b"
)
_SOME_LOTS = re.compile(rf"\b(?P<count>{numbers.NUMBER}) (?:premiers |derniers )?lots\b")
_OTHERWISE = re.compile(r"[.;,\d]|\bet\b")
_CLAUSE_END = re.compile(r"[.;,]|\bet\b")
_MOST = 120  # of what is counted; beyond, the number is that of something else


def factor(before: str) -> int:
    """« 2 x 35 h »: what multiplies the figure that follows; 1 for nothing."""
    found = _MULTIPLIED.search(before)
    count = numbers.parse(found["times"] or found["weeks"]) if found is not None else None
    return int(count or 1)


def times(before: str, after: str) -> tuple[int, bool]:
    """For how many things a figure counts, and whether it is said of each of several; from the
    words of its clause before and after it, other figures of hours left out."""
    if count := _counted(_EACH_OF.search(before) or _each_of_after(after)):
        return count, True
    each = _EACH.search(before)
    follows = _EACH_AFTER.match(after)
    if each is None and follows is None:
        return 1, False
    told = before if each is None or follows is not None else before[: each.start()]
    if (numbered := _NUMBERED.search(told)) is not None:
        return len(re.findall(r"\d+", numbered["list"])), True
    if (trades := _TRADES.search(told)) is not None:
        return trades["names"].count(",") + 2, True
    told_after = _COUNTED.search(_CLAUSE_END.split(after)[0]) if follows else None
    return _counted(_COUNTED.search(told) or told_after) or 1, True


def lots_told(before: str) -> int:
    """How many lots were counted before « par lot » (« divisé en 4 lots »); 1 for not told."""
    found = list(_LOTS_COUNTED.finditer(before))
    return (_counted(found[-1]) if found else None) or 1


def lots_in(words: str) -> int:
    """How many lots a clause counts (« les trois premiers lots »); 0 for not told."""
    return _counted(_SOME_LOTS.search(words)) or 0


def _each_of_after(after: str) -> re.Match[str] | None:
    """« 210 heures pour chacune des deux tranches », before any other figure."""
    found = _EACH_OF.search(after)
    if found is None or _OTHERWISE.search(after[: found.start()]):
        return None
    return found


def _counted(match: re.Match[str] | None) -> int | None:
    count = numbers.parse(match["count"]) if match is not None else None
    return int(count) if count is not None and 2 <= count <= _MOST else None
