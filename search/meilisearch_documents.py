"""A document as Meilisearch takes it: our folded words to search, the given texts to show."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from rapidfuzz.distance import OSA

from search import ranking
from search.engine import Document
from search.meilisearch_settings import NUMBERS, SAME, TOWN, column_field, order_field
from search.prepared import (
    Prepared,
    as_json,
    level,
    prepared,
    sort_name,
    turn_parts,
    values_of,
)
from search.ranking import typos_allowed
from search.schema import IndexSchema
from search.text import REMEMBERED, tokens

ORDER_STEPS = 100  # places among equals that a turn tells apart; each costs time
SHORT = ranking.TYPO_FROM  # letters: a shorter word must be right, so its singular is added
MARK = "zq"  # begins no French word
_LETTERS = str.maketrans("0123456789", "ghijklmnop")
_SAFE = re.compile(r"[0-9A-Za-z-]{1,200}")


def primary_key(id_: str) -> str:
    """The id as Meilisearch admits it: letters, digits and hyphens, else a digest."""
    if _SAFE.fullmatch(id_):
        return id_
    return "_" + hashlib.blake2b(id_.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def singular(word: str) -> str:
    """A word without the mark of the plural: what Meilisearch, which has no French stems, is
    given for words too short for its typos."""
    return word[:-1] if len(word) > 3 and word[-1] in "sx" else word


class SameWords:
    """Phrases and what means the same, found whatever their number (singular or plural)."""

    def __init__(self, table: Mapping[str, Sequence[str]]) -> None:
        """`table`: what is typed and what it also finds."""
        self._typed: dict[tuple[str, ...], list[str]] = {}
        self._held: dict[tuple[str, ...], list[str]] = {}
        for phrase, others in table.items():
            for other in others:
                self._typed.setdefault(_key(phrase), []).append(" ".join(tokens(other)))
                self._held.setdefault(_key(other), []).append(" ".join(tokens(phrase)))
        typed = (tuple(tokens(phrase)) for phrase in table)
        self._phrases = sorted((p for p in typed if len(p) > 1), key=lambda p: -len(p))
        known = (*self._typed, *self._held)
        self._longest = max(map(len, known), default=0)
        self._firsts = {key[0] for key in known if key}

    def that_find(self, words: Sequence[str]) -> list[str]:
        """What finds a text with these words, beside them: words that mean the same, and for a
        phrase of many words the mark that stands for it. Its words apart mean something else."""
        return [marked(phrase) for phrase in self._in(self._held, words)]

    def as_one(self, words: Sequence[str]) -> list[str]:
        """Typed words with each phrase known, misspelt or not, made the mark that stands for it;
        nothing when there is none."""
        found: list[str] = []
        at = 0
        while at < len(words):
            phrase = next((p for p in self._phrases if _same_but_typos(p, words[at:])), None)
            found.append(marked(" ".join(phrase)) if phrase else words[at])
            at += len(phrase) if phrase else 1
        return found if found != list(words) else []

    def also_found(self, words: Sequence[str]) -> list[str]:
        """The phrases that these words, typed, find beside themselves."""
        return self._in(self._typed, words)

    def _in(self, table: dict[tuple[str, ...], list[str]], words: Sequence[str]) -> list[str]:
        keys = [singular(word) for word in words]
        found: dict[str, None] = {}
        for at, first in enumerate(keys):
            if first in self._firsts:
                for size in range(1, min(self._longest, len(keys) - at) + 1):
                    found |= dict.fromkeys(table.get(tuple(keys[at : at + size]), ()))
        return list(found)


def _key(phrase: str) -> tuple[str, ...]:
    return tuple(singular(word) for word in tokens(phrase))


def marked(phrase: str) -> str:
    """A phrase of many words as one that nobody types; a word alone is itself."""
    if " " not in phrase:
        return phrase
    drawn = hashlib.blake2b(phrase.encode(), digest_size=8).hexdigest()
    return MARK + drawn.translate(_LETTERS)


def _same_but_typos(phrase: Sequence[str], words: Sequence[str]) -> bool:
    """Whether words begin with a phrase, whatever their number, typos forgiven."""

    def same(wanted: str, word: str) -> bool:
        allowed = typos_allowed(word)
        near = OSA.distance(wanted, word, score_cutoff=allowed) <= allowed
        return near or singular(wanted) == singular(word)

    return len(words) >= len(phrase) and all(map(same, phrase, words))


def _short(words: Sequence[str]) -> list[str]:
    return [singular(word) for word in words if len(word) <= SHORT and singular(word) != word]


class Maker:
    """Makes the documents of one index."""

    def __init__(self, schema: IndexSchema, same: SameWords) -> None:
        self.schema = schema
        self._same = same
        self._known = lru_cache(maxsize=50_000)(self._words)

    def line(self, given: Document) -> tuple[str, bytes]:
        """The primary key and the document to send, in JSON. Raises InvalidDocument."""
        ready = prepared(self.schema, given)
        return primary_key(ready.key), as_json(ready.key, self._document(ready))

    def _document(self, ready: Prepared) -> dict[str, Any]:
        made: dict[str, Any] = {
            "pk": primary_key(ready.key),
            "id": ready.key,
            "stored": ready.stored,
            "texts": ready.texts,
            "sort_name": sort_name(self.schema, ready.texts),
            **ready.keywords,
            **ready.numbers,
            **self._searched(ready),
        }
        if ready.place:
            made["_geo"] = {"lat": ready.place[0], "lng": ready.place[1]}
        step = level(self.schema, ready)
        for turn, part in enumerate(turn_parts(ready.key)):
            made[order_field(turn)] = step * ORDER_STEPS + int(part * ORDER_STEPS)
        return made

    def _searched(self, ready: Prepared) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        same: dict[str, None] = {}
        for field in self.schema.texts:
            for value in values_of(ready.texts.get(field.name, [])):
                lines, others = self._cut(value)
                found.setdefault(column_field(field.column), []).extend(lines)
                same |= dict.fromkeys(others)
        town = tokens(str(ready.texts.get(self.schema.town, "")))
        if len(town) == 1:
            found[TOWN] = town
        found[SAME] = [*same, *dict.fromkeys(w for phrase in same for w in _short(phrase.split()))]
        found[NUMBERS] = self._numbers(ready)
        return found

    def _cut(self, value: str) -> tuple[list[str], list[str]]:
        return self._known(value) if len(value) < REMEMBERED else self._words(value)

    def _words(self, value: str) -> tuple[list[str], list[str]]:
        words = tokens(value)
        lines = [" ".join(words)] if words else []
        return [*lines, *_short(words)], self._same.that_find(words)

    def _numbers(self, ready: Prepared) -> list[str]:
        numbers = self.schema.numbers
        names = (numbers.departement, numbers.postcode, numbers.siret)
        found = [value.lower() for name in names for value in ready.keywords.get(name, ())]
        sirens = [value[:9] for value in ready.keywords.get(numbers.siret, ())]
        return list(dict.fromkeys([*found, *sirens]))
