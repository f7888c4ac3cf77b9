"""What a consultation will be once published: its lots and its clauses, read by the same rules."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from annuaire.activities.taxonomy import taxonomy
from annuaire.contracts.models import Finding
from annuaire.contracts.presenting import FindingView, Flag, finding_view, flags_of
from annuaire.contracts.reading import read_notice
from annuaire.platforms.consultations import record_of


@dataclass(frozen=True, slots=True)
class PreviewLot:
    """A lot as it was understood."""

    number: str
    title: str
    activities: list[str]
    amount: float | None
    flags: list[Flag]


@dataclass(frozen=True, slots=True)
class Preview:
    """The lots and clauses of a consultation, and where its codes and texts disagree."""

    lots: list[PreviewLot]
    findings: list[FindingView]


def preview(body: Mapping[str, Any], key: str, today: date) -> Preview:
    """Read a consultation that holds, without keeping anything."""
    facts = read_notice(record_of(key, body, today)).facts
    known = taxonomy()
    lots = [
        PreviewLot(
            number=lot.number,
            title=lot.title,
            activities=[known.label(code) for code, *_ in lot.activities],
            amount=lot.amounts.get("estimated"),
            flags=flags_of(
                row["type"]
                for row in facts.findings
                if not row["lots"] or lot.number in row["lots"]
            ),
        )
        for lot in facts.lots
    ]
    rows = enumerate(facts.findings, 1)
    findings = [replace(finding_view(Finding(**row), rank), anchor="") for rank, row in rows]
    return Preview(lots, findings)
