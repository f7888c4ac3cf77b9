"""What a contract was like when somebody was told of it, and what has changed since that matters:
its deadline, its lots, its clauses, or that it is cancelled; pure.

A change of our own rules is no change of the contract: lots and clauses count only when a notice
came since.
"""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from annuaire.clauses.labels import LABELS
from annuaire.contracts.models import Contract
from annuaire.wording import date_heure_fr, pluriel

OPEN: Final = frozenset({"published", "planned"})


def print_of(contract: Contract) -> dict[str, Any]:
    """What is kept of a contract (JSON)."""
    lots = "\n".join(sorted(f"{lot.number} {lot.title}" for lot in contract.standing_lots))
    return {
        "deadline": contract.deadline.isoformat() if contract.deadline else None,
        "lots": len(contract.standing_lots),
        "lots_said": hashlib.blake2b(lots.encode(), digest_size=8).hexdigest(),
        "clauses": sorted({finding.type for finding in contract.standing_findings}),
        "notices": sorted(_references(contract)),
        "state": contract.state,
    }


def references_of(contract: Contract) -> frozenset[str]:
    """The references under which a contract may have been told: its own, those of its notices."""
    return frozenset((contract.reference, *_references(contract)))


def _references(contract: Contract) -> Iterator[str]:
    return (f"{notice.source}-{notice.source_key}" for notice in contract.notices)


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """What changed, in sentences; nothing for what is no longer open, but its cancellation."""
    if _cancelled(after):
        return [] if _cancelled(before) else ["Ce marché est annulé."]
    if after["state"] not in OPEN:
        return []
    found = []
    if before["deadline"] != after["deadline"]:
        found.append(
            f"La date limite était {_moment(before)}, elle est maintenant {_moment(after)}."
        )
    if set(after["notices"]) <= set(before["notices"]):
        return found
    if before["lots_said"] != after["lots_said"]:
        found.append(_lots(before["lots"], after["lots"]))
    found += _clauses(set(before["clauses"]), set(after["clauses"]))
    return found


def _cancelled(seen: Mapping[str, Any]) -> bool:
    return bool(seen["state"] == "cancelled")


def _moment(seen: Mapping[str, Any]) -> str:
    if not seen["deadline"]:
        return "inconnue"
    return f"le {date_heure_fr(datetime.fromisoformat(seen['deadline']))}"


def _lots(before: int, after: int) -> str:
    if before == after:
        return "L’intitulé de lots a changé."
    return f"Les lots ont changé : {pluriel(before, 'lot')} avant, {after} maintenant."


def _clauses(before: set[str], after: set[str]) -> list[str]:
    found = []
    if new := after - before:
        found.append(f"Clause nouvelle : {_names(new)}.")
    if gone := before - after:
        found.append(f"Clause retirée : {_names(gone)}.")
    return found


def _names(types: set[str]) -> str:
    return ", ".join(dict.fromkeys(LABELS[each].name for each in sorted(types)))
