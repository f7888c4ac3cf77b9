"""Hours of work that a clause states, told from times of day and deadlines; folded text."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from annuaire.clauses import figures, marks, multiples, series

# « dont 1 200 heures en tranche ferme et 650 heures en tranche optionnelle »: both are parts
_PARTIAL_TOO = re.compile(
    r"(?:[^.;:\d]|\b20\d\d\b|\b\d\d ans\b|(?<=[a-z°] )\d\b(?! ?h)){0,60}(?:\bet\b|,)\W*"
    r"(?:[a-z']+\W+){0,3}"
)
# « 10 000 heures pour le programme, dont 2 000 pour la présente consultation »
_OWN_PART = re.compile(
    r"\s*(?:d'insertion )?(?:pour|sur|au titre d[eu]) (?:la presente|le present|ce(?:tte)? "
    r"(?:seule?)?) ?"
    r"(?:consultation|marche|lot|contrat|operation|accord-cadre)"
)
_ECHOES = {"le double": 2.0, "le triple": 3.0, "la moitie": 0.5}
_ECHO = re.compile(
    r"(?<!d')(?<!dont )\b(?P<words>le double|le triple|la moitie|autant|le meme (?:nombre|volume"
    r"|quota)|(?:un |une )?(?:effort|engagement|obligation|volume|quota|nombre d'heures) "
    r"(?:equivalente?|identique|egale?|similaire)(?! a)|idem)\b"
    r"(?! (?:que|de (?:lots|personnes)))"
)
_AMONG = re.compile(
    r"\s(?:d'entre elles|de ces heures)\b[^.;]{0,30}\b(?:insertion|reserv|eloign|publics?)"
)
_LABOUR = re.compile(r"\bheures? (?:de main[ -]d'ou?e?uvre|de chantier|de production)\b[^.;]*$")
_OF_CLAUSE = re.compile(r"insertion|clause|eloignees?|publics?\b|demandeurs")
_TO_INSERTION = re.compile(r"[^.;]{0,70}\b(?:insertion|clause)\b")
_PER_YEAR = re.compile(
    r"\W*(?:d'insertion )?(?:/ ?an|par (?:an|annee)|annuelles?|chaque annee)\W+(?:(?:et|soit|ou) )?"
    r"(?:\w+ ){0,2}"
)
# « chaque titulaire réalise 35 heures, ceux des lots 1 et 2 en réalisent 140 »
_SAME_DUTY = re.compile(r"\ben \w+ $")
_LABEL = re.compile(
    r"\b20\d\d\s?[:=]|lots?\b|tranche|\bt[ofc]\d?\b|\bt\. ?[ofc]\b|\bferme\b|optionnelle|phase"
    r"|annee|periode|site"
    r"|reconduction|renouvellement|batiment"
    r"|\b(?:premiere|seconde|deuxieme|troisieme|quatrieme|derniere|suivante)\b"
    r"|\bans? \d|secteur|marche n|semestre|trimestre|supplementaires|en sus\b|en plus\b"
)
# « 175 h GO, 70 h charpente, 70 h électricité »: each figure is that of the trade after it
_OF_A_TRADE = re.compile(
    r"\s?(?!(?:d'insertion|de travail|soit)\b)[a-z][a-z. /'-]{1,30}[,;/+]\s?(?:et )?"
    r"|\s?[,;/+]\s?(?:et )?(?!(?:soit|dont|ou)\b)[a-z][a-z. /'-]{1,30}[:=]?\s?"
)
_PLUS = re.compile(r"\s?(?:d'insertion\s)?\+\s?")
_SHARE_OF = re.compile(r"\bdont\b[^.;]*?(?:%|pour ?cent)")
_SO = re.compile(r"\bsoit (?:\w+ )?$")
_OUT_OF = re.compile(r"\bsur (?:les |un total de |un volume de )?$")
_LABOUR_IN_ALL = re.compile(
    r"\s(?:de travail|de main|que (?:represente|comporte|compte)|du (?:marche|chantier)|necessaires"
    r"|prevues|annuelles)\b"
)
_SOON = 24  # characters before a figure where « sur » or « soit » stands
_QUANTITY = re.compile(
    r"\d[\d,. ]*\s?(?:%|(?:etp|pour cent|semaines?|mois|jours?|postes?|personnes?)\b)[^;.\d]{0,25}$"
)
_LOT_BRACKET = re.compile(r"(?<!\d)(?:\d{1,3}|\b[a-h]|[»\"])\s?\(\s*$")  # « lot 1 (300 h) »
# « maçonnerie (70 heures) », where no figure stands before the bracket
_OTHER_BRACKET = re.compile(r"(?:^|[,;:.]|\)\s(?:et\s)?)(?!.*\bheures?\b)[^\d,;:.()]{3,60}\(\s*$")
_PERCENT = re.compile(r"(\d{1,2}(?:,\d{1,2})?) ?(?:%|pour ?cent)")
_ROUNDED = 0.02  # how far a share may be from the figure that tells it
_NEXT_FIGURE = re.compile(r"\d\s*h(?:eures?)?\b|[,;]")
_NEXT_CLAUSE = re.compile(r"[,;.(\d]")
_FAR = 160  # characters before a figure within which « chacun » may bear on it


@dataclass(frozen=True, slots=True)
class HoursMention:
    """A number of hours at a place. `worth` marks what restates the one before it (« soit »),
    `total` what says that it is the sum, `labelled` what names its lot or tranche, `partial`
    what is counted in another (« dont 35 heures »). `each` is said of each of several things,
    for which `hours` are counted `times` times already. `other`: a ceiling, or of the contract's
    own work. `rate`: of each month or year. `own`: of the lot or contract at hand, among others."""

    hours: float
    start: int
    end: int
    worth: bool = False
    total: bool = False
    labelled: bool = False
    partial: bool = False
    each: bool = False
    times: int = 1
    other: bool = False
    rate: bool = False
    own: bool = False


def labelled(hours: float, start: int, end: int) -> HoursMention:
    """Hours of a lot named beside them, neither a sum nor part of one."""
    return HoursMention(hours, start, end, labelled=True)


def mentions(folded: str, start: int, end: int) -> list[HoursMention]:
    """The hours of work stated between two offsets: what is owed, else a ceiling, else the hours
    of the contract's own work."""
    return list(_mentions(folded, start, end))


@lru_cache(maxsize=figures.REMEMBERED)
def _mentions(folded: str, start: int, end: int) -> tuple[HoursMention, ...]:
    if listed := series.in_order(folded, start, end):
        return tuple(labelled(*figure) for figure in listed)
    kept: dict[str, list[HoursMention]] = {"owed": [], "ceiling": [], "other": []}
    told = [figure for figure in figures.figures_in(folded, start, end) if figure.is_work]
    kind = "owed"
    for index, figure in enumerate(told):
        last = told[index - 1].end if index else start
        first = told[index + 1].start if index + 1 < len(told) else end
        clause = folded[max(last, figure.start - _FAR) : figure.start]
        times, each = multiples.times(clause, folded[figure.end : first])
        if "soit" in figure.before and marks.before("whole_before", figure.before):
            times, each = 1, False
        kind = kind if figure.elided and index and figure.kind == "owed" else figure.kind
        before, after, known = figure.before, figure.after, kept[kind]
        each = each or bool(known and known[-1].each and _SAME_DUTY.search(clause))
        known.append(
            HoursMention(
                hours=figure.value * multiples.factor(clause) * times,
                start=figure.start,
                end=figure.end,
                worth=_is_worth(before)
                or _restates(folded, known, figure.start)
                or marks.before("product", before),
                total=marks.before("total_before", before) or marks.after("total_after", after),
                labelled=times > 1 or _is_labelled(before, after),
                partial=marks.before("partial", before)
                or marks.after("partial_after", after)
                or _goes_on(folded, known, figure.start),
                each=each,
                times=times,
                other=kind != "owed",
                rate=marks.after("rate", after),
                own="present" in clause and marks.before("own_before", clause),
            )
        )
    if own := [
        m
        for m in kept["owed"]
        if m.own
        or _OWN_PART.match(folded, m.end)
        or _AMONG.match(folded, m.end)
        or (m.partial and _of_other_work(folded, start, m))
    ]:
        return tuple(own)
    found = _without_mixed(kept["owed"], kept["other"]) or kept["ceiling"] or kept["other"]
    found = _added(folded, _by_trade(folded, _without_wholes(folded, found)))
    return tuple(_with_echoes(folded, found, end))


def _of_other_work(folded: str, start: int, mention: HoursMention) -> bool:
    """« 2 800 heures de main d'œuvre, dont 210 au titre de la clause d'insertion »: the hours of
    insertion among those of the work."""
    first = max(start, mention.start - _FAR)
    before = _LABOUR.search(folded, first, mention.start) is not None
    before = before or _OF_CLAUSE.search(folded, first, mention.start) is None
    return before and _TO_INSERTION.match(folded, mention.end) is not None


def _with_echoes(folded: str, found: list[HoursMention], end: int) -> list[HoursMention]:
    """« 280 heures au lot 1 et autant au lot 2 »: a figure told by the one before it."""
    if not found:
        return found
    echoes = []
    for match in _ECHO.finditer(folded, found[0].end, end):
        told = [mention for mention in found if mention.end <= match.start()][-1]
        hours = told.hours / told.times * _ECHOES.get(match["words"], 1.0)
        echoes.append(labelled(hours, *match.span()))
    return sorted([*found, *echoes], key=lambda mention: mention.start)


def echo(folded: str, start: int, end: int, last: HoursMention) -> HoursMention | None:
    """« Un effort équivalent est demandé au lot 4 »: what a part without figures says of the last
    one told before it."""
    match = _ECHO.search(folded, start, end)
    if match is None or mentions(folded, start, end):
        return None
    hours = last.hours / last.times * _ECHOES.get(match["words"], 1.0)
    return labelled(hours, *match.span())


def has_echo(folded: str, start: int, end: int) -> bool:
    """Whether words between two offsets tell hours by those told before."""
    return _ECHO.search(folded, start, end) is not None


def _without_mixed(owed: list[HoursMention], other: list[HoursMention]) -> list[HoursMention]:
    """« 6 300 heures, réparties en 3 500 heures d'insertion et 2 800 heures de formation »: the
    sum of both is no hours of insertion."""
    if not other or len(owed) < 2:
        return owed
    rest = sum(mention.hours for mention in [*owed[1:], *other])
    if abs(rest - owed[0].hours) >= 1:
        return owed
    return [replace(mention, partial=False) for mention in owed[1:]]


def _by_trade(folded: str, found: list[HoursMention]) -> list[HoursMention]:
    """Figures that each name their trade are labelled, so that equal ones count twice."""
    gaps = [_OF_A_TRADE.fullmatch(folded, a.end, b.start) for a, b in pairwise(found)]
    if len(found) < 3 or not all(gaps):
        return found
    return [replace(mention, labelled=True) for mention in found]


def _added(folded: str, found: list[HoursMention]) -> list[HoursMention]:
    """« 280 h + 140 h + 70 h + 70 h »: terms of a sum are labelled, equal ones too."""
    added = {
        mention.start
        for pair in pairwise(found)
        if _PLUS.fullmatch(folded, pair[0].end, pair[1].start)
        for mention in pair
    }
    return [replace(m, labelled=True, worth=False) if m.start in added else m for m in found]


def _goes_on(folded: str, kept: list[HoursMention], begin: int) -> bool:
    """Whether figures said to be parts of another go on with this one."""
    return bool(kept and kept[-1].partial and _PARTIAL_TOO.fullmatch(folded, kept[-1].end, begin))


def _without_wholes(folded: str, found: list[HoursMention]) -> list[HoursMention]:
    """« 3 000 heures de travail dont 5 % pour l'insertion, soit 150 heures », « 7 % du temps de
    travail, estimé à 30 000 heures, soit 2 100 heures »: the last counts."""
    return [
        mention
        for index, mention in enumerate(found)
        if not any(_is_base(folded, mention, other) for i, other in enumerate(found) if i != index)
    ]


def _is_base(folded: str, base: HoursMention, share: HoursMention) -> bool:
    """Whether a figure is that of which a share is taken, which another one tells."""
    before = folded[max(0, base.start - _SOON) : base.start]
    if share.hours >= base.hours or _SO.search(before):
        return False
    out_of = _OUT_OF.search(before) and _LABOUR_IN_ALL.match(folded, base.end)
    if share.start > base.start and out_of:
        return True
    if share.worth and _SHARE_OF.search(folded, base.end, share.start):
        return True
    first, last = min(base.start, share.start), max(base.start, share.start)
    told = _PERCENT.findall(folded, max(0, first - _FAR), last)
    return any(
        abs(base.hours * float(percent.replace(",", ".")) / 100 - share.hours)
        <= _ROUNDED * share.hours
        for percent in told
    )


def _is_worth(before: str) -> bool:
    """« 70 heures, soit »; what « 0,5 ETP (800 h) » or « lot 1 (70 h) » tells is no such figure."""
    told = _QUANTITY.search(before) or _LOT_BRACKET.search(before) or _OTHER_BRACKET.search(before)
    return told is None and marks.before("worth", before)


def _restates(folded: str, kept: list[HoursMention], begin: int) -> bool:
    """« soit 300 heures par an et 1 200 heures sur la durée »: both say the same again."""
    return bool(kept and kept[-1].worth and _PER_YEAR.fullmatch(folded, kept[-1].end, begin))


def _is_labelled(before: str, after: str) -> bool:
    """Whether the figure is that of a lot or tranche named beside it."""
    near_before = _NEXT_FIGURE.split(before)[-1]
    near_after = _NEXT_CLAUSE.split(after.removeprefix(" ("))[0]
    return bool(_LABEL.search(near_before) or _LABEL.search(near_after))
