"""Documents to measure search with: any number, always the same for a seed, of nobody real."""

from collections.abc import Iterator
from random import Random
from typing import Any

from annuaire.bench.vocabulary import (
    FORMS,
    IMAGES,
    KINDS,
    SYLLABLES,
    TOWNS,
    TRADES,
    VILLAGES,
    Town,
    Trade,
)

SPREAD = 0.35  # degrees around its town where a structure stands (standard deviation)
_TOWN_WEIGHTS = [town.weight for town in TOWNS]


def structure_documents(count: int, seed: int) -> Iterator[dict[str, Any]]:
    """Structures with the fields of search.schema.STRUCTURES; ids "1" to `count`."""
    draw = Random(seed)  # noqa: S311
    for number in range(1, count + 1):
        yield _structure(draw, number)


def a_town(draw: Random) -> Town:
    """A town, the large ones more often."""
    return draw.choices(TOWNS, _TOWN_WEIGHTS)[0]


def misspelt(draw: Random, word: str) -> str:
    """A word with one letter missing, doubled, wrong or swapped with the next, past the first."""
    at = draw.randrange(1, len(word) - 1)
    letter = draw.choice("aeinrstlou")
    return draw.choice((
        word[:at] + word[at + 1 :],
        word[:at] + word[at] + word[at:],
        word[:at] + letter + word[at + 1 :],
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
    ))  # fmt: skip


def _invented(draw: Random) -> str:
    return "".join(draw.choices(SYLLABLES, k=draw.choice((2, 2, 3)))).capitalize()


def _name(draw: Random, trade: Trade, city: str) -> str:
    form, image = draw.choice(FORMS), draw.choice(IMAGES)
    word = draw.choice(trade.words).capitalize()
    return draw.choice((
        f"{form} {image}",
        f"{form} {_invented(draw)}",
        f"{form} {image} {_invented(draw)}",
        f"{_invented(draw)} {word}",
        f"{form} {image} {city}",
        f"{_invented(draw)} {draw.choice(FORMS)}",
    ))  # fmt: skip


def _place(draw: Random, town: Town) -> tuple[str, str, float, float]:
    lat, lon = town.lat + draw.gauss(0, SPREAD), town.lon + draw.gauss(0, SPREAD)
    if draw.random() < 0.4:
        return town.name, town.postcode, lat, lon
    village = draw.choice(VILLAGES).format(_invented(draw))
    return village, f"{town.postcode[:2]}{draw.randrange(10, 990):03d}", lat, lon


def _structure(draw: Random, number: int) -> dict[str, Any]:
    town, trades = a_town(draw), draw.sample(TRADES, draw.choice((1, 1, 1, 2, 2, 3)))
    city, postcode, lat, lon = _place(draw, town)
    kind = draw.choice(tuple(KINDS))
    name = _name(draw, trades[0], city)
    tasks = [draw.choice(trade.tasks) for trade in trades for _ in range(2)]
    document: dict[str, Any] = {
        "id": str(number),
        "siret": f"{draw.randrange(10**13, 10**14)}",
        "name": name,
        "city": city,
        "postcode": postcode,
        "departement": town.departement,
        "region": town.region,
        "place_words": [town.departement_name],
        "activities": [trade.code for trade in trades],
        "groups": sorted({trade.group for trade in trades}),
        "activity_words": [word for trade in trades for word in trade.words],
        "kinds": [kind],
        "families": [KINDS[kind]],
        "status_words": [kind],
        "lat": round(lat, 5),
        "lon": round(lon, 5),
        "completeness": draw.randrange(7) / 6,
        "active": "oui",
        "_stored": {"name": name, "city": city, "kinds": [kind]},
    }
    if draw.random() < 0.6:
        document["description"] = (
            f"Nous proposons {', '.join(tasks)} autour de {town.name} pour les entreprises et les "
            f"collectivités. Équipe encadrée de {draw.randrange(4, 60)} salariés en parcours."
        )
    if draw.random() < 0.03:
        del document["lat"], document["lon"]
    return document
