"""Lots, hours and share of the clauses found, from their sentence and those that follow."""

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from annuaire.clauses import hours as worked
from annuaire.clauses import shares
from annuaire.clauses.findings import EXECUTION_TYPES
from annuaire.clauses.hits import Hit, Scan, Span
from annuaire.clauses.hours import HoursMention
from annuaire.clauses.lots import LotMention, mentions, sort_key, union

_REACH = 3  # parts after a clause that may still give its lots and hours, lists of lots apart
_LONGEST = 600  # characters of evidence, when it runs on to the line that gives the hours
_LIST_LINE = re.compile(r"\W*(?:lots?|tranche|total|phase)\b")
_REFERS = re.compile(
    r"\W*(?:et\s)?(?:cette|ces|cet|elles?|ceci|celle-ci|la (?:presente )?clause|les clauses|"
    r"l'action|l'obligation|la condition|sont (?:concernes|vises)|lots? concernes?|concerne)"
)
_NAMES_LOTS = re.compile(
    r"\W*(?:et\s)?(?:(?:pour|sur) (?:le|les|chaque) lots?|lots?\b|tranche|les? lots?\b|"
    r"(?:seuls?|uniquement) les? lots?)"
)
_COUNTS = re.compile(
    r"\W*(?:le nombre|nombre|le volume|volume|soit|total|minimum|un minimum|a (?:savoir|raison)|"
    r"le titulaire|l'entreprise|dans ce cadre|il (?:est|sera)|\d|duree|quantite|l'attributaire|"
    r"les entreprises|l'engagement|la part|au total|au moins|le taux|taux|objectif|obligation)"
)
_OF_CLAUSE = re.compile(r"insertion|clause|eloign|social|heures?|heurs|condition|action|stage|lot")
_IS_CONCERNED = re.compile(r"concern|\bvise|soumis|assujetti|clause|insertion")
_ANNOUNCES = re.compile(
    r"lots?(?:\s(?:suivants?|concernes?|vises?|ci-(?:apres|dessous)))*\s*:\s*(?:$|lots?\b)"
)
_ONLY_LOTS = re.compile(r"\W*(?:pour |sur )?(?:les? |aux? )?lots?[\s\d,;/&n°oet()-]*\W*")
_FOR = re.compile(
    r"(?:\W+[a-z']+){0,5}?\W+(?:pour|sur|dans|au titre|concernant)\b\W*(?:de\s)?"
    r"(?:le|les|du|des|l'ensemble des)?\W{0,2}|\W{0,3}(?:d'insertion\W{0,2})?[(,-]?\W{0,2}"
)
_BACK = re.compile(r"\W*(?:ces (?:heures|volumes)|ce (?:volume|nombre))\b")
_BEHIND = 3  # parts before « ces heures d'insertion » that may give them
_VOID = re.compile(
    r"neant|sans objet|\b(?:pas|aucune?) (?:de |d'|clause)|\b0 ?h|\bnon (?:concern|soumis)|dispens"
)
_LABELS_NEXT = re.compile(r"[^.;:=\d]{0,40}[:=]\s*\d")
_SAME_LIST = re.compile(
    r"[,;\s]*(?:et\s)?\d[\d ]*\s?h(?:eures)?\s(?:pour|sur|dans)?\s?(?:les?\s)?"
    r"|(?!.*\b(?:est|sont|a|ont|comporte\w*|fait|font)\b)[^:;=.\d/–-]{0,45}"
)
_ITEM_BREAK = re.compile(r"[-–;/]|,\s*lots?\b")
_EACH = re.compile(r"\W*(?:\w+\W+){0,4}?(?:par lot|chacun|pour chaque lot|chaque lot)\b")


_LEFT_OUT = re.compile(r"\bn(?:e\s|'\s?|\s)\w+\s(?:pas|plus|point)\b")
_RESERVED_NEXT = re.compile(r",?\s(?:qui\s(?:est|sont)\s)?reserv")
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
        if insertion and hit.rule.generic and hit.type == "execution_social_other":
            hit = replace(hit, type="execution_insertion")
            if hit.part in insertion or (not hours and not hit.lots):
                continue
        found.append(hit)
        stated.setdefault(hit.type, []).extend((hit, item) for item in hours)
    for kind, items in stated.items():
        found = _with_hours(found, kind, items)
    return _without_repeats(found)


def _read(folded: str, scan: Scan, hit: Hit) -> tuple[Hit, list[_Stated]]:
    named = _lots_here(folded, scan, hit)
    hours: list[_Stated] = []
    share = None
    if hit.type not in EXECUTION_TYPES:
        return replace(hit, lots=union(named)), []
    announced = worked.ANNOUNCED.search(folded, *hit.part) is not None
    for part in _zone(folded, scan, hit):
        mine = named if part == hit.part else _not_void(folded, part, mentions(folded, *part))
        if part != hit.part:
            named = named + mine
        hours += _stated(folded, part, mine, announced=announced)
        if share is None and hit.type == "execution_insertion":
            share = shares.share(folded, *part)
    return replace(hit, lots=union(named), share=share), hours


def _not_void(folded: str, part: Span, named: list[LotMention]) -> list[LotMention]:
    """The lots of a list but those without hours: « lot 4 : 0 h », « lot 5 : néant »."""
    ends = [mention.start for mention in named][1:] + [part[1]][: len(named)]
    return [
        mention
        for mention, end in zip(named, ends, strict=True)
        if not _VOID.search(folded, mention.end, end)
    ]


def _stated(
    folded: str, part: Span, named: list[LotMention], *, announced: bool = False
) -> list[_Stated]:
    """The hours of one part, each with its lots; `announced`: figures may go without a unit."""
    found = worked.mentions(folded, *part)
    if announced and not found:
        found = worked.listed(folded, *part)
    lots = [number for mention in named if not mention.excluded for number in mention.numbers]
    if len(found) == len(lots) > 1 and "respectivement" in folded[slice(*part)]:
        pairs = zip(found, lots, strict=True)
        return [_Stated(replace(hours, labelled=True), (lot,), part) for hours, lot in pairs]
    return [_Stated(*_for_lots(folded, mention, named), part) for mention in found]


def _zone(folded: str, scan: Scan, hit: Hit) -> list[Span]:
    """The part of the hit and those after it that still speak of it."""
    index = scan.parts.index(hit.part)
    taken = {other.part for other in [*scan.kept, *scan.denied]}
    zone = [hit.part]
    announced = worked.ANNOUNCED.search(folded, *hit.part) is not None
    listing = announced or _ANNOUNCES.search(folded, *hit.part) is not None
    for distance, part in enumerate(scan.parts[index + 1 :], start=1):
        is_line = _LIST_LINE.match(folded, *part) is not None
        if part in taken or (distance > _REACH and not is_line):
            break
        if _speaks_of_clause(folded, part) or (is_line and listing):
            zone.append(part)
    if _BACK.match(folded, *hit.part):
        earlier = scan.parts[max(0, index - _BEHIND) : index]
        zone += [part for part in earlier if part not in taken and worked.mentions(folded, *part)]
    return zone


def _speaks_of_clause(folded: str, part: Span) -> bool:
    """Whether a part that follows a clause still gives its lots, hours or share."""
    if _REFERS.match(folded, *part):
        return _OF_CLAUSE.search(folded, *part) is not None
    if _ONLY_LOTS.fullmatch(folded, *part):
        return True
    has_hours = bool(worked.mentions(folded, *part))
    if _NAMES_LOTS.match(folded, *part):
        if _LEFT_OUT.search(folded, *part):
            return False
        return has_hours or _IS_CONCERNED.search(folded, *part) is not None
    return has_hours and _COUNTS.match(folded, *part) is not None


def _lots_here(folded: str, scan: Scan, hit: Hit) -> list[LotMention]:
    """The lots that the part names for this hit rather than for its neighbours."""
    named = [_own(folded, mention, hit) for mention in mentions(folded, *hit.part)]
    if len(named) < 2:
        return named
    rivals = [h for h in scan.kept if h.part == hit.part and h.type != hit.type]
    if rivals:
        return [m for m in named if all(_gap(m, hit.match) <= _gap(m, r.match) for r in rivals)]
    named = _not_void(folded, hit.part, named) or named
    groups = _groups(folded, [mention for mention in named if not mention.excluded])
    before = [group for group in groups if group[-1].end <= hit.match[0]]
    after = [group for group in groups if group[0].start >= hit.match[1]]
    if not before or len(groups) == 1:
        return named
    if after and not _ITEM_BREAK.search(folded, hit.match[1], after[0][0].start):
        return named
    return before[-1] + [mention for mention in named if mention.excluded]


def _own(folded: str, mention: LotMention, hit: Hit) -> LotMention:
    """« sauf le lot 3, réservé aux ESAT »: set apart from the rest, and the very lot reserved."""
    if not mention.excluded or mention.end > hit.match[1]:
        return mention
    return replace(mention, excluded=_RESERVED_NEXT.match(folded, mention.end) is None)


def _groups(folded: str, named: list[LotMention]) -> list[list[LotMention]]:
    """Mentions that make one list are put together: « le lot 1 "VRD" et le lot 4 »."""
    groups: list[list[LotMention]] = []
    for mention in named:
        if groups and _SAME_LIST.fullmatch(folded, groups[-1][-1].end, mention.start):
            groups[-1].append(mention)
        else:
            groups.append([mention])
    return groups


def _gap(mention: LotMention, match: Span) -> int:
    return max(mention.start - match[1], match[0] - mention.end, 0)


def _for_lots(
    folded: str, hours: HoursMention, named: list[LotMention]
) -> tuple[HoursMention, tuple[str, ...]]:
    """The lots that hours are for: « N heures pour le lot 2 », else the lot named before.
    Hours said of each of several lots are multiplied."""
    after = [m for m in named if m.start >= hours.end and not m.excluded]
    before = [m for m in named if m.end <= hours.start and not m.excluded]
    chosen: list[LotMention] = []
    if hours.total and (len(named) > 1 or hours.worth):
        return hours, ()
    within = [m for m in named if m.start < hours.start < m.end]
    if within:
        return hours, union(within)
    if after and _LABELS_NEXT.match(folded, after[0].end):
        after = []
    if after and _FOR.fullmatch(folded[hours.end : after[0].start]):
        chosen = after[:1]
    elif before:
        chosen = before if len(before) == len(named) and _is_one_list(before) else before[-1:]
    elif len(after) == 1:
        chosen = after
    numbers = union(chosen)
    if len(numbers) > 1 and _is_each(folded, hours, chosen[0]):
        hours = replace(hours, hours=hours.hours * len(numbers))
    return hours, numbers


def _is_each(folded: str, hours: HoursMention, lots: LotMention) -> bool:
    """« 35 h par lot », « pour chacun des lots 1 à 3 »."""
    before = folded[max(0, lots.start - 40) : lots.start]
    return bool(_EACH.match(folded, hours.end) or _EACH_BEFORE.search(before))


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
        if whole <= sum(item.mention.hours for item in parts):
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
