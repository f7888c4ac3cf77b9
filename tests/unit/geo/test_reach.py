"""The distance of every commune to the nearest of some points."""

import math

import pytest

from annuaire.geo.distance import distance_km
from annuaire.geo.reach import inhabited, nearest_km

LYON, LILLE = (45.7589, 4.8414), (50.6311, 3.0468)


def of(code: str) -> int:
    return next(n for n, c in enumerate(inhabited().communes) if c.code == code)


def test_every_commune_has_its_nearest_point() -> None:
    found = nearest_km((LYON, LILLE))
    for commune, km in list(zip(inhabited().communes, found, strict=True))[::997]:
        assert commune.lat is not None
        assert commune.lon is not None
        expected = min(distance_km(commune.lat, commune.lon, *point) for point in (LYON, LILLE))
        assert km == pytest.approx(expected, abs=0.01)


def test_a_point_in_the_commune_itself_is_at_no_distance() -> None:
    commune = inhabited().communes[of("69123")]
    assert nearest_km(((commune.lat or 0, commune.lon or 0),))[of("69123")] < 0.01


def test_without_points_nobody_is_within_reach() -> None:
    assert all(math.isinf(km) for km in nearest_km(())[::5000])


def test_many_points_give_what_few_give() -> None:
    """Distances are worked out by slices: their size must not show."""
    many = tuple((LYON[0] + n / 10_000, LYON[1]) for n in range(5_000))
    assert nearest_km(many)[of("69123")] <= nearest_km((LYON,))[of("69123")] + 1e-9
