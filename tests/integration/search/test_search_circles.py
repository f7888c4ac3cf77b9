"""A circle keeps the same whatever is asked within it: words, any word, an order, pages, a map."""

from dataclasses import replace
from itertools import pairwise
from random import Random

import pytest

from search.engine import Circle, Engine, Hit, Query

EDGE_KM = 0.002  # two metres, and …
EDGE_SHARE = 5e-6  # … of the radius: each engine has its own radius of the Earth, and rounds
ALL = 10_000

QUERIES = {
    "nothing": Query(),
    "a word": Query("nettoyage"),
    "any word": Query("menuiserie nettoyage jardins", any_word=True),
    "any of many words": Query("bâti ancien nettoyage automobile salariés", any_word=True),
}


@pytest.fixture(scope="module")
def everywhere(generated: Engine) -> dict[str, tuple[Hit, ...]]:
    """What each of the queries finds without a circle."""
    return {
        name: generated.search("structures", replace(query, limit=ALL, highlight=False)).hits
        for name, query in QUERIES.items()
    }


def circles() -> list[Circle]:
    """In France and anywhere, the antimeridian and the poles included; from one address to the
    whole Earth."""
    draw = Random(5)  # noqa: S311
    here = [
        Circle(draw.uniform(42, 51), draw.uniform(-4, 8), draw.uniform(5, 300)) for _ in range(3)
    ]
    anywhere = [
        Circle(draw.uniform(-90, 90), draw.uniform(-180, 180), draw.uniform(100, 20_016))
        for _ in range(2)
    ]
    return [
        *here,
        *anywhere,
        Circle(0, 179.9, 17_000),
        Circle(-90, 0, 15_500),
        Circle(48.86, 2.35, 0.1),
    ]


@pytest.mark.parametrize("circle", circles(), ids=str)
@pytest.mark.parametrize("name", sorted(QUERIES))
def test_a_circle_keeps_the_same_however_it_is_asked(
    generated: Engine, everywhere: dict[str, tuple[Hit, ...]], name: str, circle: Circle
) -> None:
    lat, lon, radius = circle.lat, circle.lon, circle.radius_km
    query = replace(QUERIES[name], highlight=False, limit=ALL, circle=circle)
    told = replace(query, circle=None, origin=(lat, lon))
    far = {hit.id: hit.distance_km for hit in generated.search("structures", told).hits}
    assert far.keys() == {hit.id for hit in everywhere[name]}
    edge = EDGE_KM + radius * EDGE_SHARE
    sure = {id_ for id_, km in far.items() if km is not None and km < radius - edge}
    perhaps = {id_ for id_, km in far.items() if km is not None and km <= radius + edge}

    whole = generated.search("structures", query)
    found = [hit.id for hit in whole.hits]
    if not whole.relaxed:
        assert sure <= set(found) <= perhaps
    assert whole.total == len(found) == len(set(found))
    nearest = generated.search("structures", replace(query, sort="distance")).hits
    assert {hit.id for hit in nearest} == set(found)
    distances = [hit.distance_km or 0.0 for hit in nearest]
    assert all(b - a > -EDGE_KM for a, b in pairwise(distances))
    assert {point.id for point in generated.points("structures", query)} == set(found)
    start = len(found) // 3
    page = generated.search("structures", replace(query, offset=start, limit=20))
    assert [hit.id for hit in page.hits] == found[start : start + 20]
    assert page.total == whole.total
    counted = generated.search("structures", replace(query, limit=0, facets=("kinds",)))
    assert (counted.total, sum(counted.facets["kinds"].values())) == (whole.total, whole.total)
