"""The geocoding client against a server of its own."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from annuaire.geo.geocoder import Geocoder


class Service(ThreadingHTTPServer):
    """A geocoding service that gives one prepared answer and notes what it was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.status, self.body = 200, b""
        self.asked: list[str] = []

    def answers(self, *features: dict[str, Any]) -> None:
        self.body = json.dumps({"type": "FeatureCollection", "features": features}).encode()


class Handler(BaseHTTPRequestHandler):
    server: Service

    def do_GET(self) -> None:  # the name that http.server wants
        self.server.asked.append(self.path)
        self.send_response(self.server.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - inherited name
        return


@pytest.fixture
def service() -> Iterator[Service]:
    server = Service()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def geocoder(service: Service) -> Geocoder:
    domain = f"127.0.0.1:{service.server_port}/geocodage"
    return Geocoder(domain, scheme="http", timeout=2, per_second=1000)


def feature(kind: str = "housenumber") -> dict[str, Any]:
    properties = {"label": "8 Rue Inventée 80000 Amiens", "score": 0.96, "type": kind}
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [2.29, 49.89]},
        "properties": properties | {"citycode": "80021"},
    }


@pytest.mark.parametrize(
    ("kind", "precision"),
    [("housenumber", "number"), ("street", "street"), ("municipality", "commune")],
)
def test_geocode_gives_coordinates_with_their_precision(
    service: Service, geocoder: Geocoder, kind: str, precision: str
) -> None:
    service.answers(feature(kind))
    found, reason = geocoder.geocode("8 rue Inventée, Amiens")
    assert reason is None
    assert found is not None
    assert (found.lat, found.lon, found.score) == (49.89, 2.29, 0.96)
    assert (found.precision, found.code_insee) == (precision, "80021")
    asked = urlsplit(service.asked[0])
    assert asked.path == "/geocodage/search"
    assert parse_qs(asked.query)["q"] == ["8 rue Inventée, Amiens"]


def test_geocode_says_that_nothing_was_found(service: Service, geocoder: Geocoder) -> None:
    service.answers()
    assert geocoder.geocode("nulle part") == (None, "not-found")


def test_geocode_asks_nothing_for_an_empty_address(service: Service, geocoder: Geocoder) -> None:
    assert geocoder.geocode("  ") == (None, "empty")
    assert service.asked == []


@pytest.mark.parametrize(("status", "body"), [(500, b""), (429, b""), (200, b"<html>")])
def test_geocode_gives_the_reason_of_a_failure(
    service: Service, geocoder: Geocoder, status: int, body: bytes
) -> None:
    service.status, service.body = status, body
    found, reason = geocoder.geocode("Amiens")
    assert found is None
    assert reason is not None
    assert reason.startswith("error: ")


def test_geocode_survives_a_service_that_is_away() -> None:
    found, reason = Geocoder("127.0.0.1:9/geocodage", scheme="http", timeout=1).geocode("Amiens")
    assert found is None
    assert (reason or "").startswith("error: ")
