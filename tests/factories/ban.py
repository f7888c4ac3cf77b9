"""A local service that answers as the national address base (BAN) does, failures included."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from sqlalchemy.orm import Session

from annuaire.geo.geocoder import Geocoder
from annuaire.structures.geocoding import Geocoding, geocode
from tests.factories.files import siae

TODAY = date(2026, 5, 4)


def feature(kind: str = "housenumber", **changes: Any) -> dict[str, Any]:
    """One answer: 8 rue Inventée in Lille unless told otherwise; `lat` and `lon` place it."""
    lat, lon = changes.pop("lat", 50.64), changes.pop("lon", 3.05)
    properties = {
        "label": "8 Rue Inventée 59000 Lille", "score": 0.96, "type": kind,
        "id": "59350_0000_00008", "name": "8 Rue Inventée", "postcode": "59000",
        "citycode": "59350", "city": "Lille",
        "context": "59, Nord, Hauts-de-France", "importance": 0.7,
    }  # fmt: skip
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [lon, lat]},
        "properties": properties | changes,
    }


class Ban(ThreadingHTTPServer):
    """`features` answer every address, `by_words` those that hold some words; `failures` are
    statuses given first, one a request, then gone. Notes every address asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.features: list[dict[str, Any]] = []
        self.by_words: dict[str, list[dict[str, Any]]] = {}
        self.failures: list[int] = []
        self.body: bytes | None = None
        self.headers: dict[str, str] = {}
        self.hold = threading.Event()  # answers wait for it
        self.hold.set()
        self.asked: list[str] = []

    @property
    def address(self) -> str:
        """What ANNUAIRE_GEOCODER_DOMAIN is told."""
        return f"http://127.0.0.1:{self.server_port}/geocodage"

    def answer(self, address: str) -> bytes:
        if self.body is not None:
            return self.body
        found = next(
            (given for words, given in self.by_words.items() if words.lower() in address.lower()),
            self.features,
        )
        return json.dumps(
            {"type": "FeatureCollection", "features": found, "query": address}
        ).encode()


class _Handler(BaseHTTPRequestHandler):
    server: Ban

    def do_GET(self) -> None:  # the name that http.server wants
        parts = urlsplit(self.path)
        address = parse_qs(parts.query).get("q", [""])[0]
        self.server.asked.append(address)
        self.server.hold.wait(10)
        status = self.server.failures.pop(0) if self.server.failures else 200
        status = status if parts.path == "/geocodage/search" else 404
        body = self.server.answer(address) if status == 200 else b'{"code":0}'
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/json; charset=utf-8")
            for name, value in self.server.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            return  # who asked did not wait

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - inherited name
        return


@contextmanager
def running_ban() -> Iterator[Ban]:
    """The service, on a free port of this machine."""
    server = Ban()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.hold.set()
        server.shutdown()
        server.server_close()
        thread.join()


def centred(number: int, **changes: str) -> dict[str, str]:
    """A structure of Lille of which only the commune's centre is known."""
    return siae(number, **{"lat": "", "lon": "", "address": f"{number} rue Inventée"} | changes)


def job(session: Session, ban: Ban, **options: Any) -> Geocoding:
    """Place what is placed by its commune, without waiting."""
    ask = Geocoder(ban.address, timeout=1, per_second=1000).ask
    return geocode(session, ask, TODAY, pause=lambda _: None, **options)
