"""Hours of work that a clause states, told from times of day and deadlines; folded text."""

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from annuaire.clauses import numbers

LARGEST = 2_000_000.0

_UNIT = r"(?:heures?|heurs|heure\(s\)|hrs?|hs?)(?![a-z0-9])|h(?=lot)"
_HOURS = re.compile(
    rf"(?<![\d,/-])(?<!\w\.)(?P<n>{numbers.NUMBER})(?:\s*\(\s*(?:{numbers.IN_DIGITS})\s*\))?\s*(?:{_UNIT})"
    # « heures d'insertion : 160 », « celui du lot 6 en réalisera 90 »
    r"|(?:heures|volume horaire)\b(?:[^.;:=\d(]|\([^()]{0,30}\)){0,80}?"
    r"(?:[:=]|s'eleve(?:nt)? a|est de|fixee?s? a|portee?s? a|"
    r"(?:infe|supe)rieure?s? (?:ou egale?s? )?a)\s*"
    rf"(?P<named>{numbers.NUMBER})(?=\s*(?:\((?!\s?lots?\b)[^()]{{1,30}}\)\s*)?"
    r"(?:(?:au total|en tout)?[.,;)](?!\d)|\s?[-/]\s|$))"
    r"|\bheures? (?:d'insertion )?\((?P<inner>\d[\d ]{0,6})\)"  # « leur quota d'heures (560) »
    r"|\ben (?:realis|effectu|totalis|compt|integr|prevoi|comport|represent|assur|doi|devr)\w+ "
    rf"(?P<said>{numbers.IN_DIGITS})"
    r"(?=\s*(?:\([^()]{1,30}\)\s*)?(?:[.,;)](?!\d)|$))"
)
# « respectivement 70, 105 et 35 heures »
_SERIES = re.compile(
    rf"respectivement\W+(?:a |de )?(?P<list>(?:{numbers.NUMBER})"
    rf"(?:\s*(?:h|heures?)?\s*(?:,|;|/|et)\s*(?:a |de )?(?:{numbers.NUMBER}))+)\s*(?:{_UNIT})"
)
_ENUMERATED = re.compile(
    rf"(?<![\w,./-])(?P<list>(?:{numbers.NUMBER})(?:\s?,\s(?:{numbers.NUMBER}))*"
    rf"\set\s(?:{numbers.NUMBER}))\s*(?:{_UNIT})"
)
# « heures (lots 2/5/7) : 120/90/60 »
_SLASHED = re.compile(
    r"\bheures?\b[^.;:]{0,60}[:=]\s?(?P<list>\d{1,5}(?:\s?/\s?\d{1,5})+)(?![\d/])"
)
_NOT_BEFORE = re.compile(
    r"(?:avant|delai (?:maximum |maximal )?(?:de|d')|sous|toutes les|jusqu'a|dans les|"
    r"horaires?\W+(?:de)?|(?:pour|par) chaque (?:bon|marche subsequent|commande)\b[^;]{0,50},|"
    r"astreinte\w*|preavis (?:de)?|par tranche de|penalites? de)\s*$"
)
# « à 8 heures », « de 8 h à 17 heures », when the figure is that of a clock
_CLOCK = re.compile(
    r"\b(?:a|de|entre)\s*$"
    r"|\b(?:dans|de|entre|a partir de) \d+ ?h(?:eures?)?(?:\d\d)? ?(?:a|et)\s*$"
    r"|\d ?h(?:\d\d)? ?-\s*$"
)
_NOT_AFTER = re.compile(
    r"\s*(?:par jour|/ ?j|par semaine|hebdomadaires?|par agent|ouvree?s|"
    r"avant|/ ?(?:24|7)\b|apres|\d\d\b|d'intervention|de delai|sur 24|"
    r"[^.;]{0,30}(?:\b(?:pour|par|tous les)|/) ?(?:chaque )?(?:tranche de )?[\d .]+"
    r"(?:€|k€|euros|eur\b|e ht))"
)
_CLOCK_AFTER = re.compile(r"\s*(?:a|et|-) ?\d\d? ?h")  # « 9 h à 12 h »
# « entre 300 et 400 heures »: what is owed is the first
_BETWEEN = re.compile(rf"\bentre (?P<low>{numbers.NUMBER})(?:\s?h(?:eures)?)? et\s*$")
_WORTH = re.compile(
    r"(?:\bsoit\b(?: un total de| au total| environ| en moyenne| au moins)?|\(|=|"
    r"equivalen\w+ a)\s*$"
)
_PARTIAL = re.compile(
    r"\b(?:dont|y compris)\b(?:\W+\w+){0,3}\W*$|\breparti\w* (?:en|sur)\b(?:\W+\w+){0,4}\W*$"
)
# « dont 1 200 heures en tranche ferme et 650 heures en tranche optionnelle »: both are parts
_PARTIAL_TOO = re.compile(r"(?:[^.;:\d]|\b20\d\d\b){0,60}(?:\bet\b|,)\W*(?:[a-z']+\W+){0,3}")
_LABEL = re.compile(r"\b20\d\d\s?[:=]|lots?\b|tranche|phase|annee|periode|site|secteur|marche n")
_TOTAL = re.compile(
    r"(?:au total|total|ensemble|globale?(?:ment)?|tous lots confondus|en tout)\W*(?:\w+\W+){0,4}$"
)
_TRANCHES = re.compile(r"tranches?\s\w+\s(?P<list>\d+(?:\s*(?:,|et)\s*\d+)+)\W*$")
_EACH_OF_THEM = re.compile(r"(?:\W+[\w']+){0,3}?\W+chacune?\b")
_MULTIPLIED = re.compile(r"(?<![\d,.])(?P<times>[1-9]\d?)\s?[x×*]\s?$")
_TOTAL_AFTER = re.compile(r"\s*(?:d'insertion |de travail )?(?:au total|en tout|tous lots)")
# « 200 heures pour le lot 1 et 100 pour le lot 2 »: the second figure goes without its unit
_ELIDED = re.compile(
    rf"(?<![\w,./°-])(?<!\blot )(?<!\blots )(?P<n>{numbers.NUMBER})"
    r"(?=\s(?:pour|sur|par|au titre d(?:u|es)|en)\s"
    r"(?:le |la |les |(?:celui|ceux|celles?) d(?:u|es) )?"
    r"(?:lots?|tranches?|phases?|periodes?|annees?)\b|\set (?:de )?\d+ (?:pour|sur|au titre)\b)"
    # « 910 heures au lot 2, le lot charpente (lot n° 3) 245 »
    rf"|(?:(?<=lot )|(?<=lot n°)|(?<=lot n° ))\d{{1,2}}\)\s(?P<lone>{numbers.IN_DIGITS})"
    r"(?=\s*(?:[,;.](?!\d)|$))"
)
_HOURS_BEFORE = re.compile(r"heures?\b|\d ?h\b")
_CEILING = re.compile(r"(?:\bmaxi(?:m\w+)?\b|\bplafond\w*|\bau plus)\W+(?:\w+\W+){0,3}$")
_CEILING_AFTER = re.compile(r"\s*(?:d'insertion )?(?:\(?(?:au )?maxim(?:um|ale?s?)|au plus)\b")
# « 2 000 heures de nettoyage dont 100 heures d'insertion »: the hours of the contract's own work
_OTHER_WORK = re.compile(
    r"\s*(?:annuelles? )?(?:de |d')(?:nettoyage|prestations?|services?|formation|maintenance|"
    r"gardiennage|surveillance|entretien|cours|fonctionnement|conduite|location|transport)\b"
)
_OTHER_WORK_BEFORE = re.compile(r"\bformations? (?:\w+ )?(?:de |d')$")
# « pour chacun des deux lots, 60 heures »: how many lots share a figure said of each
_LOTS_EACH = (
    rf"(?:pour |par |sur )?chacune? des (?P<count>{numbers.NUMBER}) "
    r"(?:premiere?s? |autres )?(?:lots|annees|tranches|phases|periodes|sites)\b"
)
_LOTS_EACH_BEFORE = re.compile(rf"{_LOTS_EACH}\W+(?:[a-z']+\W+){{0,4}}$")
_LOTS_EACH_AFTER = re.compile(rf"\W*(?:(?!et\b)[a-z']+\W+){{0,3}}?{_LOTS_EACH}")
# « les lots peinture et sols souples … 140 h chacun »: lots told by their trades
_TRADES_EACH = re.compile(
    r"\blots (?P<names>[a-z][a-z' -]*(?:, [a-z][a-z' -]*)* et [a-z][a-z' -]*?)"
    r" (?:sont|ont|comport\w+|port\w+|font|realis\w+|doivent|devront)\b[^.;\d]{0,90}$"
)
_PEOPLE_EACH = re.compile(
    rf"\b(?P<count>{numbers.NUMBER}) (?:personnes|salaries|postes|agents|contrats|jeunes|"
    r"demandeurs|beneficiaires|embauches|recrutements)\b[^.;\d]{0,60}$"
)
# « 175 h GO, 70 h charpente, 70 h électricité »: each figure is that of the trade after it
_OF_A_TRADE = re.compile(
    r"\s?(?!(?:d'insertion|de travail|soit)\b)[a-z][a-z. /'-]{1,30}[,;/+]\s?(?:et )?"
)
_SHARE_OF = re.compile(r"\bdont\b[^.;]*?(?:%|pour ?cent)")
_NEXT_FIGURE = re.compile(r"\d\s*h(?:eures?)?\b|[,;]")
_NEXT_CLAUSE = re.compile(r"[,;.(\d]")
_DAY = 24.0
_NEAR = 60  # characters looked at on either side


@dataclass(frozen=True, slots=True)
class HoursMention:
    """A number of hours at a place. `worth` marks what restates the one before it (« soit »),
    `total` what says that it is the sum, `labelled` what names its lot or tranche, `partial`
    what is counted in another (« dont 35 heures »)."""

    hours: float
    start: int
    end: int
    worth: bool
    total: bool
    labelled: bool
    partial: bool


def labelled(hours: float, start: int, end: int) -> HoursMention:
    """Hours of a lot named beside them, neither a sum nor part of one."""
    return HoursMention(hours, start, end, False, False, True, False)


def mentions(folded: str, start: int, end: int) -> list[HoursMention]:
    """The hours of work stated between two offsets."""
    found = _series(folded, start, end)
    if found:
        return found
    ceilings: list[HoursMention] = []
    others: list[HoursMention] = []
    for match in _matches(folded, start, end):
        value = numbers.parse(next(group for group in match.groups() if group))
        begin = max(match.start(group) for group in match.groupdict())
        before = folded[max(start, begin - _NEAR) : begin]
        after = folded[match.end() : min(end, match.end() + _NEAR)]
        if value is None or not 1 <= value <= LARGEST:
            continue
        if _NOT_BEFORE.search(before) or _NOT_AFTER.match(after):
            continue
        if value <= _DAY and (_CLOCK.search(before) or _CLOCK_AFTER.match(after)):
            continue
        between = _BETWEEN.search(before)
        if between is not None:
            value = numbers.parse(between["low"]) or value
        kept = found
        if _OTHER_WORK.match(after) or _OTHER_WORK_BEFORE.search(before):
            kept = others
        elif _CEILING.search(before) or _CEILING_AFTER.match(after):
            kept = ceilings
        kept.append(
            HoursMention(
                hours=value * _times(folded[max(start, begin - 2 * _NEAR) : begin], after),
                start=begin,
                end=match.end(),
                worth=bool(_WORTH.search(before)),
                total=bool(_TOTAL.search(before) or _TOTAL_AFTER.match(after)),
                labelled=_is_labelled(before, after),
                partial=bool(_PARTIAL.search(before)) or _goes_on(folded, kept, begin),
            )
        )
    return _by_trade(folded, _without_wholes(folded, found or ceilings or others))


def _by_trade(folded: str, found: list[HoursMention]) -> list[HoursMention]:
    """Figures that each name their trade are labelled, so that equal ones count twice."""
    gaps = [_OF_A_TRADE.fullmatch(folded, a.end, b.start) for a, b in pairwise(found)]
    if len(found) < 3 or not all(gaps):
        return found
    return [replace(mention, labelled=True) for mention in found]


def _goes_on(folded: str, kept: list[HoursMention], begin: int) -> bool:
    """Whether figures said to be parts of another go on with this one."""
    return bool(kept and kept[-1].partial and _PARTIAL_TOO.fullmatch(folded, kept[-1].end, begin))


def _without_wholes(folded: str, found: list[HoursMention]) -> list[HoursMention]:
    """« 3 000 heures de travail dont 5 % pour l'insertion, soit 150 heures »: the last counts."""
    following = [*found[1:], None][: len(found)]
    return [
        mention
        for mention, next_one in zip(found, following, strict=True)
        if next_one is None
        or not next_one.worth
        or not _SHARE_OF.search(folded, mention.end, next_one.start)
    ]


def _matches(folded: str, start: int, end: int) -> list[re.Match[str]]:
    """What may be hours, in order, with the figures that go without their unit."""
    found = list(_HOURS.finditer(folded, start, end))
    taken = {match.start() for match in found}
    if found or folded.find("heure", start, end) >= 0:
        found += [
            match
            for match in _ELIDED.finditer(folded, start, end)
            if match.start() not in taken and _HOURS_BEFORE.search(folded, start, match.start())
        ]
        found.sort(key=lambda match: match.start())
    return found


def _series(folded: str, start: int, end: int) -> list[HoursMention]:
    """The figures given in the order of the lots, under one « heures »."""
    match = _SERIES.search(folded, start, end)
    return [] if match is None else _figures(match)


def _figures(match: re.Match[str]) -> list[HoursMention]:
    """Each figure of the group `list`."""
    offset = match.start("list")
    return [
        labelled(value, offset + item.start(), offset + item.end())
        for item in re.finditer(numbers.NUMBER, match["list"])
        if (value := numbers.parse(item.group())) is not None
    ]


def enumerated(folded: str, start: int, end: int, count: int) -> list[HoursMention]:
    """« 70, 35 et 35 heures »: as many figures as there are lots, under one « heures »."""
    series = [*_ENUMERATED.finditer(folded, start, end), *_SLASHED.finditer(folded, start, end)]
    for match in series:
        figures = _figures(match)
        if len(figures) == count:
            return figures
    return []


def _times(before: str, after: str) -> int:
    """« tranches optionnelles 1 et 2 : 250 h chacune » counts twice, as does « 2 x 35 h »."""
    multiplied = _MULTIPLIED.search(before)
    if multiplied is not None:
        return int(multiplied["times"])
    each = _LOTS_EACH_BEFORE.search(before) or _LOTS_EACH_AFTER.match(after)
    if each is not None:
        return int(numbers.parse(each["count"]) or 1)
    people = _PEOPLE_EACH.search(before)
    if people is not None and _EACH_OF_THEM.match(after):
        return int(numbers.parse(people["count"]) or 1)
    trades = _TRADES_EACH.search(before)
    if trades is not None and _EACH_OF_THEM.match(after):
        return trades["names"].count(",") + 2
    named = _TRANCHES.search(before)
    if named is None or not _EACH_OF_THEM.match(after):
        return 1
    return len(re.findall(r"\d+", named["list"]))


def _is_labelled(before: str, after: str) -> bool:
    """Whether the figure is that of a lot or tranche named beside it."""
    near_before = _NEXT_FIGURE.split(before)[-1]
    near_after = _NEXT_CLAUSE.split(after)[0]
    return bool(_LABEL.search(near_before) or _LABEL.search(near_after))


def total(stated: list[HoursMention]) -> float | None:
    """What several mentions amount to: the sum of the parts, a restated figure counted once."""
    whole = [mention for mention in stated if not mention.partial] or stated
    if not whole:
        return None
    sums = [mention.hours for mention in whole if mention.total]
    if sums:
        return max(sums)
    for index, mention in enumerate(whole):
        rest = [other.hours for other in whole[:index] + whole[index + 1 :]]
        if len(rest) > 1 and not mention.labelled and abs(sum(rest) - mention.hours) < 1:
            return mention.hours
    kept: list[float] = []
    for mention in whole:
        if mention.worth and kept:
            kept[-1] = max(kept[-1], mention.hours)
        elif mention.hours not in kept or mention.labelled:
            kept.append(mention.hours)
    return sum(kept)
