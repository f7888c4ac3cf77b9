"""To whom a contract is reserved, from the words found around the reservation."""

import re
from collections.abc import Container
from dataclasses import replace
from typing import TYPE_CHECKING

from annuaire.clauses.rules import target_articles, targets

if TYPE_CHECKING:
    from annuaire.clauses.hits import Hit

Span = tuple[int, int]
_ENUMERATED = re.compile(r"\W*(?:\d\s?°?\s?[).]|[a-d]\)|[-•])\W*(?:a|aux?|des?)\b")
_ARTICLES = re.compile(r"\s?(?:\([^()]{1,120}\)\s?)?:")  # « marché réservé (article 13) : »
_BOX = r"(?:\[\s?(?P<tick>x?)\s?\]|(?P<empty>[☐□◻]))"
_BOX_AFTER = re.compile(rf"\s?:\s?(?:{_BOX}|[☒☑■])")
_BOX_BEFORE = re.compile(rf"{_BOX}\s?$")
UNTYPED = "reserved"  # the type of a rule whose hit is typed by the words around it
_OTHER_LOT = "reserved.other_lot"  # the rule of « le lot 2 aux ESAT », after « réservé »
BARE = "reserved.bare"  # the rule that says no more than « réservé »
_BOTH = {"reserved_handicap", "reserved_siae"}
_REACH = 5  # parts after a reservation that may enumerate to whom it is made


def settle(folded: str, parts: list[Span], found: "list[Hit]") -> "list[Hit]":
    """Give each reservation its type or types; the other hits come back as they are."""
    reserved = _strongest([hit for hit in found if hit.type == UNTYPED])
    others = [hit for hit in found if hit.type != UNTYPED]
    by_part: dict[Span, list[Hit]] = {}
    for hit in reserved:
        by_part.setdefault(hit.part, []).append(hit)
    for part, hits in by_part.items():
        by_part[part] = [hit for hit in hits if not _is_own_lot(folded, hit, hits)]
    reserved = [hit for hits in by_part.values() for hit in hits]
    places = {part: place for place, part in enumerate(parts)}
    ends: dict[str, int] = {}  # by rule, where the last words that it found end
    typed: list[Hit] = []
    for hit in sorted(reserved, key=lambda h: h.match):
        if any(hit.match[0] < end for rule, end in ends.items() if rule != hit.rule.id):
            continue
        beside = by_part[hit.part]
        if _is_heading(folded, hit, beside):
            continue
        ends[hit.rule.id] = hit.match[1]
        place = places[hit.part] + 1
        after = parts[place : place + _REACH]
        kinds = sorted(_kinds(folded, hit, beside, after, by_part))
        typed += [replace(hit, type=kind) for kind in kinds]
    return others + _without_echoes(typed)


def _is_own_lot(folded: str, hit: "Hit", beside: "list[Hit]") -> bool:
    """« réserve le lot 1 à une structure d'insertion »: « le lot 1 à une structure » is no second
    reservation, as it is where the first one has said to whom."""
    if hit.rule.id != _OTHER_LOT:
        return False
    before = [other.match[0] for other in beside if other.match[0] < hit.match[0]]
    if not before:
        return False
    return not _named(folded, max(before), hit.match[0])


def _strongest(reserved: "list[Hit]") -> "list[Hit]":
    """In each sentence, a reservation in so many words makes an allusion to one superfluous."""
    plain_words = {hit.part for hit in reserved if not hit.rule.generic}
    return [h for h in reserved if not h.rule.generic or h.part not in plain_words]


def _is_heading(folded: str, hit: "Hit", beside: "list[Hit]") -> bool:
    """« Marchés réservés : le marché est réservé à … »: the first words only announce the rest."""
    return _ARTICLES.match(folded, hit.match[1], hit.part[1]) is not None and any(
        other.match[0] >= hit.match[1] for other in beside
    )


def _named(folded: str, start: int, end: int) -> set[str]:
    """The types that a stretch of text tells, by its words or else by the articles it cites."""
    articles = {n for n, words in target_articles().items() if words.search(folded, start, end)}
    names = {name for name, words in targets().items() if _ticked(words, folded, start, end)}
    names = names or articles
    if names <= articles and names >= _BOTH:
        return {"reserved_unspecified"}
    if "reserved_unspecified" in articles or names >= _BOTH:
        return (names - _BOTH) | {"reserved_unspecified"}
    return names


def _ticked(words: re.Pattern[str], folded: str, start: int, end: int) -> bool:
    """Whether the words stand there, but for a box left empty beside them."""
    for match in words.finditer(folded, start, end):
        following = _BOX_AFTER.match(folded, match.end())
        box = following or _BOX_BEFORE.search(folded, max(start, match.start() - 4), match.start())
        if box is None or box["tick"]:
            return True
    return False


def _kinds(
    folded: str,
    hit: "Hit",
    beside: "list[Hit]",
    after: list[Span],
    reserved: Container[Span],
) -> set[str]:
    """To whom a reservation is made: by the words up to the next one `beside` it in its part, else
    by the parts `after` it, where they enumerate, or where nothing is `reserved`."""
    start, end = hit.part
    later = [other.match[0] for other in beside if other.match[0] >= hit.match[1]]
    names = _named(folded, hit.match[0], min(later, default=end))
    joint = target_articles()["reserved_unspecified"].search(folded, start, end)
    if len(beside) == 1 and (not names or joint):
        names = _named(folded, start, end)
    for part in after:
        if not _ENUMERATED.match(folded, part[0]):
            break
        names |= _named(folded, *part)
    if not names and after and after[0] not in reserved:
        names = _named(folded, *after[0])
    return names or {"reserved_unspecified"}


def _without_echoes(typed: "list[Hit]") -> "list[Hit]":
    """A text that says « marché réservé », then to whom, makes one reservation."""
    precise = {hit.type for hit in typed} - {"reserved_unspecified"}
    joint = any(hit.type == "reserved_unspecified" and hit.rule.id != BARE for hit in typed)
    kept = []
    for hit in typed:
        if hit.type == "reserved_unspecified" and hit.rule.id == BARE and precise:
            continue
        if joint and hit.type in _BOTH:
            continue
        kept.append(hit)
    return kept
