"""Whether a typo or a missing accent in one word loses what the right spelling finds first."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from annuaire.bench.documents import misspelt, structure_documents
from search.engine import Engine, Query, Terms
from search.text import STOP_WORDS, TOKEN, fold

SHORTEST = 5  # letters of a word that is damaged: engines want shorter ones right
WITH_TOWN = 0.3  # share of queries that name the town
BY_ACCENT = 0.5  # share of accented words that lose their accents rather than a letter


@dataclass(frozen=True, slots=True)
class Damage:
    """A query, and the same with one word damaged."""

    right: str
    wrong: str


def damages(count: int, size: int, seed: int) -> Iterator[Damage]:
    """Names, activities and towns of the generated register as someone would type them, each
    with a typo or without an accent; what cannot be damaged so is left out."""
    draw = Random(f"{seed}/typos")  # noqa: S311
    chosen = set(draw.sample(range(size), min(count, size)))
    for number, document in enumerate(structure_documents(size, seed)):
        if number in chosen:
            words = _typed(draw, document)
            at = draw.randrange(len(words))
            damaged = _damaged(draw, words[at])
            if damaged is not None:
                wrong = [*words[:at], damaged, *words[at + 1 :]]
                yield Damage(" ".join(words), " ".join(wrong))


def lost(engine: Engine, found: Iterator[Damage]) -> tuple[int, list[Damage]]:
    """How many queries were tried, and those whose damage loses the structure that comes first:
    all the words wanted, it is found no more."""
    tried, losses = 0, []
    for each in found:
        before = engine.search("structures", Query(each.right, limit=1, highlight=False))
        if not before.hits:
            continue
        tried += 1
        itself = (Terms("id", (before.hits[0].id,)),)
        query = Query(each.wrong, filters=itself, limit=1, highlight=False)
        after = engine.search("structures", query)
        if not after.total or after.relaxed > before.relaxed:
            losses.append(each)
    return tried, losses


def _typed(draw: Random, document: dict[str, Any]) -> list[str]:
    source = draw.choice([document["name"], draw.choice(document["activity_words"])])
    words = [w for w in TOKEN.findall(source) if fold(w) not in STOP_WORDS and len(w) >= SHORTEST]
    chosen = words[:2] or [document["activity_words"][0].split()[0]]
    return chosen + ([document["city"]] if draw.random() < WITH_TOWN else [])


def _damaged(draw: Random, word: str) -> str | None:
    bare = "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))
    if bare != word and draw.random() < BY_ACCENT:
        return bare
    return misspelt(draw, word) if len(word) >= SHORTEST and word.isalpha() else None
