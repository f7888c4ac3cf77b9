"""Lots as pages show them, each with what its activities, its amount and its clauses rest on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from annuaire.activities import cpv
from annuaire.activities.taxonomy import taxonomy
from annuaire.clauses.labels import LABELS
from annuaire.contracts import amounts
from annuaire.contracts.awarded import WinnerUrl, award_views
from annuaire.contracts.history import OUTCOMES
from annuaire.contracts.models import Contract, Finding, Lot
from annuaire.contracts.presenting import Flag, departement_name, flag_kind, flags_of
from annuaire.contracts.records import REMOVED


@dataclass(frozen=True, slots=True)
class LotActivity:
    """An activity recognised in a lot; `evidence` holds the words or the code that gave it."""

    label: str
    evidence: str


@dataclass(frozen=True, slots=True)
class LotClause:
    """A clause that concerns a lot; `rank` is its place among the contract's, from 1."""

    label: str
    kind: str
    rank: int


@dataclass(frozen=True, slots=True)
class LotView:
    """A lot in the contract's table or on its own page. `amount` is in € HT, `amount_kind` says
    which one it is; `unlikely` marks one that can hardly be a price. `deadline` is the lot's own,
    where it is not its contract's; `outcome` says why nobody holds it, `removed` that it was taken
    away, and `removed_by` names the notice that did it."""

    number: str
    title: str
    description: str | None
    url: str
    cpv_label: str | None
    activities: list[LotActivity]
    place: str | None
    amount: float | None
    amount_kind: str | None
    unlikely: bool
    deadline: datetime | None
    outcome: str | None
    flags: list[Flag]
    clauses: list[LotClause]
    awards: list[dict[str, Any]]
    removed: bool = False
    removed_by: str | None = None


def lot_view(contract: Contract, lot: Lot, winner_url: WinnerUrl) -> LotView:
    """One lot; `winner_url(reference, winner)` leads to a listed structure."""
    known = taxonomy()
    where = [departement_name(lot.departement)] if lot.departement else []
    reference = f"{contract.reference}#{lot.number}"
    concerned = concerning(contract, lot.number)
    return LotView(
        number=lot.number,
        title=lot.title,
        description=lot.description if lot.description != lot.title else None,
        url=f"/marches/{contract.reference}/lots/{quote(lot.number, safe='')}",
        cpv_label=cpv_label(lot.cpv),
        activities=[LotActivity(known.label(code), said) for code, _, said in lot.activities],
        place=", ".join([*([lot.city] if lot.city else []), *where]) or lot.place,
        amount=lot.amount_eur,
        amount_kind=amounts.KINDS.get(lot.amount_kind or ""),
        unlikely=amounts.unlikely(lot.amount_eur),
        deadline=lot.deadline if lot.deadline != contract.deadline else None,
        outcome=end_of(lot),
        flags=flags_of(finding.type for _, finding in concerned),
        clauses=_clauses(contract, concerned),
        awards=award_views(lot, reference, winner_url),
        removed=lot.state == REMOVED,
        removed_by=lot.sources.get("removed") if lot.state == REMOVED else None,
    )


def end_of(lot: Lot) -> str | None:
    """Why a lot has no holder and will have none: « infructueux », « sans suite », « retiré »."""
    return OUTCOMES.get(lot.outcome or "") or ("retiré" if lot.state == REMOVED else None)


def _clauses(contract: Contract, concerned: Iterable[tuple[int, Finding]]) -> list[LotClause]:
    """Each clause once: what a sentence and a code both say leads to the first of them."""
    named: dict[str, LotClause] = {}
    for rank, finding in concerned:
        label = _named(contract, finding)
        named.setdefault(label, LotClause(label, flag_kind(finding.type), rank))
    return list(named.values())


def concerning(contract: Contract, number: str) -> list[tuple[int, Finding]]:
    """The clauses that concern a lot, with their places among the contract's: those that name it,
    those that name none, and those that name only lots that the notice does not list."""
    numbers = {_plain(lot.number) for lot in contract.lots}
    return [
        (rank, finding)
        for rank, finding in enumerate(contract.findings, 1)
        if _plain(number) in (named := set(map(_plain, finding.lots))) or not named & numbers
    ]


def _plain(number: str) -> str:
    return number.lstrip("0") or number


def _named(contract: Contract, finding: Finding) -> str:
    """The clause in words, with the lots that it names when the notice does not list them."""
    label = LABELS[finding.type].name
    numbers = {_plain(lot.number) for lot in contract.lots}
    if not finding.lots or numbers & set(map(_plain, finding.lots)):
        return label
    several = "lots" if len(finding.lots) > 1 else "lot"
    return f"{label} ({several} {', '.join(finding.lots)} du texte)"


def cpv_label(code: str | None) -> str | None:
    """« Services de nettoyage (90910000) »; the code alone when it is not of the nomenclature."""
    if not code:
        return None
    label = cpv.label(code)
    return f"{label} ({code})" if label else code
