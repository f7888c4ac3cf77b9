"""Find the clauses of a notice in its texts and codes, each with its proof."""

from collections.abc import Iterable

from annuaire.clauses import citations, codes as coded, lots, quantities
from annuaire.clauses.findings import Code, Finding, Negation, Text
from annuaire.clauses.fold import Plain, plain
from annuaire.clauses.hits import Hit, scan

_LONGEST_EVIDENCE = 600


def detect(texts: Iterable[Text], codes: Iterable[Code] = ()) -> list[Finding]:
    """Every clause of a notice, codes first, then texts in order.

    Pure and total: any text is accepted. A denied clause gives nothing (see `negations`).
    """
    found = [finding for code in codes for finding in coded.read(code)]
    for text in texts:
        found.extend(_in_text(text))
    return found


def negations(texts: Iterable[Text]) -> list[Negation]:
    """What the texts say there is not, with the sentence that says so."""
    found = []
    for text in texts:
        prepared = plain(text.text)
        for hit in scan(prepared, text.field).denied:
            start, end = _evidence_span(prepared, hit)
            found.append(
                Negation(
                    type=hit.type,
                    field=text.field,
                    evidence=text.text[start:end],
                    start=start,
                    end=end,
                    mark_start=prepared.original(hit.match[0]),
                    mark_end=prepared.original(hit.match[1]),
                    rule=hit.rule.id,
                )
            )
    return found


def _evidence_span(prepared: Plain, hit: Hit) -> tuple[int, int]:
    """Offsets of the sentence in the original text, cut around the mark when it is endless."""
    start, end = hit.evidence
    if end - start > _LONGEST_EVIDENCE:
        margin = max(0, _LONGEST_EVIDENCE - (hit.match[1] - hit.match[0])) // 2
        start, end = max(start, hit.match[0] - margin), min(end, hit.match[1] + margin)
    return prepared.original(start), prepared.original(end)


def _in_text(text: Text) -> list[Finding]:
    prepared = plain(text.text)
    own = lots.clean_number(text.lot_number.lower()) if text.lot_number else None
    found = []
    for hit in scan(prepared, text.field).kept:
        start, end = _evidence_span(prepared, hit)
        article, cited = citations.choose(hit.type, hit.citations)
        is_criterion = hit.type == "award_criterion"
        found.append(
            Finding(
                type=hit.type,
                source="text",
                field=text.field,
                evidence=text.text[start:end],
                start=start,
                end=end,
                mark_start=max(start, prepared.original(hit.match[0])),
                mark_end=min(end, prepared.original(hit.match[1])),
                lots=hit.lots or ((own,) if own else ()),
                hours=hit.hours,
                share=hit.share,
                weight=quantities.weight(prepared.folded, hit.match, hit.sentence[1])
                if is_criterion
                else None,
                article=article,
                article_cited=cited,
                confidence=round(hit.rule.confidence * (0.7 if hit.optional else 1.0), 3),
                rule=hit.rule.id,
                optional=hit.optional,
            )
        )
    return found
