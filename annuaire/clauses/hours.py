"""Hours of work that a clause states, told from times of day and deadlines; folded text."""

import re
from dataclasses import dataclass

from annuaire.clauses import numbers

LARGEST = 2_000_000.0

_UNIT = r"(?:heures?|heurs|heure\(s\)|hrs?|hs?)(?![a-z0-9])|h(?=lot)"
_HOURS = re.compile(
    rf"(?<![\d,./-])(?P<n>{numbers.NUMBER})(?:\s*\(\s*(?:{numbers.IN_DIGITS})\s*\))?\s*(?:{_UNIT})"
    # « heures d'insertion : 160 », « celui du lot 6 en réalisera 90 »
    r"|(?:heures|volume horaire)\b[^.;:=\d]{0,80}?"
    r"(?:[:=]|s'eleve(?:nt)? a|est de|fixee?s? a|portee?s? a)\s*"
    rf"(?P<named>{numbers.NUMBER})(?=\s*(?:\(\d+\)\s*)?(?:[.,;)](?!\d)|$))"
    rf"|\ben (?:realis|effectu)\w+ (?P<said>{numbers.IN_DIGITS})(?=\s*(?:[.,;)](?!\d)|$))"
)
# « lot 1 : 240, lot 2 : 120 », after « nombre d'heures »
_LISTED = re.compile(
    rf"lots?\s*(?:n\s?°\s?)?\d{{1,3}}[^.;:=\d]{{0,40}}?\s*[:=-]\s*(?P<n>{numbers.IN_DIGITS})"
    r"(?=\s*(?:[.,;)/](?!\d)|$))"
)
ANNOUNCED = re.compile(r"(?:heures|volumes? horaires?)\b[^.;]{0,80}?[:=]")
# « respectivement 70, 105 et 35 heures »
_SERIES = re.compile(
    rf"respectivement\W+(?:a |de )?(?P<list>(?:{numbers.NUMBER})"
    rf"(?:\s*(?:h|heures?)?\s*(?:,|;|et)\s*(?:a |de )?(?:{numbers.NUMBER}))+)\s*(?:{_UNIT})"
)
_NOT_BEFORE = re.compile(
    r"(?:avant|delai (?:maximum |maximal )?(?:de|d')|sous|toutes les|jusqu'a|dans les|"
    r"(?:dans|de|entre|a partir de) \d+ ?h(?:eures?)?(?:\d\d)? ?(?:a|et)|horaires?\W+(?:de)?|"
    r"astreinte\w*|preavis (?:de)?|par tranche de|penalites? de)\s*$"
)
_CLOCK = re.compile(r"\b(?:a|de|entre)\s*$")  # « à 8 heures », when the figure is that of a clock
_NOT_AFTER = re.compile(
    r"\s*(?:par jour|/ ?j|par semaine|hebdomadaires?|par agent|ouvree?s|a \d+ ?h|et \d+ ?h|avant|"
    r"apres|\d\d\b|d'intervention|de delai|sur 24|"
    r"[^.;]{0,30}(?:pour|par) (?:chaque )?(?:tranche de )?[\d .]+(?:€|k€|euros|eur\b|e ht))"
)
_WORTH = re.compile(r"(?:\bsoit\b(?: un total de| au total)?|\(|equivalen\w+ a|=)\s*$")
_PARTIAL = re.compile(
    r"\b(?:dont|y compris)\b(?:\W+\w+){0,3}\W*$|\breparti\w* (?:en|sur)\b(?:\W+\w+){0,4}\W*$"
)
_LABEL = re.compile(r"lots?\b|tranche|phase|annee|periode|site|secteur|marche n")
_TOTAL = re.compile(
    r"(?:au total|total|ensemble|globale?(?:ment)?|tous lots confondus|en tout)\W*(?:\w+\W+){0,4}$"
)
_TRANCHES = re.compile(r"tranches?\s\w+\s(?P<list>\d+(?:\s*(?:,|et)\s*\d+)+)\W*$")
_EACH_OF_THEM = re.compile(r"(?:\W+[\w']+){0,3}?\W+chacune?\b")
_MULTIPLIED = re.compile(r"(?<![\d,.])(?P<times>[1-9]\d?)\s?[x×*]\s?$")
_TOTAL_AFTER = re.compile(r"\s*(?:d'insertion |de travail )?(?:au total|en tout|tous lots)")
_NEXT_FIGURE = re.compile(r"\d\s*h(?:eures?)?\b|[,;]")
_NEXT_CLAUSE = re.compile(r"[,;.(\d]")
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


def mentions(folded: str, start: int, end: int) -> list[HoursMention]:
    """The hours of work stated between two offsets."""
    found = _series(folded, start, end)
    if found:
        return found
    for match in _HOURS.finditer(folded, start, end):
        value = numbers.parse(match["n"] or match["named"] or match["said"])
        begin = max(match.start(group) for group in ("n", "named", "said"))
        before = folded[max(start, begin - _NEAR) : begin]
        after = folded[match.end() : min(end, match.end() + _NEAR)]
        if value is None or not 1 <= value <= LARGEST:
            continue
        if _NOT_BEFORE.search(before) or _NOT_AFTER.match(after):
            continue
        if value <= 24 and _CLOCK.search(before):
            continue
        found.append(
            HoursMention(
                hours=value * _times(before, after),
                start=begin,
                end=match.end(),
                worth=bool(_WORTH.search(before)),
                total=bool(_TOTAL.search(before) or _TOTAL_AFTER.match(after)),
                labelled=_is_labelled(before, after),
                partial=bool(_PARTIAL.search(before)),
            )
        )
    return found


def _series(folded: str, start: int, end: int) -> list[HoursMention]:
    """The figures given in the order of the lots, under one « heures »."""
    match = _SERIES.search(folded, start, end)
    if match is None:
        return []
    offset = match.start("list")
    return [
        HoursMention(
            hours=value,
            start=offset + item.start(),
            end=offset + item.end(),
            worth=False,
            total=False,
            labelled=True,
            partial=False,
        )
        for item in re.finditer(numbers.NUMBER, match.group("list"))
        if (value := numbers.parse(item.group())) is not None
    ]


def listed(folded: str, start: int, end: int) -> list[HoursMention]:
    """The figures of a list of lots that an earlier « nombre d'heures : » announces."""
    return [
        HoursMention(
            hours=value,
            start=match.start("n"),
            end=match.end(),
            worth=False,
            total=False,
            labelled=True,
            partial=False,
        )
        for match in _LISTED.finditer(folded, start, end)
        if (value := numbers.parse(match["n"])) is not None and 1 <= value <= LARGEST
    ]


def _times(before: str, after: str) -> int:
    """« tranches optionnelles 1 et 2 : 250 h chacune » counts twice, as does « 2 x 35 h »."""
    multiplied = _MULTIPLIED.search(before)
    if multiplied is not None:
        return int(multiplied["times"])
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
