"""Hours, share of the hours and weight of a criterion, read near a clause; folded text."""

import re
from dataclasses import dataclass

from annuaire.clauses import numbers

_HOURS = re.compile(
    rf"(?<![\d,./-])(?P<n>{numbers.NUMBER})\s*(?:heures?|heurs|hrs?|hs?)(?![a-z0-9])"
    rf"|(?<![\d,./-])(?P<m>{numbers.IN_DIGITS})\s*h(?=lot)"
)
_NOT_BEFORE = re.compile(
    r"(?:avant|delai (?:maximum |maximal )?(?:de|d')|sous|toutes les|jusqu'a|(?:dans|de|entre|a partir de) "
    r"\d+ ?h(?:eures?)?(?:\d\d)? ?(?:a|et)|\ba|horaires?\W+(?:de)?|astreinte\w*|preavis (?:de)?|"
    r"dans les|par tranche de)\s*$"
)
_NOT_AFTER = re.compile(
    r"\s*(?:par jour|/ ?j|par semaine|hebdomadaires?|par agent|ouvree?s|a \d+ ?h|avant|apres|\d\d\b"
    r"|d'intervention|de delai|[^.;]{0,30}pour (?:chaque )?(?:tranche de )?[\d .]+(?:€|euros|e ht))"
)
_WORTH = re.compile(r"(?:\bsoit\b(?: un total de| au total)?|\(|equivalen\w+ a|=)\s*$")
_PARTIAL = re.compile(r"\b(?:dont|y compris)\b(?:\W+\w+){0,3}\W*$")
_LABEL = re.compile(r"lots?\b|tranche|phase|annee|periode|site|secteur|marche n")
_TOTAL = re.compile(
    r"(?:au total|total|ensemble|globale?(?:ment)?|tous lots confondus|en tout)\W*"
    r"(?:\w+\W+){0,4}$"
)
_SHARE = re.compile(rf"(?P<n>{numbers.NUMBER})\s*(?:%|pour ?cents?\b|p\. ?100)")
_SHARE_BEFORE = re.compile(
    r"(?:taux|part|pourcentage|effort|objectif|volume)\s(?:minimale? |minimum )?(?:d'|de l'|dedie a l')insertion\W+"
    r"(?:\w+\W+){0,4}$|(?:clause|obligation|action)\W+(?:\w+\W+){0,3}(?:est|sera|represente|fixee?|porte)\W+"
    r"(?:\w+\W+){0,3}$|insertion\W+(?:\w+\W+){0,8}$"
)
_SHARE_AFTER = re.compile(
    r"\s*(?:minimum |au moins |au minimum )?(?:\w+ ){0,1}(?:des?|du|de la|de l'|d'|en)\W*(?:\w+\W+){0,3}?"
    r"(?:heures|temps|main d'?\s?oeuvre|effectifs?|travail|insertion|volume|masse salariale)"
)
_SHARE_NOT = re.compile(
    r"(?:main d'oeuvre|\brh\b|penalit\w+|avance|retenue|remise|tva|prix|technique|critere\w*|pondere\w*|"
    r"note|delai|handicap\w*|proportion minimale)\W+(?:\w+\W+){0,3}$"
)
_SHARE_NOT_AFTER = re.compile(
    r"\s*(?:de (?:travailleurs|salaries|personnes|leurs? )|du montant|de la note|des points|de penal)"
)
_WEIGHT = re.compile(
    r"(?P<n>\d{1,3}(?:[.,]\d+)?)\s*(?:%|pour ?cents?\b|points?|pts?\b|/\s*100|/\s*20|/\s*10(?!\d))"
)
LARGEST_HOURS = 2_000_000.0


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


def hours(folded: str, start: int, end: int) -> list[HoursMention]:
    """The hours of work stated between two offsets, without times of day or deadlines."""
    found: list[HoursMention] = []
    for match in _HOURS.finditer(folded, start, end):
        group = "n" if match.group("n") else "m"
        value = numbers.parse(match.group(group))
        before = folded[max(start, match.start() - 60) : match.start()]
        after = folded[match.end() : min(end, match.end() + 60)]
        if value is None or not 1 <= value <= LARGEST_HOURS:
            continue
        if _NOT_BEFORE.search(before) or _NOT_AFTER.match(after):
            continue
        found.append(
            HoursMention(
                hours=value,
                start=match.start(),
                end=match.end(),
                worth=bool(_WORTH.search(before)),
                total=bool(_TOTAL.search(before)),
                partial=bool(_PARTIAL.search(before)),
                labelled=bool(_LABEL.search(before) or _LABEL.search(after)),
            )
        )
    return found


def total(mentions: list[HoursMention]) -> float | None:
    """What several mentions amount to: the sum of the parts, a restated figure counted once."""
    if not mentions:
        return None
    if not all(mention.partial for mention in mentions):
        mentions = [mention for mention in mentions if not mention.partial]
    values = [mention.hours for mention in mentions]
    stated = [mention.hours for mention in mentions if mention.total]
    if stated:
        return max(stated)
    for index, value in enumerate(values):
        rest = values[:index] + values[index + 1 :]
        if len(rest) > 1 and abs(sum(rest) - value) < 1:
            return value
    kept: list[float] = []
    for mention in mentions:
        if mention.worth and kept:
            kept[-1] = max(kept[-1], mention.hours)
        elif mention.hours not in kept or mention.labelled:
            kept.append(mention.hours)
    return sum(kept)


def share(folded: str, start: int, end: int) -> float | None:
    """The share of the work kept for insertion (0 to 1) between two offsets, or None."""
    for match in _SHARE.finditer(folded, start, end):
        value = numbers.parse(match.group("n"))
        before = folded[max(start, match.start() - 80) : match.start()]
        after = folded[match.end() : min(end, match.end() + 80)]
        if value is None or not 0 < value <= 100:
            continue
        if _SHARE_NOT.search(before) or _SHARE_NOT_AFTER.match(after):
            continue
        if _SHARE_BEFORE.search(before) or _SHARE_AFTER.match(after):
            return value / 100
    return None


def weight(folded: str, match: tuple[int, int], end: int) -> float | None:
    """The weight of a criterion, as written, in the words found or just after them."""
    inside = list(_WEIGHT.finditer(folded, *match))
    found = inside[-1] if inside else _WEIGHT.search(folded, match[1], min(end, match[1] + 80))
    return numbers.parse(found.group("n")) if found else None
