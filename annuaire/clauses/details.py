"""Lots, hours and share of the clauses found, from their sentence and those that follow."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from annuaire.clauses import (
    contract_lots,
    items,
    ledger,
    lot_scope,
    pairing,
    shares,
    sums,
    tables,
    zone,
)
from annuaire.clauses import hours as worked
from annuaire.clauses.findings import COUNTED_TYPES
from annuaire.clauses.fold import Plain
from annuaire.clauses.hits import Hit, Scan, Span
from annuaire.clauses.hours import HoursMention
from annuaire.clauses.lot_numbers import sort_key
from annuaire.clauses.lots import LotMention, union

_NEAR = 600  # characters between a clause and the table of its hours
_LONGEST = 600  # characters of evidence, when it runs on to the line that gives the hours
# Figures that a part gives in the order of the lots named before it
_IN_ORDER = re.compile(r"\W*(?:respectivement|(?:le|la) premi(?:er|ere)\b(?! (?:annee|tranche)))")
_TRANCHE = re.compile(r"\b(?:tranche|phase|annee|periode)\b")
_OF_HOURS = re.compile(r"\b(?:heures|horaires?)\b")
# Hours of a social clause are those of insertion, but for those of a training or a placement.
_OTHER_HOURS = re.compile(r"\bstage|apprenti|alternan|formation|tutorat|sensibilis|benevol")


@dataclass(frozen=True, slots=True)
class _Stated:
    """Hours that a clause states, for which lots (none: not said) and in which part."""

    mention: HoursMention
    lots: tuple[str, ...]
    part: Span


def attach(text: Plain, scan: Scan) -> list[Hit]:
    """The hits with their lots, hours and share; a clause whose lots have different hours makes
    one hit for each. General hits give way to insertion once their figures are read."""
    if not scan.kept:
        return []
    folded = text.folded
    found: list[Hit] = []
    stated: dict[str, list[tuple[Hit, _Stated]]] = {}
    insertion = {hit.part for hit in scan.kept if hit.type == "execution_insertion"}
    for raw in scan.kept:
        hit, hours = _read(text, scan, raw)
        of_work = hours and not _OTHER_HOURS.search(folded, *hit.sentence)
        if hit.rule.generic and hit.type == "execution_social_other" and (insertion or of_work):
            hit = replace(hit, type="execution_insertion")
            if hit.part in insertion or (not hours and not hit.lots):
                continue
        found += [hit] if hours else _by_share(folded, hit)
        stated.setdefault(hit.type, []).extend((hit, item) for item in hours)
    told_hours = stated.get("execution_insertion", [])
    if not any(item.lots for _, item in told_hours) and (
        listed := _listed(folded, found, told_hours)
    ):
        stated["execution_insertion"] = listed
    for kind, told in stated.items():
        found = _with_hours(found, kind, told)
    return _without_repeats(found)


def _listed(
    folded: str, found: list[Hit], told: list[tuple[Hit, _Stated]]
) -> list[tuple[Hit, _Stated]]:
    """Hours that a list gives lot by lot, far from the clause or without « lot » in its rows,
    when nothing nearer says other ones."""
    hit = next((hit for hit in found if hit.type == "execution_insertion"), None)
    if hit is None or (hit.share is not None and not told) or "lot" not in folded:
        return []
    rows = [row for row in items.rows(folded) if row.hours]
    whole = sums.total([item.mention for _, item in told])
    if whole is not None and abs(sum(row.hours for row in rows) - whole) >= 1:
        return []
    return [
        (hit, _Stated(worked.labelled(row.hours, row.start, row.end), (row.lot,), hit.part))
        for row in rows
    ]


def _by_share(folded: str, hit: Hit) -> list[Hit]:
    """One hit for each lot that has its own share of the work; else the hit as it is."""
    told = shares.by_lot(folded, *hit.part) if hit.share is not None else []
    return [replace(hit, share=share, lots=lots) for share, lots in told] or [hit]


def _read(text: Plain, scan: Scan, hit: Hit) -> tuple[Hit, list[_Stated]]:
    folded = text.folded
    named = lot_scope.lots_of(folded, scan, hit)
    hours: list[_Stated] = []
    share = None
    if hit.type not in COUNTED_TYPES:
        named = named or lot_scope.of_criterion(folded, scan, hit)
        return replace(hit, lots=union(named)), []
    if table := _table(text, hit.part):
        return replace(hit, lots=tuple(lot for item in table for lot in item.lots)), table
    announced = False
    other = hit.type == "execution_social_other" and not hit.rule.generic and _is_shared(scan, hit)
    parts = zone.parts_of(folded, scan, hit)
    told = [named if p == hit.part else lot_scope.own_lots(folded, p) for p in parts]
    everywhere = [mention for mine in told for mention in mine]
    for part, mine in zip(parts, told, strict=True):
        announced = announced or ledger.ANNOUNCED.search(folded, *part) is not None
        in_order = not mine and _IN_ORDER.match(folded, *part) is not None
        if not (other and part == hit.part):
            found = _stated(folded, part, named if in_order else mine, everywhere, announced)
            hours += found or _echoed(folded, part, mine, hours)
        if share is None and hit.type == "execution_insertion":
            share = shares.share(folded, *part)
    if share is not None and all(item.mention.other for item in hours):
        hours = []  # « 8 000 heures de travail, dont 5 % en insertion »
    return replace(hit, lots=union(everywhere), share=share), hours


def _echoed(folded: str, part: Span, mine: list[LotMention], told: list[_Stated]) -> list[_Stated]:
    """The hours of a part that tells them by the last ones told (« un effort équivalent est
    demandé au lot 4 »)."""
    lots = union(mine)
    named = lots or _TRANCHE.search(folded, *part)
    again = worked.echo(folded, *part, told[-1].mention) if told and named else None
    return [] if again is None else [_Stated(again, lots, part)]


def _is_shared(scan: Scan, hit: Hit) -> bool:
    """Whether the part of a clause also tells one of insertion, whose hours are those told."""
    return any(h.part == hit.part and h.type == "execution_insertion" for h in scan.kept)


def _table(text: Plain, part: Span) -> list[_Stated]:
    """The hours of a table of lots that the part announces, or explains; it may have lost its
    lines."""
    rows: Sequence[ledger.Row] = tables.rows(text.clean)
    if rows and (rows[0].start < part[0] - _NEAR or rows[0].start > part[1] + _NEAR):
        rows = ()
    return [
        _Stated(worked.labelled(row.hours, row.start, row.end), (row.lot,), part)
        for row in rows or ledger.table(text.folded, *part)
        if row.hours
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
    rows = ledger.listed(folded, *part) if found and announced else []
    if len(rows) > len(found) and {m.start for m in found} <= {row.start for row in rows}:
        found = rows
    if not found and (announced or _OF_HOURS.search(folded, *part)):
        rows = ledger.listed(folded, *part)
        found = rows if announced or len(rows) > 1 else []
        found = found or ([] if named or not announced else ledger.by_trade(folded, *part))
    if not named:
        by_names = contract_lots.by_names(folded, part[0], [(m.start, m.end) for m in found])
        if by_names:
            return [_Stated(*pair, part) for pair in zip(found, by_names, strict=True)]
        if pairs := pairing.across(folded, part, everywhere):
            return [_Stated(*pair, part) for pair in pairs]
        return [_Stated(*pairing.for_each(folded, hours, everywhere), part) for hours in found]
    return [_Stated(*pair, part) for pair in pairing.paired(folded, part, found, named)]


def _with_hours(found: list[Hit], kind: str, stated: list[tuple[Hit, _Stated]]) -> list[Hit]:
    """Give the hours of one type to its hits, one hit for each group of lots."""
    groups: dict[tuple[str, ...], list[tuple[Hit, _Stated]]] = {}
    for hit, item in _each_once(stated):
        groups.setdefault(item.lots, []).append((hit, item))
    covered: set[str] = set()
    result = list(found)
    parts = [m for lots, members in groups.items() if lots for _, m in members]
    if parts and () in groups:
        whole = sums.total([item.mention for _, item in groups[()]]) or 0
        restated = all(item.mention.worth for _, item in groups[()])
        amounts = [
            sums.total([m.mention for _, m in told]) for lots, told in groups.items() if lots
        ]
        several = len(groups) > 2  # what sums up several lots is no more than they say
        if (restated and several) or whole <= sum(amount or 0 for amount in amounts):
            del groups[()]  # the sum of what is said lot by lot
    if parts and () in groups:
        result = _with_rest(result, groups[()][0][0], {lot for lots in groups for lot in lots})
    for lots, members in sorted(groups.items(), key=lambda g: [sort_key(n) for n in g[0]]):
        hit, first = members[0]
        amount = sums.total([item.mention for _, item in members])
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


def _with_rest(hits: list[Hit], hit: Hit, told: set[str]) -> list[Hit]:
    """Keep the lots of a clause whose own hours are not told, beside hours of the whole."""
    rest = tuple(lot for lot in hit.lots if lot not in told)
    return [*hits, replace(hit, lots=rest)] if rest else hits


def _each_once(stated: list[tuple[Hit, _Stated]]) -> list[tuple[Hit, _Stated]]:
    """Each figure once, where several clauses of a type read it: the first that says for which
    lots it is, or else the first."""
    first: dict[int, tuple[Hit, _Stated]] = {}
    for hit, item in stated:
        known = first.get(item.mention.start)
        if known is None or (item.lots and not known[1].lots):
            first[item.mention.start] = (hit, item)
    once = list(first.values())
    once = [pair for pair in once if pair[1].mention.own] or once
    return [pair for pair in once if not pair[1].mention.other] or once


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
