"""From a document's text to the lots and clauses that it states; pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from annuaire.activities.classify import Guess, classify
from annuaire.clauses.detect import detect, read
from annuaire.clauses.findings import Finding, Negation, PlainText
from annuaire.documents.lots import stated_lots
from annuaire.documents.stated import StatedLot
from annuaire.documents.text import DocumentText

SHORT = 300  # characters of a text that is itself the object of the purchase
OBJECT_LIMIT = 300
MOST_FINDINGS = 500
_ENOUGH = 0.3  # score of an activity that is shown
_SHOWN_ACTIVITIES = 2

_WHAT = r"(?P<object>[^\n]{8,600})"
_OBJECT = (
    re.compile(
        r"(?:^|[\n.;])[ \t]*(?:\d+(?:\.\d+)*[.)\s–-]*)?objet(?: (?:de la consultation|"
        r"du march[ée](?: public)?|de l['’]accord[- ]cadre|du contrat|de l['’]achat|"
        r"de la commande))?[ \t]*:[ \t\n]*" + _WHAT,
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:la (?:pr[ée]sente )?consultation|le (?:pr[ée]sent )?march[ée]|l['’]accord[- ]cadre|"
        r"le (?:pr[ée]sent )?cahier[^\n.;:]{0,80}|les (?:stipulations|prestations)[^\n.;:]{0,120})"
        r"\s+(?:a pour objet|ont pour objet|concernent?|porte(?:nt)? sur|est relative? [àa])"
        r"\s*:?\s*" + _WHAT,
        re.IGNORECASE,
    ),
)
_FIRST_LINE = re.compile(r"[^\n]*\w[^\n]*")
_SENTENCE_END = re.compile(r"(?<=[a-zà-ÿ)])\.(?:\s|$)")


@dataclass(frozen=True, slots=True)
class ReadLot:
    """A lot with the activities that it calls for, best first; `words` is what to search with: its
    title, with the object of the whole where the title alone tells no activity."""

    lot: StatedLot
    activities: tuple[Guess, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Analysis:
    """What a document states. Offsets of `findings` and `denied` are those of its text;
    `subject` is what is bought, as far as it is told; `more` counts findings left out."""

    document: DocumentText
    subject: str
    lots: tuple[ReadLot, ...]
    findings: tuple[Finding, ...]
    denied: tuple[Negation, ...]
    activities: tuple[Guess, ...] = ()
    more: int = 0


def analyse(document: DocumentText) -> Analysis:
    """Seek the object, the lots and the clauses of a document. Never raises: any text is read."""
    text = document.text
    lots = stated_lots(text)
    subject, told = _subject(text, whole=not lots)
    stated, denied = read([PlainText("execution", text)])
    findings = sorted(
        _distinct([*stated, *_in_titles(text, told, lots)]),
        key=lambda f: (f.mark_start, f.mark_end, f.type),
    )
    return Analysis(
        document=document,
        subject=subject,
        lots=tuple(_read(lot, subject) for lot in lots),
        findings=tuple(findings[:MOST_FINDINGS]),
        denied=tuple(denied[:MOST_FINDINGS]),
        activities=_activities(subject, ""),
        more=max(0, len(findings) - MOST_FINDINGS),
    )


def _subject(text: str, *, whole: bool) -> tuple[str, tuple[int, int]]:
    """What is bought, and the span that tells it; a short text may begin with its object."""
    if whole and len(text) <= SHORT and (line := _FIRST_LINE.search(text)):
        return line.group().strip(), line.span()
    for pattern in _OBJECT:
        if found := pattern.search(text):
            start, limit = found.span("object")
            end = _SENTENCE_END.search(text, start, limit)
            stop = min(end.start() if end else limit, start + OBJECT_LIMIT)
            return text[start:stop].strip(" .:\t"), (start, stop)
    return "", (0, 0)


def _in_titles(text: str, told: tuple[int, int], lots: Sequence[StatedLot]) -> Iterator[Finding]:
    """Clauses that only titles announce: purchases of insertion, words of the lots' titles."""
    start, end = told
    yield from (_shifted(f, start, ()) for f in detect([PlainText("title", text[start:end])]))
    for lot in lots:
        for finding in detect([PlainText("lot_title", text[lot.start : lot.end])]):
            yield _shifted(finding, lot.start, (lot.number.upper(),))


def _shifted(finding: Finding, by: int, lots: tuple[str, ...]) -> Finding:
    return replace(
        finding,
        start=finding.start + by,
        end=finding.end + by,
        mark_start=finding.mark_start + by,
        mark_end=finding.mark_end + by,
        lots=finding.lots or lots,
    )


def _distinct(found: Sequence[Finding]) -> Iterator[Finding]:
    """A clause of a title counts where the reading of the whole did not find its type there."""
    kept: list[Finding] = []
    for finding in found:
        same = (f for f in kept if f.type == finding.type)
        if not any(f.start < finding.end and finding.start < f.end for f in same):
            kept.append(finding)
            yield finding


def _read(lot: StatedLot, subject: str) -> ReadLot:
    alone = _activities(lot.title, "")
    words = lot.title if alone or not subject else f"{lot.title} – {subject}"
    return ReadLot(lot, alone or _activities(lot.title, subject), words)


def _activities(title: str, context: str) -> tuple[Guess, ...]:
    if not title:
        return ()
    guesses = classify(title, context=context.replace("|", " "))
    return tuple(g for g in guesses if g.score >= _ENOUGH)[:_SHOWN_ACTIVITIES]
