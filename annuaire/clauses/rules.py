"""The rules, read from the data files of this room and compiled once."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from annuaire.clauses.findings import ENVIRONMENT
from annuaire.clauses.fold import fold

RULE_FILES = (
    "reserved", "insertion", "insertion_work", "social", "criteria", "other", "environment",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern that proves a type. It does not count in a sentence where `unless` matches, nor
    without `context` in it or `around` within 300 characters of it; `fields` and `fields_not`
    say where it applies; `companion` is a type that another rule must have found in the same
    text. `generic` yields to a more precise type; a rule that `bans` finds what is forbidden
    (« sans pesticide »), which no denial undoes. `not_spelled` is matched on the unfolded words
    found. `needs` are pieces of words, one of which any match holds, as it does one of `needs_too`
    when there are some: they spare the pattern."""

    id: str
    type: str
    description: str
    needs: tuple[str, ...]
    needs_too: tuple[str, ...]
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None
    context: re.Pattern[str] | None
    around: re.Pattern[str] | None
    not_spelled: re.Pattern[str] | None
    fields: frozenset[str]
    fields_not: frozenset[str]
    companion: str | None
    generic: bool
    bans: bool
    confidence: float
    examples: tuple[str, ...]
    counterexamples: tuple[str, ...]

    def may_match(self, words: str) -> bool:
        """Whether one of `needs`, and of `needs_too`, stands in a stretch of folded text."""
        return holds(words, self.needs) and (not self.needs_too or holds(words, self.needs_too))

    def applies(self, field: str) -> bool:
        """Whether the rule reads that field."""
        return field not in self.fields_not and (not self.fields or field in self.fields)


@dataclass(frozen=True, slots=True)
class Trap:
    """A sentence that speaks of something else: no finding of `types` in it. One that is `whole`
    tells what the whole text is about: there the less sure rules of `types` find nothing, wherever
    they stand. One at the `head` is what a sentence begins with. `needs` as in a rule."""

    id: str
    types: frozenset[str]
    needs: tuple[str, ...]
    pattern: re.Pattern[str]
    fields: frozenset[str]
    whole: bool
    head: bool
    examples: tuple[str, ...]
    counterexamples: tuple[str, ...]

    def may_match(self, words: str) -> bool:
        """Whether one of `needs` stands in a stretch of folded text."""
        return holds(words, self.needs)

    def catches(self, folded: str, start: int, end: int) -> bool:
        """Whether what stands between two offsets speaks of something else."""
        find = self.pattern.match if self.head else self.pattern.search
        return find(folded, start, end) is not None


@dataclass(frozen=True, slots=True)
class Denials:
    """Negations before, inside and after a match, those of a later part that take this contract
    out of a general policy, the words before a match that undo a negation, and the words of an
    optional clause."""

    before: tuple[re.Pattern[str], ...]
    inside: tuple[re.Pattern[str], ...]
    after: tuple[re.Pattern[str], ...]
    later: re.Pattern[str]
    cancelled: re.Pattern[str]
    optional: re.Pattern[str]
    optional_unless: re.Pattern[str]


@cache
def raw(name: str) -> dict[str, Any]:
    """A data file of this room, as it is written."""
    text = files(__package__).joinpath(f"data/{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


_GAP = re.compile(r" ?~(\d{1,2}) ?")
_MACRO = re.compile(r"\{([a-z][a-z0-9_]*)\}")


def expand(pattern: str) -> str:
    """The regular expression behind a pattern of the data files (see `data/words.toml`)."""
    words = raw("words")["words"]
    while _MACRO.search(pattern):
        pattern = _MACRO.sub(lambda match: words[match.group(1)], pattern)
    plain = "".join(c if c.isascii() else fold(c) for c in pattern)
    return _readable(_GAP.sub(_gap, plain.replace("oeuvre", "oe?uvre")))  # « œ » is folded to « o »


def _gap(match: re.Match[str]) -> str:
    return rf"(?:[^\w;]+\w+){{0,{match.group(1)}}}?[^\w;]+"


def _readable(pattern: str) -> str:
    """Give blanks and apostrophes outside character classes their tolerant meaning."""
    out: list[str] = []
    in_class = escaped = False
    for previous, char, following in zip(" " + pattern, pattern, pattern[1:] + "\0", strict=False):
        if escaped:
            escaped = False
        elif char == "\\":
            escaped = True
        elif in_class:
            in_class = char != "]"
        elif char == "[":
            in_class = True
        elif char == "'":
            char = r"(?:'\s?|\s)?"
        elif char == " ":
            char = r"[\s\"«»*_]" + ("*" if following == "?" else "+")
        elif char == "?" and previous == " ":
            char = ""
        out.append(char)
    return "".join(out)


def compiled(pattern: str | None) -> re.Pattern[str] | None:
    """A pattern of the data files, ready for folded text; None for nothing."""
    return re.compile(expand(pattern)) if pattern else None


def _required(pattern: str) -> re.Pattern[str]:
    return re.compile(expand(pattern))


def _rule(row: dict[str, Any]) -> Rule:
    spelled = row.get("not_spelled")
    return Rule(
        id=row["id"],
        type=row["type"],
        description=row["description"],
        needs=tuple(row["needs"]),
        needs_too=tuple(row.get("needs_too", ())),
        pattern=_required(row["pattern"]),
        unless=compiled(row.get("unless")),
        context=compiled(row.get("context")),
        around=compiled(row.get("around")),
        not_spelled=re.compile(spelled) if spelled else None,
        fields=frozenset(row.get("fields", ())),
        fields_not=frozenset(row.get("fields_not", ())),
        companion=row.get("with"),
        generic=row.get("generic", False),
        bans=row.get("bans", False),
        confidence=row["confidence"],
        examples=tuple(row["examples"]),
        counterexamples=tuple(row["counterexamples"]),
    )


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule, the surest first."""
    rules = [_rule(row) for name in RULE_FILES for row in raw(name)["rule"]]
    return tuple(sorted(rules, key=lambda rule: -rule.confidence))


@lru_cache(maxsize=64)
def rules_for(field: str) -> tuple[Rule, ...]:
    """The rules that read that field, the surest first."""
    return tuple(rule for rule in all_rules() if rule.applies(field))


@lru_cache(maxsize=64)
def traps_for(field: str) -> tuple[Trap, ...]:
    """The traps that hold in that field."""
    return tuple(trap for trap in traps() if not trap.fields or field in trap.fields)


@cache
def targets() -> dict[str, re.Pattern[str]]:
    """To whom a contract is reserved: type → words that say so."""
    return {name: _required(text) for name, text in raw("reserved")["targets"].items()}


@cache
def target_articles() -> dict[str, re.Pattern[str]]:
    """The same, by the article cited."""
    return {name: _required(text) for name, text in raw("reserved")["target_articles"].items()}


@cache
def traps() -> tuple[Trap, ...]:
    """Every trap."""
    return tuple(
        Trap(
            id=row["id"],
            types=frozenset(row["types"]),
            needs=tuple(row["needs"]),
            pattern=_required(row["pattern"]),
            fields=frozenset(row.get("fields", ())),
            whole=row.get("whole", False),
            head=row.get("head", False),
            examples=tuple(row["examples"]),
            counterexamples=tuple(row["counterexamples"]),
        )
        for row in raw("denials")["trap"]
    )


@cache
def denials() -> Denials:
    """How a text denies or softens."""
    data = raw("denials")
    return Denials(
        before=tuple(_required(text) for text in data["negation"]["before"]),
        inside=tuple(_required(text) for text in data["negation"]["inside"]),
        after=tuple(_required(text) for text in data["negation"]["after"]),
        later=_required(data["negation"]["later"]),
        cancelled=_required(data["negation"]["cancelled"]),
        optional=_required(data["optional"]["pattern"]),
        optional_unless=_required(data["optional"]["unless"]),
    )


@lru_cache(maxsize=64)
def _stems(field: str) -> tuple[str, ...]:
    """What is looked for in a text of that field, without what holds another piece."""
    needs = {piece for rule in rules_for(field) if rule.type == ENVIRONMENT for piece in rule.needs}
    stems = {*raw("words")["trigger"]["stems"], *needs}
    return tuple(s for s in stems if not any(other in s for other in stems if other != s))


def holds(words: str, pieces: tuple[str, ...]) -> bool:
    """Whether one of the pieces stands in a stretch of folded text: spares a costlier test."""
    for piece in pieces:  # noqa: SIM110 - twice as quick as any(), on every rule and sentence
        if piece in words:
            return True
    return False


# « lemarché », « auxentreprises »: the words that sources most often glue to the next one.
_GLUED = re.compile(r"\b(?:les?|la|du|des|aux)$")


def at_words(
    pattern: re.Pattern[str], folded: str, start: int, end: int
) -> Iterator[re.Match[str]]:
    """The matches of a rule between two offsets, but for those that begin inside a word:
    « formation » is not in « information ». As fast as the bare pattern."""
    first = start  # a part may begin with a capital glued to the word before
    while (match := pattern.search(folded, start, end)) is not None:
        begin = match.start()
        inside = (
            begin > first
            and "a" <= folded[begin - 1] <= "z"
            and "a" <= folded[begin : begin + 1] <= "z"
        )
        if inside and not _GLUED.search(folded, max(0, begin - 4), begin):
            start = begin + 1
            continue
        yield match
        start = max(match.end(), begin + 1)


def spoken(folded: str, field: str) -> list[int]:
    """Where the stems stand without which no rule can match, in order: the cheap test that says
    which sentences are read."""
    found = []
    for stem in _stems(field):
        at = folded.find(stem)
        while at >= 0:
            found.append(at)
            at = folded.find(stem, at + 1)
    found.sort()
    return found
