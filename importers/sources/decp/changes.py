"""What was changed of a contract after its award: the history of one contract, not a second one."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from annuaire.contracts.records import AwardRecord, ChangeRecord
from importers.files.fields import Warnings, shown
from importers.rows import Warned
from importers.sources.decp.parties import Winner, read_winners
from importers.sources.decp.values import amount, day, months, text, within

FIELD = "modifications"
MAX_CHANGES = 1_000

#: (change, winners that it names, day of its publication)
Read = tuple[ChangeRecord, list[Winner], date | None]


@dataclass(frozen=True, slots=True)
class State:
    """A contract at one moment: amount in € HT, months, the companies that hold it."""

    amount: float | None
    months: int | None
    winners: list[Winner]


def read_changes(node: Any, award: State, today: date, warnings: Warnings) -> list[Read]:
    """The modifications in their order, each with what differs from the state before it."""
    told = [item for item in within(node, "modification") if isinstance(item, dict)]
    if len(told) > MAX_CHANGES:
        message = f"{len(told)} modifications : seules les {MAX_CHANGES} premières sont gardées."
        warnings.append(Warned(FIELD, "trop", message))
    read = [_read(item, today, warnings) for item in told[:MAX_CHANGES]]
    read.sort(key=lambda one: one[0].on or today)
    found: list[Read] = []
    now = award
    for change, winners, published in read:
        changed = replace(
            change,
            amount_eur=None if change.amount_eur == now.amount else change.amount_eur,
            months=None if change.months == now.months else change.months,
            winners=() if _same(winners, now.winners) else change.winners,
        )
        now = State(
            change.amount_eur or now.amount, change.months or now.months, winners or now.winners
        )
        found.append((changed, winners, published))
    return found


def _same(some: list[Winner], others: list[Winner]) -> bool:
    return {w.siret or w.name for w in some} == {w.siret or w.name for w in others}


def _read(item: dict[str, Any], today: date, warnings: Warnings) -> Read:
    written = item.get("dateNotificationModification", item.get("dateSignatureModification"))
    on = day(written, today)
    if on is None:
        message = f"La date de modification {shown(str(written or ''))} est impossible, ignorée."
        warnings.append(Warned(FIELD, "date", message))
    winners = read_winners(item.get("titulaires"), FIELD, warnings)
    change = ChangeRecord(
        on=on,
        subject=text(item.get("objetModification"), 1_000) or None,
        amount_eur=amount(item.get("montant", item.get("valeurGlobale")), FIELD, warnings),
        months=months(item.get("dureeMois"), FIELD, warnings),
        winners=tuple(winner.name for winner in winners),
    )
    return change, winners, day(item.get("datePublicationDonneesModification"), today)


def later_awards(
    changes: list[Read], awards: list[AwardRecord], lot: str
) -> tuple[AwardRecord, ...]:
    """The companies that only a modification names: they came later, and for an amount unknown."""
    known = {(award.winner_siret or award.winner) for award in awards}
    found: list[AwardRecord] = []
    for change, winners, published in changes:
        for winner in winners:
            key = winner.siret or winner.name
            if key not in known:
                known.add(key)
                days = [d for d in (change.on, published) if d]
                found.append(
                    AwardRecord(
                        winner.name,
                        None,
                        change.on,
                        lot,
                        winner_siret=winner.siret,
                        published_on=max(days, default=None),
                    )
                )
    return tuple(found)
