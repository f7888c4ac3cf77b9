"""How an award of the essential data stands in the contract that it was matched with; pure.

Nothing says so but likeness, so it tells nothing against the notices that it was matched with: it
completes them, with the holder's number, an amount or a code that they lack.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from annuaire.company_names import name_key
from annuaire.contracts.facts import LotFacts, NoticeFacts


def adopted(notices: Iterable[NoticeFacts]) -> list[NoticeFacts]:
    """Notices of one contract, with those that were matched speaking of the lot that they are of,
    beside the others; the lots that they are of completed."""
    found = {notice.reference: notice for notice in notices}
    for reference, notice in list(found.items()):
        home = found.get(notice.matched.official) if notice.matched else None
        if notice.matched is None or home is None:
            continue
        lot = _lot(home, notice.matched.lot)
        found[reference] = _beside(notice, lot, many=len(home.named_lots) > 1)
        if lot is not None:
            done = _completed(lot, notice)
            lots = tuple(done if each is lot else each for each in home.lots)
            found[home.reference] = replace(home, lots=lots)
    return list(found.values())


def _lot(home: NoticeFacts, number: str) -> LotFacts | None:
    return next((lot for lot in home.lots if lot.number == number), None)


def _beside(notice: NoticeFacts, lot: LotFacts | None, *, many: bool) -> NoticeFacts:
    if lot is None:
        return replace(notice, beside=True)
    own = tuple(
        replace(
            each, number=lot.number, numbered=lot.numbered, title=lot.title, origin=lot.origin,
            description=None, amounts={}, awards=(), activities=(),
        )
        for each in notice.lots[:1]
    )  # fmt: skip
    findings = notice.findings
    if many:
        findings = tuple({**row, "lots": row["lots"] or [lot.number]} for row in findings)
    return replace(notice, lots=own, findings=findings, beside=True)


def _completed(lot: LotFacts, notice: NoticeFacts) -> LotFacts:
    """The lot with the number of its holder, and its amount, where only the essential data tell
    them."""
    told = [award for each in notice.lots for award in each.awards]
    awards = tuple(_award(award, told, alone=len(lot.awards) == 1) for award in lot.awards)
    amounts = {kind: value for each in notice.lots for kind, value in each.amounts.items()}
    return replace(lot, awards=awards, amounts={**amounts, **lot.amounts})


def _award(
    award: Mapping[str, Any], told: Sequence[Mapping[str, Any]], *, alone: bool
) -> Mapping[str, Any]:
    key = name_key(award["winner"])
    same = next((t for t in told if name_key(t["winner"]) == key), None)
    if same is None and alone and len(told) == 1:
        (same,) = told
    if same is None or award.get("winner_siret") or not same.get("winner_siret"):
        return award
    return {**award, "winner_siret": same["winner_siret"]}
