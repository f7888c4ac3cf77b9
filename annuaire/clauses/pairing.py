"""Which lots the hours of a part of a text are for; folded text."""

import re
from bisect import bisect_right
from dataclasses import replace
from itertools import pairwise

from annuaire.clauses import contract_lots, multiples, series
from annuaire.clauses.hours import HoursMention, labelled, mentions
from annuaire.clauses.lots import LotMention, union

Paired = tuple[HoursMention, tuple[str, ...]]

_FOR = re.compile(
    r"(?:\W+[a-z']+){0,5}?\W+(?:pour|sur|dans|au titre|concernant)\b\W*(?:de\s)?"
    r"(?:le|les|du|des|l'ensemble des)?\W{0,2}(?:lots?\s[a-z' -]{1,40}\()?"
    r"|(?:\W+[a-z']+){0,5}?\W+par\s(?:(?:les?|l'|celui|ceux)\W?)?"
    r"(?:(?:titulaire|attributaire|entreprise)s?\s)?(?:d(?:u|es)\s)?"
    r"|\W{0,3}(?:(?:d'insertion|de travail|mini(?:mum|males?|m)?|au moins)\W{0,2}){0,2}"
    r"[(,-]?\W{0,2}"
)
_LABELS_NEXT = re.compile(r"[^.;:=\d]{0,40}[:=]\s*\d")
_JUST_BEFORE = re.compile(r"\s*[(:=-]?\s*(?:clause\s*:\s*)?")  # « lot 1 (300 h) lot 3 (150 h) »
_NUMBER = re.compile(r"(?<![\d,.])0*(\d{1,3})(?!\d)")  # « lots 1 (150 h), 2 (90 h) »
_EACH = re.compile(
    r"\s?/\s?lot\b|\W*(?:\w+\W+){0,4}?(?:par lot|chacune?|pour chaque lot|chaque lot)\b"
)
_COUNTED_BEFORE = 300  # characters before « par lot » where the lots may be counted
_RANK = re.compile(
    r"\b(?:le|la|au|du|celui du) (?:premiere?|seconde?|deuxieme|troisieme|quatrieme|derniere?)\b"
    r"(?! (?:annee|periode|tranche|phase))"
)
_SO = re.compile(r"(?:\bsoit\b[^.;\d]{0,30}|\+\s?\d[^.;=]{0,40}=\s?)\Z")
_OF_EACH_LOT = re.compile(r"\b(?:chaque|chacun des|par) lots?\b|/\s?lot\b")
_EACH_AFTER = re.compile(r"\s?[,(]?\s?chacune?\b")  # « 70 h (lots 2 et 3 chacun) »
_EACH_FIRST = re.compile(r"\W*(?:par|pour chaque|dans chaque|sur chaque) lot\b")
_EACH_BETWEEN = re.compile(r"\bchacune?\b[^.;\d]{0,40}(?:\d\s?[x×*]\s?)?$")
_EACH_BEFORE = re.compile(r"\b(?:chacune?|chaque)(?: \w+){0,2} (?:des |du )?$")


def paired(
    folded: str, part: tuple[int, int], found: list[HoursMention], named: list[LotMention]
) -> list[Paired]:
    """The hours of a part, each with the lots that it is for (none: not said)."""
    lots = [number for mention in named if not mention.excluded for number in mention.numbers]
    if (whole := _restated(folded, found, {len(named), len(lots)})) is not None:
        rest = [hours for hours in found if hours is not whole]
        return [(replace(whole, total=True), ()), *paired(folded, part, rest, named)]
    apart = [hours for hours in found if not hours.total]
    listed = series.enumerated(folded, *part, len(lots)) if len(apart) <= len(lots) > 1 else []
    told = {hours.start for hours in found}
    if listed and (len(apart) < len(lots) or all(start in told for _, start, _ in listed)):
        found = [labelled(*figure) for figure in listed]
        in_order = True
    else:
        in_order = "respectivement" in folded[slice(*part)] or _is_ranked(folded, part, found)
    if in_order and len(found) == len(lots) > 1:
        pairs = zip(found, lots, strict=True)
        return [(replace(hours, labelled=True), (lot,)) for hours, lot in pairs]
    each = _EACH_FIRST.match(folded, *part) is not None
    concerned = [mention for mention in named if not mention.excluded]
    if (turns := by_turns(concerned, _once(found, named))) is not None:
        return [_counted(folded, hours, mention, each=each) for hours, mention in turns]
    if (turns := _after_a_whole(folded, concerned, _once(found, named))) is not None:
        return [_counted(folded, hours, mention, each=each) for hours, mention in turns]
    parts = [hours for hours in _once(found, named) if not hours.total]
    if (turns := by_turns(concerned, parts)) is not None:
        sums: list[Paired] = [(hours, ()) for hours in found if hours.total]
        return sums + [_counted(folded, hours, mention, each=each) for hours, mention in turns]
    return [_for_its_lot(folded, hours, named, found, each=each) for hours in found]


def _restated(folded: str, found: list[HoursMention], lists: set[int]) -> HoursMention | None:
    """« 50 heures pour le lot 1 et 35 heures pour le lot 2, soit 85 heures »: the figure that
    tells what the two or more others come to; the first one where the others are as many as the
    `lists` of lots that the part names."""
    if len(found) < 3:
        return None
    everything = sum(hours.hours for hours in found)
    for hours in found:
        if abs(everything - 2 * hours.hours) >= 1:
            continue  # the others come to something else
        first = hours is found[0] and len(found) - 1 in lists
        so = hours is found[-1] and _SO.search(folded, found[0].end, hours.start)
        if hours.total or first or so:
            return hours
    return None


def _is_ranked(folded: str, part: tuple[int, int], found: list[HoursMention]) -> bool:
    """« les entreprises des lots 1 et 4, la première pour 595 heures, la seconde pour 175 », or
    « 720 heures pour le premier et 400 heures pour le second »."""
    starts = [part[0], *(hours.end for hours in found)]
    ends = [*(hours.start for hours in found), part[1]]
    gaps = [_RANK.search(folded, *gap) is not None for gap in zip(starts, ends, strict=True)]
    return len(found) > 1 and (all(gaps[:-1]) or all(gaps[1:]))


def _after_a_whole(
    folded: str, named: list[LotMention], found: list[HoursMention]
) -> list[tuple[HoursMention, LotMention | None]] | None:
    """« 4 500 heures, réparties ainsi : lot 1, 2 700 heures ; »: what stands before the lots and
    their hours is the whole, even where the list goes on further."""
    if not named or len(found) != len(named) + 1 or found[0].end > named[0].start:
        return None
    if named[0].start > found[1].start or found[0].hours < max(h.hours for h in found):
        return None
    if _FOR.fullmatch(folded[found[0].end : named[0].start]):
        return None
    if len(named) == 1:
        return [(found[0], None), (found[1], named[0])]
    rest = by_turns(named, found[1:])
    return None if rest is None else [(found[0], None), *rest]


def _once(found: list[HoursMention], named: list[LotMention]) -> list[HoursMention]:
    """« 25 heures par mois, soit 300 heures » is one figure, the largest; not where a lot stands
    between the two."""
    once: list[HoursMention] = []
    for hours in found:
        parted = once and any(once[-1].end <= lot.start < hours.start for lot in named)
        if hours.worth and once and not hours.total and not parted:
            largest = max(once[-1].hours, hours.hours)
            once[-1] = replace(once[-1], hours=largest, end=hours.end)
        else:
            once.append(hours)
    return once


def alternate(folded: str, part: tuple[int, int], named: list[LotMention]) -> bool:
    """Whether the hours of a part stand by turns with its lots."""
    told = _once(mentions(folded, *part), named)
    apart = [hours for hours in told if not hours.total]
    return any(by_turns(named, found) is not None for found in (told, apart))


def by_turns(
    named: list[LotMention], found: list[HoursMention]
) -> list[tuple[HoursMention, LotMention | None]] | None:
    """Hours and lots that alternate, one figure for each mention: « lot 1 VRD 350 h lot 2 70 h »,
    or « 126 heures à la charge du lot 2, 63 heures à celle du lot 7 »; a sum may stand first. None
    when they do not alternate."""
    if len(found) == len(named) + 1 and (found[0].total or _is_sum(found)):
        rest = by_turns(named, found[1:])
        return None if rest is None else [(found[0], None), *rest]
    if len(found) != len(named) or len(named) < 2:
        return None
    pairs = list(zip(found, named, strict=True))
    ends = [*named[1:], None]
    if all(
        lot.end <= hours.start and (following is None or hours.end <= following.start)
        for (hours, lot), following in zip(pairs, ends, strict=True)
    ):
        return [(hours, lot) for hours, lot in pairs]
    nexts = [*found[1:], None]
    if all(
        hours.end <= lot.start and (following is None or lot.end <= following.start)
        for (hours, lot), following in zip(pairs, nexts, strict=True)
    ):
        return [(hours, lot) for hours, lot in pairs]
    return None


def _is_sum(found: list[HoursMention]) -> bool:
    """Whether the first figure is the sum of the others."""
    return abs(sum(hours.hours for hours in found[1:]) - found[0].hours) < 1


def _counted(folded: str, hours: HoursMention, mention: LotMention | None, *, each: bool) -> Paired:
    """The hours of a mention of lots, multiplied when they are said of each."""
    if mention is None:
        return hours, ()
    count = len(mention.numbers)
    if count > 1 and (each or _is_each(folded, hours, mention)):
        hours = replace(hours, hours=hours.hours / hours.times * count)
    return replace(hours, labelled=True), mention.numbers


def across(folded: str, part: tuple[int, int], everywhere: list[LotMention]) -> list[Paired]:
    """« Lots : 1, 2 et 3. Heures : 300 / 150 / 100 »: figures in the order of lots that another
    part names; else nothing."""
    lots = union(everywhere)
    count = len(lots) or multiples.lots_in(folded[slice(*part)])
    listed = series.enumerated(folded, *part, count) if count > 1 else []
    if not lots:
        return [(labelled(*figure), ()) for figure in listed]
    return [(labelled(*figure), (lot,)) for figure, lot in zip(listed, lots, strict=bool(listed))]


def for_each(folded: str, hours: HoursMention, everywhere: list[LotMention]) -> Paired:
    """« 500 heures par lot », of lots that another part names, or that it counts."""
    lots = union(everywhere)
    if not hours.each or hours.times > 1:
        return hours, ()
    if len(lots) < 2:
        before = folded[max(0, hours.start - _COUNTED_BEFORE) : hours.start]
        count = multiples.lots_told(before)
        if count == 1 and _OF_EACH_LOT.search(folded, hours.start - len(before), hours.end + 40):
            count = len(contract_lots.all_of(folded)) or 1
        return replace(hours, hours=hours.hours * count), ()
    return replace(hours, hours=hours.hours * len(lots)), lots


def _for_its_lot(
    folded: str,
    hours: HoursMention,
    named: list[LotMention],
    found: list[HoursMention],
    *,
    each: bool,
) -> tuple[HoursMention, tuple[str, ...]]:
    """« lots 1 (150 h), 2 (100 h) et 8 (90 h) »: in a list that hours break, those of the number
    before the bracket; else as `_for_lots` says."""
    starts = [other.start for other in found]  # rising
    for mention in named:
        following = bisect_right(starts, mention.start)
        broken = following < len(starts) and starts[following] < mention.end
        if broken and hours.end <= mention.start:
            return hours, ()  # what those of the list amount to
        if broken:
            told = _NUMBER.findall(folded, mention.start, hours.start)
            if own := [number for number in told if number in mention.numbers]:
                return replace(hours, labelled=True), (own[-1],)
    return _for_lots(folded, hours, named, found, each=each)


def _for_lots(
    folded: str,
    hours: HoursMention,
    named: list[LotMention],
    found: list[HoursMention],
    *,
    each: bool,
) -> tuple[HoursMention, tuple[str, ...]]:
    """The lots that hours are for: « N heures pour le lot 2 », else the lot named before.
    Hours said of each of several lots (`each`: the part begins with « par lot ») are multiplied."""
    after = [m for m in named if m.start >= hours.end and not m.excluded]
    before = [m for m in named if m.end <= hours.start and not m.excluded]
    chosen: list[LotMention] = []
    if hours.total and (len(named) > 1 or hours.worth or len(found) > 1):
        return hours, ()
    within = [m for m in named if m.start < hours.start < m.end]
    if within:
        return hours, union(within)
    if before and _JUST_BEFORE.fullmatch(folded, before[-1].end, hours.start):
        after = []
    if after and _LABELS_NEXT.match(folded, after[0].end):
        after = []
    if after and _FOR.fullmatch(folded[hours.end : after[0].start]):
        chosen = after[:1]
    elif before:
        chosen = before if len(before) == len(named) and _is_one_list(before) else before[-1:]
    elif len(after) == 1:
        chosen = after
    numbers = union(chosen)
    each = len(numbers) > 1 and (each or _is_each(folded, hours, chosen[0]))
    if each and not _repeats(hours, found):
        hours = replace(hours, hours=hours.hours / hours.times * len(numbers))
    return hours, numbers


def _repeats(hours: HoursMention, found: list[HoursMention]) -> bool:
    """« chacun 105 heures, soit 315 heures »: what a figure of each makes on the whole."""
    return hours.worth and found[0].start != hours.start


def _is_each(folded: str, hours: HoursMention, lots: LotMention) -> bool:
    """« 35 h par lot », « pour chacun des lots 1 à 3 »."""
    if hours.each:
        return True
    before = folded[max(0, lots.start - 40) : lots.start]
    between = folded[lots.end : hours.start] if lots.end < hours.start else ""
    return bool(
        _EACH.match(folded, hours.end)
        or _EACH_AFTER.match(folded, lots.end)
        or _EACH_BEFORE.search(before)
        or _EACH_BETWEEN.search(between)
    )


def _is_one_list(named: list[LotMention]) -> bool:
    """« lots 1, 2, lot 5 et lot 7 : 60 heures »: mentions that touch make one list."""
    return all(b.start - a.end < 8 for a, b in pairwise(named))
