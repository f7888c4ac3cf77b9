"""Distances, boxes, plausibility of coordinates, outlines."""

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annuaire.geo.distance import distance_km, haversine_km
from annuaire.geo.gazetteer import gazetteer
from annuaire.geo.outlines import check_coordinates, outlines_geojson

PARIS, LYON = (48.8566, 2.3522), (45.7640, 4.8357)

latitudes = st.floats(-90, 90)
longitudes = st.floats(-180, 180)


def test_distance_between_paris_and_lyon() -> None:
    assert distance_km(*PARIS, *LYON) == pytest.approx(391.5, abs=1)
    assert distance_km(*PARIS, *PARIS) == 0


@given(latitudes, longitudes, latitudes, longitudes)
def test_bulk_and_single_distances_agree(a: float, b: float, c: float, d: float) -> None:
    assert haversine_km(a, b, [c], [d])[0] == pytest.approx(distance_km(a, b, c, d), abs=1e-6)


def test_bulk_distance_keeps_unknown_coordinates_unknown() -> None:
    assert np.isnan(haversine_km(*PARIS, [math.nan], [2.0])).all()


@pytest.mark.parametrize(
    ("lat", "lon", "departement", "problem"),
    [
        (*LYON, "69", None),
        (*LYON, None, None),
        (*LYON, "59", "outside-departement"),
        (*LYON, "??", None),
        (0.0, 0.0, "69", "zero"),
        (4.8357, 45.7640, "69", "outside-france"),  # swapped
        (52.52, 13.40, "67", "outside-france"),
        (math.nan, 2.0, "69", "outside-france"),
        (-20.88, 55.45, "974", None),
        (-12.78, 45.23, "976", None),
        (18.07, -63.08, "978", None),
        (-22.27, 166.45, "988", None),
        (48.85, 2.35, "974", "outside-departement"),
        (41.92, 8.74, "2A", None),
    ],
)
def test_check_coordinates_names_the_problem(
    lat: float, lon: float, departement: str | None, problem: str | None
) -> None:
    assert check_coordinates(lat, lon, departement) == problem


def test_every_commune_lies_in_its_departement() -> None:
    misplaced = [
        c.code
        for c in (*gazetteer().communes, *gazetteer().arrondissements)
        if c.lat is not None
        and c.lon is not None
        and check_coordinates(c.lat, c.lon, c.departement)
    ]
    assert misplaced == []


def test_outlines_draw_the_departements_in_a_small_file() -> None:
    features = json.loads(outlines_geojson())["features"]
    codes = {f["properties"]["code"] for f in features}
    assert len(outlines_geojson()) <= 400_000
    assert len(codes) == len(features) == 101
    assert {"2A", "2B", "971", "972", "973", "974", "976"} <= codes
    rings = [r for f in features for polygon in f["geometry"]["coordinates"] for r in polygon]
    assert all(len(ring) >= 4 and ring[0] == ring[-1] for ring in rings)
