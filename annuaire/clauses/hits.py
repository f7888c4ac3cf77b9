"""From sentences to hits: which rule matched where, what denies it, what it is about."""

import re
from dataclasses import dataclass, field, replace

from annuaire.clauses import citations, negation, quantities, reservations
from annuaire.clauses.fold import Plain
from annuaire.clauses.lots import LotMention, mentions, union
from annuaire.clauses.rules import Rule, all_rules, traps, trigger
from annuaire.clauses.sentences import spans

Span = tuple[int, int]
_FOLLOWS = re.compile(
    r"\W*(?:cette|ces|cet|elles?|ils?|celle|la (?:presente )?clause|les clauses|l'action|l'obligation|"
    r"la condition|le nombre d'heures|nombre d'heures|sont concernes|lots? concernes?|pour (?:le|les|chaque) lots?|"
    r"lots?\b|tranche|soit|total|minimum|[-•*]|\d+\W{0,3}(?:h\b|heures)|un minimum|le volume|a (?:savoir|raison)|"
    r"le titulaire|l'entreprise|dans ce cadre|il (?:est|sera)|les lots)"
)
_REACH = 3  # sentences after a clause that may still give its lots and hours
_CLAUSE_WORD = re.compile(
    r"insertion|clause|eloign|sociale|heures? de travail|condition|action|dispositif|stage"
)


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule's match, with what the text says of it; all offsets are those of the plain text."""

    type: str
    rule: Rule
    match: Span
    sentence: Span
    evidence: Span
    citations: list[str] = field(default_factory=list)
    lots: tuple[str, ...] = ()
    hours: float | None = None
    share: float | None = None
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Scan:
    """What was found in a text, and what the text denies."""

    kept: list[Hit]
    denied: list[Hit]


def scan(text: Plain, field_name: str) -> Scan:
    """Every clause of one text, at most one hit of a type in a sentence."""
    if not trigger().search(text.folded):
        return Scan([], [])
    sentences = spans(text.clean)
    found: list[Hit] = []
    denied: list[Hit] = []
    for sentence in sentences:
        if not trigger().search(text.folded, *sentence):
            continue
        for hit in _in_sentence(text, field_name, sentence):
            is_denied = negation.is_denied(text.folded, sentence, hit.match)
            (denied if is_denied else found).append(hit)
    denied = [hit for hit in denied if not any(_overlap(hit.match, ok.match) for ok in found)]
    found = _settle(reservations.settle(text.folded, sentences, found))
    return Scan(_with_details(text.folded, sentences, found), denied)


def _overlap(a: Span, b: Span) -> bool:
    return a[0] < b[1] and b[0] < a[1]


def _in_sentence(text: Plain, field_name: str, sentence: Span) -> list[Hit]:
    folded = text.folded
    trapped = {
        kind
        for trap in traps()
        if (not trap.fields or field_name in trap.fields) and trap.pattern.search(folded, *sentence)
        for kind in trap.types
    }
    best: dict[tuple[str, int], Hit] = {}
    for rule in all_rules():
        if rule.type in trapped or not rule.applies(field_name):
            continue
        for match in rule.pattern.finditer(folded, *sentence):
            if not _counts(rule, text, sentence, match.span()):
                continue
            hit = Hit(rule.type, rule, match.span(), sentence, sentence)
            place = match.start() if rule.type == "reserved" else 0
            known = best.get((rule.type, place))
            if known is None or rule.confidence > known.rule.confidence:
                best[rule.type, place] = hit
            if rule.type != "reserved":
                break
    return list(best.values())


def _counts(rule: Rule, text: Plain, sentence: Span, match: Span) -> bool:
    folded = text.folded
    if rule.unless is not None and rule.unless.search(folded, *sentence):
        return False
    if rule.context is not None and not rule.context.search(folded, *sentence):
        return False
    words = text.clean[match[0] : match[1]]
    return rule.not_spelled is None or rule.not_spelled.search(words) is None


def _settle(found: list[Hit]) -> list[Hit]:
    """Let precise types win over general ones, and drop what needs a companion it lacks."""
    kinds = {hit.type for hit in found if hit.rule.companion is None}
    kept = [hit for hit in found if hit.rule.companion is None or hit.rule.companion in kinds]
    precise = {hit.type for hit in kept if not hit.rule.generic}
    settled = []
    for hit in kept:
        others = [h for h in kept if h is not hit and h.sentence == hit.sentence]
        if hit.rule.generic and "execution_insertion" in precise:
            continue
        if hit.rule.generic and any(
            _overlap(hit.match, o.match) for o in others if o.type == "award_criterion"
        ):
            continue
        if hit.rule.generic and any(o.type.startswith("reserved") for o in others):
            continue
        settled.append(hit)
    return settled


def _with_details(folded: str, sentences: list[Span], found: list[Hit]) -> list[Hit]:
    detailed: list[Hit] = []
    starts = [s for s, _ in sentences]
    for hit in found:
        index = starts.index(hit.sentence[0])
        here = [h for h in found if h.sentence == hit.sentence]
        named = _lots_here(folded, hit, here)
        zone = [hit.sentence]
        for following in sentences[index + 1 : index + 1 + 40]:
            if any(h.sentence == following and h.type != hit.type for h in found):
                break
            if len(zone) > _REACH and not re.match(
                r"\W*(?:lots?|tranche|total)\b", folded[following[0] : following[0] + 12]
            ):
                break
            if any(h.sentence == following for h in found):
                break
            zone.append(following)
        detailed += _details(folded, hit, named, zone)
    return _merge(detailed)


def _lots_here(folded: str, hit: Hit, here: list[Hit]) -> list[LotMention]:
    """The lots that the sentence names for this hit rather than for its neighbours."""
    named = mentions(folded, *hit.sentence)
    rivals = [h for h in here if h.type != hit.type or h.match != hit.match]
    if not rivals or len(named) < 2:
        return named
    return [m for m in named if all(_gap(m, hit.match) <= _gap(m, r.match) for r in rivals)]


def _gap(mention: LotMention, match: Span) -> int:
    return max(mention.start - match[1], match[0] - mention.end, 0)


def _details(folded: str, hit: Hit, named: list[LotMention], zone: list[Span]) -> list[Hit]:
    cites = citations.cited(folded, *hit.sentence)
    optional = negation.is_optional(folded, hit.sentence)
    base = replace(hit, citations=cites, optional=optional, lots=union(named))
    is_execution = hit.type in ("execution_insertion", "execution_social_other")
    later: list[LotMention] = []
    hours: list[tuple[quantities.HoursMention, tuple[str, ...], Span]] = []
    for sentence in zone if is_execution else zone[:1]:
        is_own = sentence == hit.sentence
        follows = is_own or _FOLLOWS.match(folded, sentence[0]) is not None
        lots_there = mentions(folded, *sentence)
        stated = quantities.hours(folded, *sentence)
        if not is_own and not (follows and (stated or _CLAUSE_WORD.search(folded, *sentence))):
            continue
        if not is_own:
            later += lots_there
        for item in stated:
            before = [m for m in lots_there if m.end <= item.start and not m.excluded]
            after = [m for m in lots_there if m.start >= item.end and not m.excluded]
            near = before[-1:] or after[:1]
            hours.append((item, near[0].numbers if near else (), sentence))
        if base.share is None and hit.type == "execution_insertion":
            base = replace(base, share=quantities.share(folded, *sentence))
    lots_all = union(named + later)
    base = replace(base, lots=lots_all)
    return _split_hours(base, hours)


def _split_hours(
    base: Hit, stated: list[tuple[quantities.HoursMention, tuple[str, ...], Span]]
) -> list[Hit]:
    """One hit for each group of lots that has hours of its own, else one with the total."""
    groups = {numbers for _, numbers, _ in stated if numbers}
    if len(groups) < 2:
        return [replace(base, hours=quantities.total([item for item, _, _ in stated]))]
    hits = []
    covered: set[str] = set()
    for numbers in sorted(groups):
        mine = [(item, sentence) for item, group, sentence in stated if group == numbers]
        amount = quantities.total([item for item, _ in mine])
        hits.append(replace(base, lots=numbers, hours=amount))
        covered |= set(numbers)
    rest = tuple(lot for lot in base.lots if lot not in covered)
    if rest:
        hits.append(replace(base, lots=rest, hours=None))
    return hits


def _merge(hits: list[Hit]) -> list[Hit]:
    """Drop a repeat that adds nothing: same type, no lots nor hours that another lacks."""
    kept: list[Hit] = []
    for hit in hits:
        twin = next(
            (k for k in kept if k.type == hit.type and k.lots == hit.lots and k.hours == hit.hours),
            None,
        )
        if twin is not None and (hit.hours is not None or twin.sentence == hit.sentence):
            continue
        kept.append(hit)
    return kept
