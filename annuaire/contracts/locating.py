"""Where the clauses of a notice stand: in which text or code, of which lot; pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from annuaire.clauses.detect import detect, read_each
from annuaire.clauses.findings import Finding, Negation
from annuaire.contracts.records import CodeField, TextField


@dataclass(frozen=True, slots=True)
class LocatedFinding:
    """A finding and the text of the notice that holds it (None for a code)."""

    finding: Finding
    text_index: int | None


def locate(
    texts: Sequence[TextField], codes: Sequence[CodeField]
) -> tuple[list[LocatedFinding], list[Negation]]:
    """The clauses of each text and code of a notice, and what its texts deny."""
    told, denied = read_each(texts)
    in_texts = [
        LocatedFinding(_on_lot(finding, texts[index].lot_number), index) for index, finding in told
    ]
    in_codes = [
        LocatedFinding(_on_lot(finding, code.lot_number), None)
        for code in codes
        for finding in detect([], [code])
    ]
    return in_texts + in_codes, denied


def _on_lot(finding: Finding, lot_number: str | None) -> Finding:
    """A clause that stands in a lot's own field concerns that lot."""
    if lot_number is None or finding.lots:
        return finding
    return replace(finding, lots=(lot_number,))


def finding_row(located: LocatedFinding) -> dict[str, Any]:
    """A finding as a row of `models.Finding`, without its contract and notice."""
    finding, in_text = located.finding, located.text_index is not None
    return {
        "type": finding.type,
        "source": finding.source,
        "field": finding.field,
        "evidence": finding.evidence,
        "text_index": located.text_index,
        "start": finding.start if in_text else None,
        "end": finding.end if in_text else None,
        "lots": list(finding.lots),
        "hours": finding.hours,
        "share": finding.share,
        "weight": finding.weight,
        "article": finding.article,
        "article_cited": finding.article_cited,
        "confidence": finding.confidence,
        "optional": finding.optional,
        "rule": finding.rule,
    }
