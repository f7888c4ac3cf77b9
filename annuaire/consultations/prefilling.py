"""A form begun from a document: its object, its lots and the sentences of its clauses; pure.

The document is read apart and kept nowhere; only what stands in the form is.
"""

from collections import defaultdict
from typing import Final

from annuaire.consultations.form import FIELDS, LOT_FIELDS, MOST_LOTS, Content, empty_content
from annuaire.documents.analysing import Analysis

SENTENCES: Final = 40  # of clauses, in one field


def prefilled(analysis: Analysis) -> Content:
    """The content that a document gives, for its author to complete."""
    content = empty_content()
    fields = content["fields"]
    fields["objet"] = analysis.subject[: FIELDS["objet"]]
    sentences: dict[str, list[str]] = defaultdict(list)
    numbers = {lot.lot.number for lot in analysis.lots}
    for finding in analysis.findings:
        for number in [n for n in finding.lots if n in numbers] or [""]:
            sentences[number].append(finding.evidence.strip())
    fields["conditions"] = _joined(sentences[""], FIELDS["conditions"])
    content["lots"] = [
        dict.fromkeys(LOT_FIELDS, "")
        | {
            "numero": lot.lot.number[: LOT_FIELDS["numero"]],
            "objet": lot.lot.title[: LOT_FIELDS["objet"]],
            "montant": f"{lot.lot.amount.eur:.2f}".replace(".", ",") if lot.lot.amount else "",
            "clause": _joined(sentences[lot.lot.number], LOT_FIELDS["clause"]),
        }
        for lot in analysis.lots[:MOST_LOTS]
    ]
    return content


def _joined(sentences: list[str], most: int) -> str:
    return "\n".join(dict.fromkeys(sentences[:SENTENCES]))[:most]
