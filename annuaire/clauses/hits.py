"""From sentences to hits: which rule matched where, and what denies it."""

import re
from bisect import bisect_left
from dataclasses import dataclass, replace
from itertools import pairwise

from annuaire.clauses import negation, reservations
from annuaire.clauses.findings import EXECUTION_TYPES
from annuaire.clauses.fold import Plain
from annuaire.clauses.rules import Rule, at_words, rules_for, spoken, traps_for
from annuaire.clauses.sentences import spans

Span = tuple[int, int]
_ANNOUNCED = 120  # characters before a part, where « le titulaire doit : » opens a list
_AROUND = 300  # characters on either side of a part where a rule seeks what announces it
# Parts of a sentence that stand for themselves: « le lot 1 …, mais le lot 2 n'en comporte pas ».
_TURN = re.compile(
    r"[,)]?\s(?=(?:mais|tandis que|alors que)\b)"
    r"|[,)]\s(?=(?:en revanche|par contre|toutefois|cependant|neanmoins)\b)"
    r"|(?<!\bseul)(?<!\bseuls)(?<!\bque),?\s(?=(?:et\s)?"
    r"(?:le|les|pour les?|pour l'ensemble|seuls? les?)\s(?:autres\s)?lots?\b"
    r"(?:[^,;]|,(?=\s?\d)){0,60}?\bn(?:e|')[^,;]{1,40}?\b(?:pas|aucune?|point)\b)"
    r"|,?\s(?=contrairement a ce(?:lui|ux|lle)\b)"
    r"|(?<!\ble)\s(?=lots?\s?\d{1,3}\s(?:non|n'est pas|sans)\b)"
    # « le lot 2 est réservé aux SIAE et le lot 3 aux ESAT »
    r"|(?:,|\bet)\s(?:et\s)?(?=(?:(?:le|au)?\s?lot\s[^,;.]{1,40}?\s(?:est|aux?(?!\stitre)|a\sceux"
    r"|comporte)"
    r"|(?:les|aux)?\s?lots\s[^,;.]{1,40}?\s(?:sont|aux?|a\sceux|comportent?))\b)"
)

# « le lot 3 et le lot 4 n'y sont pas soumis »: one subject
_CONJOINED = re.compile(
    r"(?:et\s)?(?:le\s)?lot\s[^,;.]{1,60}?\bn(?:e\s|')(?:y\s|en\s)?(?:sont|font|comportent"
    r"|doivent)\b"
)
_LATER = 2  # parts after a policy in which a text takes its contract out of it
_UNSURE = 0.9  # confidence up to which a rule is silent in a text about something else
# « au-delà du minimum contractuel de 400 heures »
_FLOOR = ("minimum", "plancher", "seuil", "au-dela", "au dela")
_HOURS_ONLY = frozenset({"insertion.hours", "insertion.hours_public", "insertion.floor"})
_MAY_TURN = re.compile(
    r"lot|mais|tandis|alors que|contrairement|revanche|par contre|toutefois|cependant|neanmoins"
)


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule's match in a part of a sentence; offsets are those of the plain text. `sentence`
    is the whole sentence, shown as evidence; `part` is what was read."""

    type: str
    rule: Rule
    match: Span
    part: Span
    sentence: Span
    lots: tuple[str, ...] = ()
    hours: float | None = None
    share: float | None = None


@dataclass(frozen=True, slots=True)
class Scan:
    """The parts of a text, what was found in them and what they deny."""

    parts: list[Span]
    kept: list[Hit]
    denied: list[Hit]


def scan(text: Plain, field_name: str) -> Scan:
    """Every clause of one text, at most one hit of a type in a part of a sentence, but for
    reservations, which may be several."""
    places = spoken(text.folded, field_name)
    if not places:
        return Scan([], [], [])
    parts: list[Span] = []
    found: list[Hit] = []
    denied: list[Hit] = []
    silent = _told_apart(text.folded, field_name)
    for sentence in spans(text.clean):
        for part in _parts(text.folded, sentence):
            parts.append(part)
            if bisect_left(places, part[0]) == bisect_left(places, part[1]):
                continue
            affirmed: list[Hit] = []
            for hit in _in_part(text, field_name, part, sentence, silent):
                is_denied = _is_denied(hit.rule, text.folded, part, hit.match)
                (denied if is_denied else affirmed).append(hit)
            precise = {hit.type for hit in affirmed if not hit.rule.generic}
            found += [h for h in affirmed if not _is_outdone(h, precise)]
    revoked = [h for h in found if h.type in EXECUTION_TYPES and _is_revoked(text, parts, h)]
    denied += revoked
    found = [h for h in found if h not in revoked]
    refused = {hit.part for hit in denied if hit.type == reservations.UNTYPED}
    above = {part for part, following in pairwise(parts) if following in refused}
    found = [h for h in found if not _only_alludes(text.folded, h, refused, above)]
    found = reservations.settle(text.folded, parts, found)
    return Scan(parts, _settle(text.folded, found), denied)


def _is_outdone(hit: Hit, precise: set[str]) -> bool:
    """Whether a general rule found what a precise one says in the same part."""
    return hit.rule.generic and hit.type != reservations.UNTYPED and hit.type in precise


def _is_revoked(text: Plain, parts: list[Span], hit: Hit) -> bool:
    index = parts.index(hit.part)
    return negation.is_taken_back(text.folded, parts[index + 1 : index + 1 + _LATER])


def overlap(a: Span, b: Span) -> bool:
    """Whether two spans share a character."""
    return a[0] < b[1] and b[0] < a[1]


def _only_alludes(folded: str, hit: Hit, refused: set[Span], above: set[Span]) -> bool:
    """Whether a reservation is but an article cited, or the heading « marchés réservés : », where
    the reservation itself is denied, in its part or in the one that a heading stands above."""
    if hit.type != reservations.UNTYPED:
        return False
    if hit.part in refused:
        return hit.rule.generic or folded[hit.match[1] : hit.match[1] + 2].strip() == ":"
    return hit.part in above and folded[hit.match[1] : hit.part[1]].strip() == ":"


def _parts(folded: str, sentence: Span) -> list[Span]:
    start, end = sentence
    if not _MAY_TURN.search(folded, start, end):
        return [sentence]
    parts = []
    for turn in _TURN.finditer(folded, start, end):
        inside = folded.count("(", start, turn.start()) > folded.count(")", start, turn.end())
        if turn.start() > start and not inside and not _CONJOINED.match(folded, turn.end()):
            parts.append((start, turn.start()))
            start = turn.end()
    parts.append((start, end))
    return parts


def _told_apart(folded: str, field_name: str) -> frozenset[str]:
    """The types of which a whole text speaks as of something else (« ordres d'insertion »)."""
    return frozenset(
        kind
        for trap in traps_for(field_name)
        if trap.whole and trap.may_match(folded) and trap.catches(folded, 0, len(folded))
        for kind in trap.types
    )


def _in_part(
    text: Plain, field_name: str, part: Span, sentence: Span, silent: frozenset[str]
) -> list[Hit]:
    folded = text.folded
    words = folded[slice(*part)]
    hits: list[Hit] = []
    settled: set[str] = set()  # types told already, or trapped
    tried: set[str] = set()  # types of which the traps were looked for
    for rule in rules_for(field_name):
        if rule.type in settled or not rule.may_match(words):
            continue
        if rule.type in silent and rule.confidence <= _UNSURE:
            continue
        matches = [
            match.span()
            for match in at_words(rule.pattern, folded, *part)
            if _counts(rule, text, part, match.span())
        ]
        if not matches:
            continue
        if rule.type not in tried:
            tried.add(rule.type)
            if _is_trapped(rule.type, folded, field_name, part):
                settled.add(rule.type)
                continue
        if rule.type != reservations.UNTYPED:
            matches = [_affirmed(rule, folded, part, matches)]
            lasting = rule.companion is None and not rule.generic
            if lasting and not _is_denied(rule, folded, part, matches[0]):
                settled.add(rule.type)
        surer = (hit for hit in hits if hit.type == rule.type and hit.rule.companion is None)
        starts = {hit.match[0] for hit in surer}
        hits += [Hit(rule.type, rule, m, part, sentence) for m in matches if m[0] not in starts]
    return hits


def _is_trapped(kind: str, folded: str, field_name: str, part: Span) -> bool:
    """Whether a part speaks of something else than that type."""
    words = folded[slice(*part)]
    return any(
        trap.catches(folded, *part)
        for trap in traps_for(field_name)
        if kind in trap.types and not trap.whole and trap.may_match(words)
    )


def _is_denied(rule: Rule, folded: str, part: Span, match: Span) -> bool:
    return not rule.bans and negation.is_denied(folded, part, match)


def _affirmed(rule: Rule, folded: str, part: Span, matches: list[Span]) -> Span:
    """The first match that the part does not deny, or else the first."""
    if len(matches) == 1:
        return matches[0]
    return next((m for m in matches if not _is_denied(rule, folded, part, m)), matches[0])


def _counts(rule: Rule, text: Plain, part: Span, match: Span) -> bool:
    if rule.unless is not None and any(
        not negation.is_denied(text.folded, part, found.span())
        for found in at_words(rule.unless, text.folded, *part)
    ):
        return False  # « sans être un critère » is no reason to leave a clause out
    if rule.context is not None:
        announced = max(0, part[0] - _ANNOUNCED)
        if rule.context.search(text.folded, announced, part[1]) is None:
            return False
    if rule.around is not None:
        near = max(0, part[0] - _AROUND), part[1] + _AROUND
        if rule.around.search(text.folded, *near) is None:
            return False
    words = text.clean[match[0] : match[1]]
    return rule.not_spelled is None or rule.not_spelled.search(words) is None


def _settle(folded: str, found: list[Hit]) -> list[Hit]:
    """Drop what needs a companion it lacks, and general words that a precise type explains."""
    kinds = {hit.type for hit in found if hit.rule.companion is None}
    kept = [hit for hit in found if hit.rule.companion is None or hit.rule.companion in kinds]
    objects = [hit.match for hit in kept if hit.type == "insertion_object"]
    kept = [_of_object(hit, kinds) for hit in kept]
    kept = [
        hit
        for hit in kept
        if hit.type != "execution_insertion" or not any(overlap(hit.match, o) for o in objects)
    ]
    return [
        hit
        for hit in kept
        if hit.type not in EXECUTION_TYPES or not _is_explained(folded, hit, kept)
    ]


def _of_object(hit: Hit, kinds: set[str]) -> Hit:
    """The « heures d'insertion » of a contract that buys insertion are its object, no clause."""
    if "insertion_object" in kinds and hit.rule.id in _HOURS_ONLY:
        return replace(hit, type="insertion_object")
    return hit


def _is_explained(folded: str, hit: Hit, found: list[Hit]) -> bool:
    """Whether « clause sociale » only announces the reservation or criterion beside it, and
    « heures d'insertion » only names what a criterion weighs."""
    return any(
        (
            other.type == "award_criterion"
            and overlap(hit.match, other.match)
            and not folded.startswith(_FLOOR, hit.match[0])
        )
        or (
            hit.rule.generic
            and other.type.startswith("reserved")
            and hit.type == "execution_social_other"
        )
        for other in found
        if other.part == hit.part and other is not hit
    )
