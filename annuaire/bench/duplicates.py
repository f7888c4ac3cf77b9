"""How long the search of likely duplicates takes on generated registers, some of it planted."""

import resource
from collections.abc import Iterator
from dataclasses import replace
from random import Random
from time import perf_counter
from typing import Any

from annuaire.bench.documents import misspelt, structure_documents
from annuaire.bench.files import invented_siret
from annuaire.structures.duplicates.finding import Found, likely_pairs
from annuaire.structures.duplicates.profiles import Raw, profile

USUAL = 15_000
TWINS = 0.02  # share of the structures that are in the register a second time, without their SIRET
STREETS = ("des Essais", "du Modèle", "de l'Exemple", "des Ormes", "du Spécimen", "Neuve", "Haute")


def bench_duplicates(size: int, seed: int) -> list[dict[str, Any]]:
    """Compare the structures of generated registers of 15,000 and of `size`.

    Reading and writing the database are left out: this is the work that grows. `n` is the number
    of pairs compared; the case says how many of the planted twins were found, and how many other
    pairs were shown.
    """
    return [_measure(count, seed) for count in sorted({min(USUAL, size), size})]


def _measure(size: int, seed: int) -> dict[str, Any]:
    raws = [*_register(size, seed)]
    planted = {(raw.id - 1, raw.id) for raw in raws if raw.siret is None}
    started = perf_counter()
    done = Found()
    shown = {
        (pair.first.raw.id, pair.second.raw.id)
        for pair in likely_pairs([profile(raw) for raw in raws], done)
    }
    seconds = perf_counter() - started
    found = len(planted & shown)
    return {
        "case": f"{found} of {len(planted)} twins, {len(shown) - found} others",
        "size": len(raws),
        "n": done.compared,
        "seconds": round(seconds, 2),
        "per_second": round(len(raws) / seconds),
        "rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
    }


def _register(size: int, seed: int) -> Iterator[Raw]:
    """Structures of nobody real; a twin follows the structure that it is."""
    draw = Random(seed)  # noqa: S311
    number = 0
    for document in structure_documents(size, seed):
        number += 1
        one = _structure(draw, number, document)
        yield one
        if draw.random() < TWINS:
            number += 1
            yield _twin(draw, number, one)


def _structure(draw: Random, number: int, document: dict[str, Any]) -> Raw:
    siret = invented_siret(number)
    return Raw(
        id=number,
        key=siret,
        siret=siret,
        name=document["name"],
        brand=None,
        address=f"{draw.randrange(1, 200)} rue {draw.choice(STREETS)}",
        postcode=document["postcode"],
        city=document["city"],
        code_insee=None,
        departement=document["departement"],
        lat=document.get("lat"),
        lon=document.get("lon"),
        precise="lat" in document,
        phone=f"+333{draw.randrange(10**8):08d}" if draw.random() < 0.7 else None,
        email=None,
        website=None,
        ended_on=None,
        kinds=frozenset(document["kinds"]),
    )


def _twin(draw: Random, number: int, one: Raw) -> Raw:
    """The same structure as another directory writes it."""
    name = f"ASSOCIATION {one.name.upper()}"
    words = name.split()
    if draw.random() < 0.5 and len(words[-1]) > 4:
        words[-1] = misspelt(draw, words[-1])
    return replace(
        one,
        id=number,
        key=f"finess:99{number:07d}",
        siret=None,
        name=" ".join(words),
        address=(one.address or "").upper().replace("RUE", "R"),
        phone=one.phone if draw.random() < 0.5 else None,
        lat=None,
        lon=None,
        precise=False,
    )
