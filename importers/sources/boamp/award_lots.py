"""The lots of an award notice that names each only by its title."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import count

from annuaire.clauses.lot_titles import lots_in_title
from annuaire.contracts.records import AwardRecord, LotRecord
from annuaire.words import title_key


def with_lots(
    title: str, awards: Sequence[AwardRecord]
) -> tuple[tuple[AwardRecord, ...], tuple[LotRecord, ...]]:
    """The awards with their lots' numbers, and the lots: by title of award, else of the notice.

    A lot keeps the number its title says (« Lot no2 … »), else takes the first one free, so the
    same rows always give the same numbers. A lot titled as the notice is the whole contract; beside
    others, the awards that name no lot are of one under the notice's title, so that none is lost.
    """
    groups: dict[str, list[AwardRecord]] = {}
    whole = title_key(title)
    keys = ["" if (key := title_key(award.lot_title or "")) == whole else key for award in awards]
    for key, award in zip(keys, awards, strict=True):
        groups.setdefault(key, []).append(award)
    if set(groups) <= {""}:
        return _from_title(title, awards)
    numbers = _numbers({k: g[0] for k, g in groups.items() if k})
    if "" in groups:
        taken = {number for number, _, _ in numbers.values()}
        numbers[""] = (next(n for n in map(str, count(1)) if n not in taken), title, False)
    lots = tuple(
        _lot(number, said, groups[key], numbered=numbered)
        for key, (number, said, numbered) in numbers.items()
    )
    numbered = tuple(
        replace(award, lot_number=numbers[key][0]) for award, key in zip(awards, keys, strict=True)
    )
    return numbered, lots


def _from_title(
    title: str, awards: Sequence[AwardRecord]
) -> tuple[tuple[AwardRecord, ...], tuple[LotRecord, ...]]:
    named = lots_in_title(title)
    if len(named) == 1 and awards:
        number, lot_title = named[0]
        numbered = tuple(replace(award, lot_number=number) for award in awards)
        return numbered, (replace(_lot(number, lot_title, awards), origin="text"),)
    return tuple(awards), tuple(LotRecord(number, text, origin="text") for number, text in named)


def _numbers(awards: dict[str, AwardRecord]) -> dict[str, tuple[str, str, bool]]:
    """(number, title without it, whether the notice says the number) by folded title."""
    titles = {key: award.lot_title or "" for key, award in awards.items()}
    said = {key: _said(awards[key].lot_number, key, title) for key, title in titles.items()}
    taken: dict[str, str] = {}
    for key, lots in said.items():
        if lots:
            taken.setdefault(lots[0][0], key)
    free = (str(n) for n in count(1) if str(n) not in taken)
    by_key = {key: number for number, key in taken.items()}
    return {
        key: (by_key[key], said[key][0][1], True) if key in by_key else (next(free), title, False)
        for key, title in titles.items()
    }


def _said(number: str | None, key: str, title: str) -> list[tuple[str, str]]:
    """The number that an award says, in its own field or at the head of the lot's title."""
    named = lots_in_title(title) if key.startswith("lot") else []
    if number:
        return [(number, named[0][1] if len(named) == 1 else title)]
    return named if len(named) == 1 else []


def _lot(
    number: str, title: str, awards: Sequence[AwardRecord], *, numbered: bool = True
) -> LotRecord:
    """One lot. Awards of equal amounts repeat a shared ceiling; others add up."""
    amounts = [award.amount_eur for award in awards if award.amount_eur is not None]
    amount = amounts[0] if len(set(amounts)) == 1 else sum(amounts)
    if not amount:
        return LotRecord(number, title, numbered=numbered)
    return LotRecord(number, title, amount_eur=amount, amount_kind="awarded", numbered=numbered)
