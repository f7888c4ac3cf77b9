"""Lots, hours and share of the clauses found, from their sentence and those that follow."""

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from annuaire.clauses import hours as worked
from annuaire.clauses import ledger, lot_scope, series, shares, zone
from annuaire.clauses.findings import COUNTED_TYPES
from annuaire.clauses.hits import Hit, Scan, Span
from annuaire.clauses.hours import HoursMention
from annuaire.clauses.lots import LotMention, sort_key, union

_LONGEST = 600  # characters of evidence, when it runs on to the line that gives the hours
_FOR = re.compile(
    r"(?:\W+[a-z']+){0,5}?\W+(?:pour|sur|dans|au titre|concernant)\b\W*(?:de\s)?"
    r"(?:le|les|du|des|l'ensemble des)?\W{0,2}(?:lots?\s[a-z' -]{1,40}\()?"
    r"|(?:\W+[a-z']+){0,5}?\W+par\s(?:(?:les?|l'|celui|ceux)\W?)?"
    r"(?:(?:titulaire|attributaire|entreprise)s?\s)?(?:d(?:u|es)\s)?"
    r"|\W{0,3}(?:(?:d'insertion|de travail|mini(?:mum|males?|m)?|au moins)\W{0,2}){0,2}"
    r"[(,-]?\W{0,2}"
)
_LABELS_NEXT = re.compile(r"[^.;:=\d]{0,40}[:=]\s*\d")
# Hours of a social clause are those of insertion, but for those of a training or a placement.
_OTHER_HOURS = re.compile(r"\bstage|apprenti|alternan|formation|tutorat|sensibilis|benevol")
_JUST_BEFORE = re.compile(r"\s*[(:=-]?\s*(?:clause\s*:\s*)?")  # « lot 1 (300 h) lot 3 (150 h) »
_OWN_LOT = re.compile(r"(?<!\d)0*(?P<lot>\d{1,3})\s?\($")  # « lots 1 (150 h), 2 (90 h) »
_EACH = re.compile(
    r"\s?/\s?lot\b|\W*(?:\w+\W+){0,4}?(?:par lot|chacune?|pour chaque lot|chaque lot)\b"
)
_EACH_AFTER = re.compile(r"\s?,?\s?chacune?\b")  # « 70 h (lots 2 et 3 chacun) »
_EACH_FIRST = re.compile(r"\W*(?:par|pour chaque|dans chaque|sur chaque) lot\b")
_EACH_BETWEEN = re.compile(r"\bchacune?\b[^.;\d]{0,40}(?:\d\s?[x×*]\s?)?$")
_EACH_BEFORE = re.compile(r"\b(?:chacune?|chaque)(?: \w+){0,2} (?:des |du )?$")


@dataclass(frozen=True, slots=True)
class _Stated:
    """Hours that a clause states, for which lots (none: not said) and in which part."""

    mention: HoursMention
    lots: tuple[str, ...]
    part: Span


def attach(folded: str, scan: Scan) -> list[Hit]:
    """The hits with their lots, hours and share; a clause whose lots have different hours makes
    one hit for each. General hits give way to insertion once their figures are read."""
    found: list[Hit] = []
    stated: dict[str, list[tuple[Hit, _Stated]]] = {}
    insertion = {hit.part for hit in scan.kept if hit.type == "execution_insertion"}
    for raw in scan.kept:
        hit, hours = _read(folded, scan, raw)
        of_work = hours and not _OTHER_HOURS.search(folded, *hit.sentence)
        if hit.rule.generic and hit.type == "execution_social_other" and (insertion or of_work):
            hit = replace(hit, type="execution_insertion")
            if hit.part in insertion or (not hours and not hit.lots):
                continue
        found += [hit] if hours else _by_share(folded, hit)
        stated.setdefault(hit.type, []).extend((hit, item) for item in hours)
    for kind, items in stated.items():
        found = _with_hours(found, kind, items)
    return _without_repeats(found)


def _by_share(folded: str, hit: Hit) -> list[Hit]:
    """One hit for each lot that has its own share of the work; else the hit as it is."""
    told = shares.by_lot(folded, *hit.part) if hit.share is not None else []
    return [replace(hit, share=share, lots=lots) for share, lots in told] or [hit]


def _read(folded: str, scan: Scan, hit: Hit) -> tuple[Hit, list[_Stated]]:
    named = lot_scope.lots_of(folded, scan, hit)
    hours: list[_Stated] = []
    share = None
    if hit.type not in COUNTED_TYPES:
        return replace(hit, lots=union(named)), []
    if table := _table(folded, hit.part):
        return replace(hit, lots=tuple(lot for item in table for lot in item.lots)), table
    announced = False
    parts = zone.parts_of(folded, scan, hit)
    told = [named if p == hit.part else lot_scope.own_lots(folded, p) for p in parts]
    everywhere = [mention for mine in told for mention in mine]
    for part, mine in zip(parts, told, strict=True):
        announced = announced or ledger.ANNOUNCED.search(folded, *part) is not None
        in_order = not mine and folded.startswith("respectivement", part[0])
        hours += _stated(folded, part, named if in_order else mine, everywhere, announced)
        if share is None and hit.type == "execution_insertion":
            share = shares.share(folded, *part)
    return replace(hit, lots=union(everywhere), share=share), hours


def _table(folded: str, part: Span) -> list[_Stated]:
    """The hours of a table of lots that lost its lines, when the part announces one."""
    return [
        _Stated(worked.labelled(row.hours, row.start, row.end), (row.lot,), part)
        for row in ledger.table(folded, *part)
    ]


def _stated(
    folded: str,
    part: Span,
    named: list[LotMention],
    everywhere: list[LotMention],
    announced: bool,
) -> list[_Stated]:
    """The hours of one part, each with its lots; `everywhere` are those of all that speaks of
    the clause. `announced`: figures may go without a unit."""
    found = worked.mentions(folded, *part)
    if announced and not found:
        found = ledger.listed(folded, *part) or ([] if named else ledger.by_trade(folded, *part))
    if not named:
        return [_Stated(*_for_each(hours, everywhere), part) for hours in found]
    lots = [number for mention in named if not mention.excluded for number in mention.numbers]
    if len(found) < len(lots) and (listed := series.enumerated(folded, *part, len(lots))):
        found = [worked.labelled(*figure) for figure in listed]
        in_order = True
    else:
        in_order = "respectivement" in folded[slice(*part)]
    if in_order and len(found) == len(lots) > 1:
        pairs = zip(found, lots, strict=True)
        return [_Stated(replace(hours, labelled=True), (lot,), part) for hours, lot in pairs]
    each = _EACH_FIRST.match(folded, *part) is not None
    return [_Stated(*_for_its_lot(folded, h, named, found, each=each), part) for h in found]


def _for_each(
    hours: HoursMention, everywhere: list[LotMention]
) -> tuple[HoursMention, tuple[str, ...]]:
    """« 500 heures par lot », of lots that another part names."""
    lots = union(everywhere)
    if not hours.each or hours.times > 1 or len(lots) < 2:
        return hours, ()
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
    for mention in named:
        broken = any(mention.start < other.start < mention.end for other in found)
        if broken and hours.end <= mention.start:
            return hours, ()  # what those of the list amount to
        if broken:
            own = _OWN_LOT.search(folded[mention.start : hours.start])
            if own is not None and own["lot"] in mention.numbers:
                return replace(hours, worth=False, labelled=True), (own["lot"],)
    return _for_lots(folded, hours, named, each=each)


def _for_lots(
    folded: str, hours: HoursMention, named: list[LotMention], *, each: bool
) -> tuple[HoursMention, tuple[str, ...]]:
    """The lots that hours are for: « N heures pour le lot 2 », else the lot named before.
    Hours said of each of several lots (`each`: the part begins with « par lot ») are multiplied."""
    after = [m for m in named if m.start >= hours.end and not m.excluded]
    before = [m for m in named if m.end <= hours.start and not m.excluded]
    chosen: list[LotMention] = []
    if hours.total and (len(named) > 1 or hours.worth):
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
    if len(numbers) > 1 and (each or hours.each or _is_each(folded, hours, chosen[0])):
        hours = replace(hours, hours=hours.hours / hours.times * len(numbers))
    return hours, numbers


def _is_each(folded: str, hours: HoursMention, lots: LotMention) -> bool:
    """« 35 h par lot », « pour chacun des lots 1 à 3 »."""
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


def _with_hours(found: list[Hit], kind: str, items: list[tuple[Hit, _Stated]]) -> list[Hit]:
    """Give the hours of one type to its hits, one hit for each group of lots."""
    groups: dict[tuple[str, ...], list[tuple[Hit, _Stated]]] = {}
    for hit, item in items:
        groups.setdefault(item.lots, []).append((hit, item))
    covered: set[str] = set()
    result = list(found)
    parts = [m for lots, members in groups.items() if lots for _, m in members]
    if parts and () in groups:
        whole = worked.total([item.mention for _, item in groups[()]]) or 0
        restated = all(item.mention.worth for _, item in groups[()])
        if restated or whole <= sum(item.mention.hours for item in parts):
            del groups[()]  # the sum of what is said lot by lot
    for lots, members in sorted(groups.items(), key=lambda g: [sort_key(n) for n in g[0]]):
        hit, first = members[0]
        amount = worked.total([item.mention for _, item in members])
        named = lots or (() if parts else hit.lots)
        timed = replace(hit, lots=named, hours=amount, sentence=_reach(hit, first.part))
        covered |= set(lots)
        position = next(
            (i for i, h in enumerate(result) if h.match == hit.match and h.type == kind), 0
        )
        if not lots and amount is not None:
            result[position] = timed
        elif amount is not None:
            result.insert(position, timed)
    return _without_covered(result, kind, covered)


def _without_covered(hits: list[Hit], kind: str, covered: set[str]) -> list[Hit]:
    """Take away from hits without hours the lots whose hours another hit gives."""
    result = []
    for hit in hits:
        if hit.type == kind and hit.hours is None and set(hit.lots) & covered:
            rest = tuple(lot for lot in hit.lots if lot not in covered)
            if not rest:
                continue
            hit = replace(hit, lots=rest)
        result.append(hit)
    return result


def _reach(hit: Hit, part: Span) -> Span:
    """The evidence, run on to the part that gives the hours when it is near."""
    start, end = hit.sentence
    return (start, part[1]) if end < part[1] <= start + _LONGEST else hit.sentence


def _without_repeats(hits: list[Hit]) -> list[Hit]:
    seen: set[tuple[str, tuple[str, ...], float | None, Span]] = set()
    kept = []
    for hit in hits:
        key = (hit.type, hit.lots, hit.hours, hit.part)
        if key not in seen:
            seen.add(key)
            kept.append(hit)
    return kept
