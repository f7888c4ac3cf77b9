"""What a document states, as its page and its files show it: plain values in French."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from annuaire.activities.taxonomy import taxonomy
from annuaire.clauses.findings import Finding, Negation
from annuaire.clauses.labels import LABELS, article_words, confidence_label
from annuaire.contracts.presenting import Flag, flag_kind, flags_of
from annuaire.documents.analysing import Analysis, ReadLot
from annuaire.documents.marking import marked
from annuaire.documents.needs import lot_url
from annuaire.documents.passages import Passage, passage_of
from annuaire.documents.text import DocumentText
from annuaire.wording import pluriel

KINDS: Final = {
    "pdf": "PDF",
    "docx": "document Word (DOCX)",
    "odt": "document LibreOffice (ODT)",
    "rtf": "document RTF",
    "html": "page HTML",
    "txt": "texte",
}
AMOUNTS: Final = {"maximum": "maximum", "stated": "indiqué"}
SHOWN_BLIND: Final = 12  # pages without text that are named


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """A clause with the sentence that proves it; `passage` is the rank of the part of the
    text that shows it."""

    label: str
    kind: str
    explanation: str
    evidence_html: str
    evidence: str
    where: str
    passage: int | None
    lots: list[str]
    hours: float | None
    share: float | None
    weight: float | None
    article: str | None
    confidence: str
    optional: bool


@dataclass(frozen=True, slots=True)
class ShownLot:
    """A lot with what the document says of it."""

    number: str
    title: str
    where: str
    activities: list[str]
    evidence: list[str]
    amount: float | None
    amount_label: str
    amount_words: str
    hours: float | None
    flags: list[Flag] = field(default_factory=list)
    url: str = ""


def read_words(document: DocumentText) -> str:
    """« PDF de 24 pages, 61 200 signes lus »."""
    units = pluriel(len(document.starts), document.unit)
    pages = f"{KINDS[document.kind]} de {units}"
    return f"{pages}, {pluriel(len(document.text), 'signe lu')}"


def blind_words(document: DocumentText) -> str:
    """The sentence on pages without text; empty when every page has some."""
    blind = document.blind
    if not blind:
        return ""
    named = ", ".join(str(number) for number in blind[:SHOWN_BLIND])
    more = f" et {len(blind) - SHOWN_BLIND} autres" if len(blind) > SHOWN_BLIND else ""
    if len(blind) == 1:
        return f"La page {named} ne contient pas de texte (une image ?) : elle n’a pas été lue."
    return f"Les pages {named}{more} ne contiennent pas de texte (des images ?) : non lues."


def shown_findings(analysis: Analysis, found: Sequence[Passage]) -> list[ShownFinding]:
    """The clauses in the order of the text."""
    document = analysis.document
    return [
        ShownFinding(
            label=LABELS[f.type].name,
            kind=flag_kind(f.type),
            explanation=LABELS[f.type].explanation,
            evidence_html=marked(f.evidence, [(f.mark_start - f.start, f.mark_end - f.start)]),
            evidence=f.evidence,
            where=document.where(f.start),
            passage=passage_of(found, f.start),
            lots=list(f.lots),
            hours=f.hours,
            share=f.share,
            weight=f.weight,
            article=article_words(f.article, f.article_cited),
            confidence=confidence_label(f.confidence),
            optional=f.optional,
        )
        for f in analysis.findings
    ]


def shown_denied(analysis: Analysis) -> list[tuple[str, str, str]]:
    """(type, sentence, place) of what the text says there is not."""
    where = analysis.document.where
    return [(LABELS[n.type].name, n.evidence, where(n.start)) for n in analysis.denied]


def shown_lots(analysis: Analysis, said: Mapping[str, str]) -> list[ShownLot]:
    """The lots with the clauses that name them, and those that name none."""
    return [_shown_lot(analysis, lot, said) for lot in analysis.lots]


def spans_of(found: Iterable[Finding | Negation]) -> list[tuple[int, int]]:
    """The sentences to mark."""
    return [(each.start, each.end) for each in found]


def _shown_lot(analysis: Analysis, read: ReadLot, said: Mapping[str, str]) -> ShownLot:
    lot, known = read.lot, taxonomy()
    concerned = [f for f in analysis.findings if not f.lots or lot.number.upper() in f.lots]
    hours = [f.hours for f in concerned if f.hours is not None and f.lots]
    return ShownLot(
        number=lot.number,
        title=lot.title,
        where=analysis.document.where(lot.start),
        activities=[known.label(guess.code) for guess in read.activities],
        evidence=[guess.evidence for guess in read.activities],
        amount=lot.amount.eur if lot.amount else None,
        amount_label=AMOUNTS[lot.amount.kind] if lot.amount else "",
        amount_words=lot.amount.words if lot.amount else "",
        hours=max(hours, default=None),
        flags=flags_of(f.type for f in concerned),
        url=lot_url(read, said),
    )
