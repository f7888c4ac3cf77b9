"""What happened to a contract, notice after notice, in sentences; pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from annuaire.clauses.lot_numbers import sort_key
from annuaire.contracts.adopting import adopted
from annuaire.contracts.amounts import unlikely
from annuaire.contracts.facts import PUSHED, LotFacts, NoticeFacts, facts_from
from annuaire.contracts.linking import in_order
from annuaire.contracts.lot_merging import merge_lots
from annuaire.contracts.models import Contract
from annuaire.contracts.withdrawals import taken_by
from annuaire.wording import date_fr, date_heure_fr, euros
from annuaire.words import title_key

SHOWN_LOTS: Final = 6  # named one by one in a notice's changes; past that they are counted
SHOWN_TITLE: Final = 120  # characters

OUTCOMES: Final = {"unsuccessful": "infructueux", "abandoned": "sans suite"}


@dataclass(frozen=True, slots=True)
class Happened:
    """One publication: its day, nature and reference, and in sentences what it changed. `in_force`
    is False once another publication replaced it."""

    on: date
    nature: str
    reference: str
    changes: tuple[str, ...] = ()
    in_force: bool = True


def history(contract: Contract) -> list[Happened]:
    """The publications of a contract from the oldest, with what each one changed: nothing is known
    of that for one that was read before contracts were joined."""
    ordered = in_order(
        adopted(
            facts_from(notice.facts, notice.matched)
            for notice in contract.notices
            if notice.facts and (notice.in_force or notice.source != PUSHED)
        )
    )
    if ordered:
        _, numbers = merge_lots(ordered, contract.state, contract.outcome, {})
    changes = {
        notice.reference: tuple(_changes(ordered[:at], notice, numbers))
        for at, notice in enumerate(ordered)
    }
    return [
        Happened(n.published_on, n.nature, ref, changes.get(ref, ()), n.in_force)
        for n in contract.notices
        for ref in (f"{n.source}-{n.source_key}",)
    ]


Numbers = Mapping[tuple[str, str], str]


def _changes(before: Sequence[NoticeFacts], notice: NoticeFacts, numbers: Numbers) -> Iterator[str]:
    yield from _deadline_change(before, notice)
    yield from _closing_change(before, notice)
    if before:
        yield from _new_title(before, notice)
        yield from _new_lots(before, notice, numbers)
        yield from _moved_lots(before, notice, numbers)
    yield from _removed_lots(before, notice)
    yield from _results(notice, numbers)
    if notice.outcome and not any(lot.awards for lot in notice.lots):
        yield f"Procédure déclarée {OUTCOMES.get(notice.outcome, notice.outcome)}"


def _deadline_change(before: Sequence[NoticeFacts], notice: NoticeFacts) -> Iterator[str]:
    former = next((n.deadline for n in reversed(before) if n.deadline), None)
    if notice.deadline is None or notice.deadline == former:
        return
    if former is None:
        yield f"Réponses attendues jusqu’au {date_heure_fr(notice.deadline)}"
    else:
        verb = "reportée" if notice.deadline > former else "avancée"
        yield f"Date limite {verb} du {date_heure_fr(former)} au {date_heure_fr(notice.deadline)}"


def _closing_change(before: Sequence[NoticeFacts], notice: NoticeFacts) -> Iterator[str]:
    """The last day on which a notice is shown, which a correction of the archive tells alone."""
    day = notice.expires_on
    former = next((n.expires_on for n in reversed(before) if n.expires_on), None)
    if notice.nature != "correction" or notice.deadline or not day or not former or day == former:
        return
    verb = "reportée" if day > former else "avancée"
    yield f"Fin de diffusion {verb} du {date_fr(former)} au {date_fr(day)}"


def _new_title(before: Sequence[NoticeFacts], notice: NoticeFacts) -> Iterator[str]:
    if notice.nature != "correction":
        return
    former = before[-1].title
    if title_key(former) != title_key(notice.title):
        yield f"Objet modifié : « {_cut(notice.title)} » (avant : « {_cut(former)} »)"


def _new_lots(
    before: Sequence[NoticeFacts], notice: NoticeFacts, numbers: Numbers
) -> Iterator[str]:
    known = {
        numbers.get((n.reference, lot.number), lot.number) for n in before for lot in n.named_lots
    }
    if not known:
        return
    added = [
        (number, lot)
        for lot in notice.named_lots
        if (number := numbers.get((notice.reference, lot.number), lot.number)) not in known
    ]
    for number, lot in added[:SHOWN_LOTS]:
        yield f"Lot {number} ajouté : {_cut(lot.title)}"
    if len(added) > SHOWN_LOTS:
        yield f"et {len(added) - SHOWN_LOTS} autres lots ajoutés"


def _moved_lots(
    before: Sequence[NoticeFacts], notice: NoticeFacts, numbers: Numbers
) -> Iterator[str]:
    """What a correction changes of lots already known: deadline, estimated amount."""
    former: dict[str, LotFacts] = {
        numbers.get((n.reference, lot.number), lot.number): lot
        for n in before
        for lot in n.named_lots
    }
    changes: list[str] = []
    for lot in notice.named_lots:
        number = numbers.get((notice.reference, lot.number), lot.number)
        was = former.get(number)
        if was is None:
            continue
        told = was.deadline
        if lot.deadline and told and lot.deadline not in (told, notice.deadline):
            changes.append(
                f"Lot {number} : date limite du {date_heure_fr(told)} "
                f"au {date_heure_fr(lot.deadline)}"
            )
        estimated, former_one = lot.amounts.get("estimated"), was.amounts.get("estimated")
        if estimated and former_one and estimated != former_one:
            changes.append(
                f"Lot {number} : montant estimé de {_price(former_one)} à {_price(estimated)}"
            )
    yield from changes[:SHOWN_LOTS]


def _removed_lots(before: Sequence[NoticeFacts], notice: NoticeFacts) -> Iterator[str]:
    titles = {lot.number: lot.title for each in (*before, notice) for lot in each.named_lots}
    taken = taken_by(before, notice)
    for number in sorted(taken, key=sort_key)[:SHOWN_LOTS]:
        end = OUTCOMES.get(taken[number], "retiré de la consultation")
        title = f" : {_cut(titles[number])}" if number in titles else ""
        yield f"Lot {number} {end}{title}"
    if len(taken) > SHOWN_LOTS:
        yield f"et {len(taken) - SHOWN_LOTS} autres lots retirés"


def _results(notice: NoticeFacts, numbers: Numbers) -> Iterator[str]:
    said: list[str] = []
    for lot in notice.lots:
        number = numbers.get((notice.reference, lot.number), lot.number)
        label = f"Lot {number}" if lot.origin != "notice" else "Marché"
        if lot.awards:
            names = ", ".join(dict.fromkeys(str(award["winner"]) for award in lot.awards))
            amount = lot.amounts.get("awarded")
            price = f" ({_price(amount)})" if amount else ""
            said.append(f"{label} attribué à {_cut(names)}{price}")
        elif lot.outcome:
            said.append(f"{label} {OUTCOMES.get(lot.outcome, lot.outcome)}")
    yield from said[:SHOWN_LOTS]
    if len(said) > SHOWN_LOTS:
        yield f"et {len(said) - SHOWN_LOTS} autres lots"


def _price(amount: float) -> str:
    said = f"{euros(amount)} HT"
    return f"{said}, montant invraisemblable" if unlikely(amount) else said


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN_TITLE else f"{text[:SHOWN_TITLE].rstrip()}…"
