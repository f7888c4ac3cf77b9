"""Find the clauses of a notice in its texts and codes, each with its proof."""

from collections.abc import Iterable
from dataclasses import replace

from annuaire.clauses import citations, lot_numbers, negation, shares
from annuaire.clauses import codes as coded
from annuaire.clauses.details import attach
from annuaire.clauses.findings import Code, Finding, Negation, Text
from annuaire.clauses.fold import Plain, plain
from annuaire.clauses.hits import Hit, scan
from annuaire.clauses.reservations import BARE, UNTYPED

_LONGEST_EVIDENCE = 600  # characters
_OPTIONAL_FACTOR = 0.7  # how much less an inviting clause counts
_ECHO = 0.6  # confidence of a reservation whose kind comes from another text


def detect(texts: Iterable[Text], codes: Iterable[Code] = ()) -> list[Finding]:
    """Every clause of a notice, codes first, then texts in order. A denied clause gives nothing."""
    return read(texts, codes)[0]


def read(texts: Iterable[Text], codes: Iterable[Code] = ()) -> tuple[list[Finding], list[Negation]]:
    """Every clause of a notice, codes first, then texts in order, and what its texts deny.

    Pure and total: any text is accepted.
    """
    found = [finding for code in codes for finding in coded.read(code)]
    told, denied = read_each(texts)
    return found + [finding for _, finding in told], denied


def read_each(texts: Iterable[Text]) -> tuple[list[tuple[int, Finding]], list[Negation]]:
    """Clauses with the place of their text, and what is denied, each text scanned once. « Marché
    réservé » in one text takes the kind that another gives."""
    told: list[tuple[int, Finding]] = []
    denied: list[Negation] = []
    for index, text in enumerate(texts):
        prepared = plain(text.text)
        seen = scan(prepared, text.field)
        number = lot_numbers.clean_number(text.lot_number.lower()) if text.lot_number else None
        own = (number,) if number else ()
        hits = attach(prepared, seen)
        told += [(index, _finding(text, prepared, hit, own)) for hit in hits]
        denied += [_negation(text, prepared, hit) for hit in seen.denied]
    return _reconciled(told), denied


def _negation(text: Text, prepared: Plain, hit: Hit) -> Negation:
    """What a text denies; a reservation that is denied has the type `reserved_unspecified`."""
    start, end = _evidence_span(prepared, hit)
    return Negation(
        type="reserved_unspecified" if hit.type == UNTYPED else hit.type,
        field=text.field,
        evidence=text.text[start:end],
        start=start,
        end=end,
        mark_start=prepared.original(hit.match[0]),
        mark_end=prepared.original(hit.match[1]),
        rule=hit.rule.id,
    )


def _evidence_span(prepared: Plain, hit: Hit) -> tuple[int, int]:
    """Offsets of the sentence in the original text, cut around the mark when it is endless."""
    start, end = hit.sentence
    if end - start > _LONGEST_EVIDENCE:
        margin = max(0, _LONGEST_EVIDENCE - (hit.match[1] - hit.match[0])) // 2
        start, end = max(start, hit.match[0] - margin), min(end, hit.match[1] + margin)
    return prepared.original(start), prepared.original(end)


def _finding(text: Text, prepared: Plain, hit: Hit, own: tuple[str, ...]) -> Finding:
    start, end = _evidence_span(prepared, hit)
    citations_here = citations.cited(prepared.folded, *hit.part)
    if not citations_here:
        citations_here = citations.cited(prepared.folded, *hit.sentence)
    article, cited = citations.choose(hit.type, citations_here)
    optional = negation.is_optional(prepared.folded, hit.part)
    weight = None
    if hit.type == "award_criterion":
        weight = shares.weight(prepared.folded, hit.match, hit.part[1])
    return Finding(
        type=hit.type,
        source="text",
        field=text.field,
        evidence=text.text[start:end],
        start=start,
        end=end,
        mark_start=max(start, prepared.original(hit.match[0])),
        mark_end=min(end, prepared.original(hit.match[1])),
        lots=hit.lots or own,
        hours=hit.hours,
        share=hit.share,
        weight=weight,
        article=article,
        article_cited=cited,
        confidence=round(hit.rule.confidence * (_OPTIONAL_FACTOR if optional else 1.0), 3),
        rule=hit.rule.id,
        optional=optional,
    )


def _reconciled(located: list[tuple[int, Finding]]) -> list[tuple[int, Finding]]:
    """Between texts of one notice: « marché réservé » in the title, and to whom in another."""
    found = [finding for _, finding in located]
    precise = {
        f.type for f in found if f.type.startswith("reserved_") and f.type != "reserved_unspecified"
    }
    if len(precise) != 1:
        return located
    kind = precise.pop()
    told = [f.lots for f in found if f.type == kind]
    result = []
    for index, finding in located:
        is_bare = finding.type == "reserved_unspecified" and finding.rule == BARE
        if is_bare and (not finding.lots or finding.lots in told or () in told):
            article = citations.choose(kind, [])[0]
            finding = replace(finding, type=kind, article=article, confidence=_ECHO)
        result.append((index, finding))
    return result
