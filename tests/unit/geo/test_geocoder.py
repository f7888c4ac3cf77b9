"""The geocoding client against a server of its own."""

from collections.abc import Iterator

import pytest

from annuaire.geo.geocoder import Geocoder, GeocoderAway
from tests.factories.ban import Ban, feature, running_ban


@pytest.fixture
def ban() -> Iterator[Ban]:
    with running_ban() as server:
        yield server


@pytest.fixture
def geocoder(ban: Ban) -> Geocoder:
    return Geocoder(ban.address, timeout=2, per_second=1000)


@pytest.mark.parametrize(
    ("kind", "precision"),
    [
        ("housenumber", "number"),
        ("street", "street"),
        ("locality", "street"),
        ("municipality", "commune"),
        ("poi", "commune"),
    ],
)
def test_answer_has_its_precision(ban: Ban, geocoder: Geocoder, kind: str, precision: str) -> None:
    ban.features = [feature(kind), feature("municipality")]
    found = geocoder.ask("8 rue Inventée, Lille")
    assert found is not None
    assert (found.lat, found.lon, found.score) == (50.64, 3.05, 0.96)
    assert (found.precision, found.code_insee) == (precision, "59350")
    assert found.label == "8 Rue Inventée 59000 Lille"
    assert ban.asked == ["8 rue Inventée, Lille"]


def test_nothing_found_is_none(ban: Ban, geocoder: Geocoder) -> None:
    assert geocoder.ask("nulle part") is None


def test_empty_address_is_not_asked(ban: Ban, geocoder: Geocoder) -> None:
    assert geocoder.ask("  ") is None
    assert ban.asked == []


def test_long_address_is_cut_to_what_the_service_takes(ban: Ban, geocoder: Geocoder) -> None:
    geocoder.ask("rue " * 500)
    assert len(ban.asked[0]) <= 200


def test_words_that_the_service_refuses_are_not_found(ban: Ban, geocoder: Geocoder) -> None:
    ban.failures = [400]
    assert geocoder.ask("??") is None


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_failure_of_the_service_is_said(ban: Ban, geocoder: Geocoder, status: int) -> None:
    ban.failures = [status]
    with pytest.raises(GeocoderAway):
        geocoder.ask("Lille")
    assert geocoder.ask("Lille") is None  # it answers again


def test_wait_asked_by_the_service_is_given(ban: Ban, geocoder: Geocoder) -> None:
    ban.failures, ban.headers = [429], {"Retry-After": "3"}
    with pytest.raises(GeocoderAway) as away:
        geocoder.ask("Lille")
    assert away.value.wait == 3


@pytest.mark.parametrize(
    "body",
    [b"<html>", b"{}x", b"[]", b'{"features": [{}]}', b'{"features": [{"geometry": null}]}'],
)
def test_answer_that_is_no_geojson_is_a_failure(ban: Ban, geocoder: Geocoder, body: bytes) -> None:
    ban.body = body
    try:
        assert geocoder.ask("Lille") is None
    except GeocoderAway as away:
        assert away.reason  # noqa: PT017 - either is right, a crash is not


def test_service_that_hangs_is_given_up(ban: Ban) -> None:
    ban.hold.clear()
    with pytest.raises(GeocoderAway):
        Geocoder(ban.address, timeout=0.2, per_second=1000).ask("Lille")


def test_service_that_is_not_there_is_said() -> None:
    with pytest.raises(GeocoderAway):
        Geocoder("http://127.0.0.1:9/geocodage", timeout=1).ask("Lille")
