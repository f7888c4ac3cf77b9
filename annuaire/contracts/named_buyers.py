"""Buyers as people name them: by SIRET, SIREN or key, by their whole name, or by words of it."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from annuaire.wording import siret_fr
from annuaire.words import fold
from search.engine import Engine, Query, Terms
from search.filters import Chosen, InputError, Search
from search.filters.contracts import BUYER

MOST: Final = 1_000  # buyers that words may stand for
_SMALL: Final = frozenset({"a", "au", "aux", "d", "de", "des", "du", "et", "l", "la", "le", "les"})
_WORD = re.compile(r"[a-z0-9]+")
_NUMBER = re.compile(r"[\d\s]{9,20}", re.ASCII)


def with_buyers(engine: Engine, asked: Search) -> Search:
    """The search with the buyers that its names stand for; a name that nobody bears is an error,
    and left out. Raises EngineUnavailable."""
    chosen: list[Chosen] = []
    errors = list(asked.errors)
    for each in asked.chosen:
        found = _meant(engine, each) if each.kind.key == BUYER.key else each
        if isinstance(found, InputError):
            errors.append(found)
        else:
            chosen.append(found)
    return replace(asked, chosen=tuple(chosen), errors=tuple(errors))


def buyers_named(engine: Engine, text: str) -> dict[str, int]:
    """The keys of the buyers whose names hold these words, with how many contracts each has, most
    first; those that hold them but for typos only when no other does. Raises EngineUnavailable."""
    query = Query(text, columns=("buyer",), facets=("buyer_named",), limit=0, highlight=False)
    hits = engine.search("contracts", query)
    if hits.relaxed:
        return {}
    words = [word for word in _WORD.findall(fold(text)) if word not in _SMALL]
    counts: dict[str, int] = {}
    exact: dict[str, int] = {}
    for named, count in hits.facets["buyer_named"].items():
        key, _, name = named.partition("\t")
        counts[key] = count
        if words and _holds(name, words):
            exact[key] = count
    return exact or counts


def _holds(name: str, words: Sequence[str]) -> bool:
    held = _WORD.findall(fold(name))
    return all(any(other.startswith(word) for other in held) for word in words)


def _meant(engine: Engine, chosen: Chosen) -> Chosen | InputError:
    typed = chosen.value.strip()
    number = "".join(typed.split()) if _NUMBER.fullmatch(typed) else ""
    ids = tuple(dict.fromkeys(filter(None, (typed, number, fold(typed)))))
    exact = engine.search(
        "contracts", Query(filters=(Terms("buyer_ids", ids),), limit=1, highlight=False)
    )
    if exact.total:
        name = str(exact.hits[0].document["buyer"])
        return replace(chosen, label=f"{name} ({siret_fr(number)})" if number else name, means=ids)
    named = any(c.isalnum() for c in typed)
    keys = tuple(buyers_named(engine, typed)) if named else ()
    if len(keys) > MOST:
        message = f"« {typed[:40]} » nomme {len(keys)} acheteurs : donnez un nom plus précis."
        return InputError(BUYER.key, message)
    if not keys:
        return InputError(BUYER.key, f"Aucun acheteur connu ne se nomme « {typed[:40]} ».")
    count = f"{len(keys)} acheteur{'s' if len(keys) > 1 else ''}"
    return replace(chosen, label=f"« {typed} » ({count})", means=keys)
