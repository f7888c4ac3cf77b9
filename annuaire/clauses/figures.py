"""Figures of hours in a text, told from times of day and deadlines; folded text."""

import re
from dataclasses import dataclass
from functools import lru_cache

from annuaire.clauses import marks, numbers
from annuaire.clauses.series import UNIT

LARGEST = 2_000_000.0
REMEMBERED = 128  # parts of texts whose figures are kept: each is read for several questions
_HOURS = re.compile(
    rf"(?<![\d,/-])(?<!\w\.)(?<!\bt[of])(?<!n° )"
    rf"(?!(?<=\blot )\d{{1,2}}\s(?:\d{{1,3}}\s)?\d{{2,3}}\s?h)"
    rf"(?P<n>{numbers.NUMBER})(?:\s*\(\s*"
    rf"(?:{numbers.NUMBER})\s*\))?\s*(?:{UNIT})"
    # « heures d'insertion : 160 », « celui du lot 6 en réalisera 90 »
    r"|(?:heures|volume horaire)\b(?:[^.;:=\d(]|\([^()]{0,30}\)){0,80}?"
    r"(?:[:=]|\s-\s(?=\d)|(?:porte|ramene|releve)e?s? a|s'eleve(?:nt)? a|au nombre de|est de"
    r"|fixee?s? a|portee?s? a|"
    r"(?:infe|supe)rieure?s? (?:ou egale?s? )?a|compris\w* entre)\s*"
    rf"(?P<named>{numbers.NUMBER})(?= et \d|\s*(?:\((?!\s?lots?\b)[^()]{{1,30}}\)\s*)?"
    r"(?:(?:au total|en tout)?[.,;)](?!\d)|\s?[-/]\s|$))"
    # « leur quota d'heures (560) », « des heures (estimées à 3 200) »
    r"|\bheures? (?:d'insertion )?(?:(?!lots?\b)[a-z']+ ){0,4}?\((?:(?:estim|evalu|fix)\w+ a "
    r"|soit )?(?P<inner>\d[\d ]{0,6})"
    r"(?: (?:(?:au|en) )?(?:minimum|moins|total|tout))?\)"
    # « fixe à quatre cents le nombre d'heures d'insertion »
    rf"|\b(?:fix|port|arret|etabli|evalu)\w* a (?P<first>{numbers.NUMBER})"
    r"(?= le (?:nombre|volume|quota|total)\b[^.;\d]{0,30}\bheures)"
    r"|\ben (?:reserv|consacr|affect|accompl|realis|effectu|totalis|compt|integr|prevoi|comport"
    r"|represent|assur|doi|devr)\w+ "
    rf"(?P<said>{numbers.IN_DIGITS})"
    r"(?=\s*(?:\([^()]{1,30}\)\s*)?(?:chacune?\b|(?:a|pour) l'insertion|[.,;)](?!\d)|$))"
)
# « 200 heures pour le lot 1 et 100 pour le lot 2 »: the second figure goes without its unit
_ELIDED = re.compile(
    rf"(?<![\w,./°-])(?<!\blot )(?<!\blots )(?P<n>{numbers.NUMBER})"
    r"(?=\s(?:\([^()]{1,20}\)\s)?(?:pour|sur|par|(?:au titre|dans le cadre) d(?:u|es)|dans|en|au"
    r"|aux"
    r"|(?:incomb|revien|reviendr)\w+ (?:au|aux))\s"
    r"(?:le |la |les |(?:celui|ceux|celles?) d(?:u|es) )?"
    r"(?:lots?|tranches?|phases?|periodes?|annees?)\b|\set (?:de )?\d+ (?:pour|sur|au titre)\b)"
    # « 800 heures en tranche ferme ; en tranche conditionnelle, 350 »
    rf"|\b(?:tranche|phase)\s[a-z]+(?: \d)?, (?P<third>{numbers.IN_DIGITS})(?=\s*(?:[.;](?!\d)|$))"
    # « celui de chacune des trois tranches optionnelles de 455 »
    r"|\b(?:celui|celle|ceux|celles)\b(?:\blots? (?:n° ?)?\d+|[^.;\d]){0,60}?\b(?:de|a) "
    rf"(?P<that>{numbers.IN_DIGITS})(?=\s*(?:[.;](?!\d)|$))"
    # « 400 heures la première année, 300 la deuxième », « 400 sont réservées à l'insertion »
    rf"|(?<![\w,./°-])(?<!\blot )(?<!\blots )(?P<year>{numbers.IN_DIGITS})(?=\s(?:(?:pour )?la "
    rf"(?:premiere|deuxieme|seconde"
    r"|troisieme|quatrieme|derniere)\b|(?:sont|seront|devront etre) (?:reserv|consacr|affect"
    r"|confi)))"
    rf"|\bsoit (?P<so>{numbers.IN_DIGITS})(?=\s?[,.;)](?!\d))"
    # « le premier doit 120 heures, le second 60 », « au lot 1, 120 heures ; au lot 2, 60 »
    r"|\b(?:(?:le|la) (?:second|deuxieme|troisieme|quatrieme|dernier)e?|(?:le|du|au) lot "
    r"(?:n\s?°\s?)?\d{1,2}),? (?:de |pour |d'au moins |au moins )?"
    rf"(?P<next>{numbers.NUMBER})(?=\s*(?:[.;](?!\d)|$))"
    rf"|(?<![\w,./°-])(?P<ranked>{numbers.NUMBER})(?=\s(?:pour|a|au) (?:le |la )?(?:premier|second"
    r"|deuxieme|troisieme|dernier)e?\b)"
    rf"|(?P<among>{numbers.IN_DIGITS})(?=\s(?:d'entre elles|de ces heures|d'entre eux)\s)"
    rf"|\bdont (?P<part>{numbers.IN_DIGITS})(?=\s(?:devront|doivent|seront|sont|reservees|au profit"
    r"|pour (?:la presente|le present)"
    r"|pour l'insertion|d'insertion|au titre)\b)"
    # « 910 heures au lot 2, le lot charpente (lot n° 3) 245 »
    rf"|(?:(?<=lot )|(?<=lot n°)|(?<=lot n° ))\d{{1,2}}\),?\s(?P<lone>{numbers.NUMBER})"
    r"(?=\s*(?:[,;.](?!\d)|$))"
)
_HOURS_BEFORE = re.compile(r"heures?\b|\d ?h\b")
# « à 8 heures », « de 8 h à 17 heures », when the figure is that of a clock
_CLOCK = re.compile(
    r"\b(?:a|de|entre)\s*$"
    r"|\b(?:dans|de|entre|a partir de) \d+ ?h(?:eures?)?(?:\d\d)? ?(?:a|et)\s*$"
    r"|\d ?h(?:\d\d)? ?-\s*$"
)
_CLOCK_AFTER = re.compile(r"\s*(?:a|et|-) ?\d\d? ?h")  # « 9 h à 12 h »
_DAY = 24.0
_DELAY = 96.0  # hours within which something is done, at most
_LEGAL_MONTH = 151.67  # hours of full-time work a month: 35 h x 52 / 12 (L3121-27)
# « entre 300 et 400 heures »: what is owed is the first
_BETWEEN = re.compile(
    rf"\b(?:entre (?P<low>{numbers.NUMBER})(?:\s?h(?:eures)?)? et"
    # « de 35 à 70 heures », where no figure is replaced
    r"|de (?P<least>\d\d|\d[\d ]{2,6})(?:\s?h(?:eures)?)? a)\s*$"
)
# « passe de 100 à 150 heures »: the first figure is the former one
_CHANGED = re.compile(
    r"\b(?:port|pass|relev|ramen|abaiss|augment|diminu|redui|modifi|evolu)\w* (?:de )?$"
)
_TO_ANOTHER = re.compile(rf"\s(?:d'insertion )?a (?:{numbers.NUMBER})\s?h")


def owed(folded: str, start: int, end: int) -> bool:
    """Whether more than a day of hours stands between two offsets, that is neither a ceiling
    nor of other work."""
    figures = figures_in(folded, start, end)
    return any(f.value > _DAY and f.is_work and f.kind == "owed" for f in figures)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of hours between the words beside it."""

    value: float
    start: int
    end: int
    before: str
    after: str
    elided: bool  # told without its unit, after another
    on_the_hour: bool  # « 9h00 »

    @property
    def is_work(self) -> bool:
        """Whether it is no time of day, delay, threshold nor figure that was replaced."""
        if not 1 <= self.value <= LARGEST or abs(self.value - _LEGAL_MONTH) < 1:
            return False
        if marks.before("other_time_before", self.before):
            return False
        if self.value <= _DELAY and self.before.endswith("dans les "):
            return False
        if _CHANGED.search(self.before) and _TO_ANOTHER.match(self.after):
            return False
        if marks.after("other_time_after", self.after):
            return False
        if self.value <= _DAY and self.on_the_hour:
            return False
        if self.value <= _DAY and (_CLOCK.search(self.before) or _CLOCK_AFTER.match(self.after)):
            return False
        is_lot = self.after.startswith((" (", "(")) and marks.before("lot_list", self.before)
        if is_lot or marks.after("former_after", self.after):
            return False
        if marks.before("share_of", self.before) and not self.after.startswith(" d'insertion"):
            return False
        return not marks.before("former_figure", self.before)

    @property
    def kind(self) -> str:
        """Whether its hours are owed, a ceiling, or those of the contract's own work."""
        if marks.after("other_work_after", self.after):
            return "other"
        if marks.before("other_work_before", self.before):
            return "other"
        told_apart = "insertion" not in self.before and marks.before("work_before", self.before)
        if told_apart and marks.after("work_after", self.after):
            return "other"
        most = marks.before("ceiling_before", self.before)
        return "ceiling" if most or marks.after("ceiling_after", self.after) else "owed"


@lru_cache(maxsize=REMEMBERED)
def figures_in(folded: str, start: int, end: int) -> tuple[Figure, ...]:
    """Every figure of hours between two offsets, in order."""
    found = []
    for match in _matches(folded, start, end):
        begin = max(match.start(group) for group in match.groupdict())
        before = folded[max(start, begin - marks.NEAR) : begin]
        value = numbers.parse(next(group for group in match.groups() if group))
        between = _BETWEEN.search(before)
        if between is not None and not _CHANGED.search(before[: between.start()]):
            low = numbers.parse(between["low"] or between["least"])
            value = low if low and (between["low"] or low > _DAY) else value
        after = folded[match.end() : min(end, match.end() + marks.NEAR)]
        elided = match.re is _ELIDED
        clock = match.group().endswith("h00")
        found.append(Figure(value or 0, begin, match.end(), before, after, elided, clock))
    return tuple(found)


def _matches(folded: str, start: int, end: int) -> list[re.Match[str]]:
    """What may be hours, in order, with the figures that go without their unit."""
    found = list(_HOURS.finditer(folded, start, end))
    taken = {match.start() for match in found}
    if found or folded.find("heure", start, end) >= 0:
        found += [
            match
            for match in _ELIDED.finditer(folded, start, end)
            if match.start() not in taken
            and (match["among"] or _HOURS_BEFORE.search(folded, start, match.start()))
        ]
        found.sort(key=lambda match: match.start())
    return found
