"""A publisher's servers on this machine: https, several hosts, and every bad habit on demand.

Names, certificates and the client's checks are real: only the resolver leads here, and the
client trusts the authority that this file makes.
"""

import hashlib
import ipaddress
import json
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import trustme

from annuaire.cli import online
from importers.http import Access, Client, Network


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came."""

    host: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes = b""  # of a POST


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer. `cut_after` bytes of body the connection breaks; `endless` repeats the body
    for ever, without a length; `ranges` honours Range, If-Range and If-None-Match by `ETag`;
    `length` is announced in place of the true one; `held` is waited for before each block."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    cut_after: int | None = None
    endless: bool = False
    ranges: bool = False
    length: int | None = None
    held: Callable[[], object] | None = None


Answering = Callable[[Asked], Reply]


def file_reply(body: bytes, **changes: Any) -> Reply:
    """A file served as object stores do: strong ETag, ranges, binary type."""
    etag = f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"'
    headers = {"ETag": etag, "Content-Type": "application/octet-stream"}
    return Reply(body=body, headers=headers | changes.pop("headers", {}), ranges=True, **changes)


def json_reply(value: Any, status: int = 200, **headers: str) -> Reply:
    """An answer of an API."""
    return Reply(status, json.dumps(value).encode(), {"Content-Type": "application/json"} | headers)


def html_reply(text: str, status: int = 200) -> Reply:
    """A web page."""
    return Reply(status, text.encode(), {"Content-Type": "text/html; charset=utf-8"})


def redirect(location: str, status: int = 302) -> Reply:
    """Elsewhere."""
    return Reply(status, b"", {"Location": location})


class Publisher(ThreadingHTTPServer):
    """The servers of `hosts`, all on one port; `asked` notes every request."""

    daemon_threads = True

    def __init__(self, *hosts: str, address: str = "127.0.0.1") -> None:
        super().__init__((address, 0), _Handler)
        authority = trustme.CA()
        server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(*hosts).configure_cert(server)
        self.socket = server.wrap_socket(
            self.socket, server_side=True, do_handshake_on_connect=False
        )
        self.authority = authority.cert_pem.bytes()
        self.asked: list[Asked] = []
        self._routes: dict[tuple[str, str], Answering | list[Reply]] = {}

    def on(self, url: str, *replies: Reply) -> None:
        """Answer these in turn at an address; the last one stays."""
        parts = urlsplit(url)
        self._routes[parts.netloc, parts.path] = list(replies)

    def answering(self, url: str, answer: Answering) -> None:
        """Answer what the function says at an address."""
        parts = urlsplit(url)
        self._routes[parts.netloc, parts.path] = answer

    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]

    @property
    def network(self) -> Network:
        """A network where every name leads here."""
        return local_network(self.server_port, self.authority.decode())

    def client(
        self,
        access: Access,
        patience: "Patience | None" = None,
        user_agent: str = "annuaire (test)",
    ) -> Client:
        """A client on that network that waits for nothing."""
        patience = patience or Patience()
        return Client(access, user_agent, self.network, sleep=patience.sleep, clock=patience.clock)

    def reply(self, asked: Asked) -> Reply:
        route = self._routes.get((asked.host, asked.path))
        if route is None:
            return Reply(404, b"rien ici")
        if callable(route):
            return route(asked)
        return route.pop(0) if len(route) > 1 else route[0]

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients hang up on purpose here."""


class _Handler(BaseHTTPRequestHandler):
    server: Publisher
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # headers and body are sent apart: 40 ms each time otherwise

    def do_GET(self) -> None:  # the name that http.server wants
        parts = urlsplit(self.path)
        host = self.headers.get("Host", "")
        said = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        asked = Asked(host, parts.path, dict(parse_qsl(parts.query)), dict(self.headers), said)
        self.server.asked.append(asked)
        reply = self.server.reply(asked)
        status, body, headers = reply.status, reply.body, dict(reply.headers)
        if reply.ranges:
            status, body = _ranged(asked, reply, headers)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if reply.endless:
            self.close_connection = True
        elif status != 304:
            length = len(body) if reply.length is None else reply.length
            self.send_header("Content-Length", str(length))
        self.end_headers()
        with suppress(OSError):  # a client that hangs up
            self._send_body(reply, b"" if status == 304 else body)

    do_POST = do_GET  # noqa: N815 - the name that http.server wants

    def _send_body(self, reply: Reply, body: bytes) -> None:
        sent = body if reply.cut_after is None else body[: reply.cut_after]
        for start in range(0, len(sent), 65_536):
            if reply.held:
                reply.held()
            self.wfile.write(sent[start : start + 65_536])
        while reply.endless:
            self.wfile.write(body)
        if len(sent) < len(body) or reply.length not in (None, len(body)):
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - inherited name
        return


def _ranged(asked: Asked, reply: Reply, headers: dict[str, str]) -> tuple[int, bytes]:
    """Status and body after the headers that ask for a part, or for news."""
    etag, body = headers.get("ETag"), reply.body
    if etag and asked.headers.get("If-None-Match") == etag:
        return 304, b""
    span = asked.headers.get("Range", "")
    if not span or asked.headers.get("If-Range", etag) != etag:
        return reply.status, body
    start = int(span.removeprefix("bytes=").partition("-")[0])
    if start >= len(body):
        headers["Content-Range"] = f"bytes */{len(body)}"
        return 416, b""
    headers["Content-Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
    return 206, body[start:]


class Patience:
    """A clock that only moves when someone sleeps; `slept` notes how long."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def clock(self) -> float:
        return self.now


def local_network(port: int, authority: str) -> Network:
    """A network where every name leads to `port` of this machine, under one authority."""
    return Network(
        resolve=lambda _host: [("127.0.0.1", port)],
        permits=lambda ip: ip == ipaddress.ip_address("127.0.0.1"),
        tls=ssl.create_default_context(cadata=authority),
    )


@contextmanager
def publishing(*hosts: str) -> Iterator[Publisher]:
    """A publisher that answers while the block runs."""
    publisher = Publisher(*hosts)
    thread = threading.Thread(target=publisher.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield publisher
    finally:
        publisher.shutdown()
        publisher.server_close()
        thread.join()


def part_of(path: Path) -> Path:
    """Where the bytes of a download stand until it is complete."""
    return path.with_name(path.name + ".part")


def lead_commands(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch, patience: Patience | None = None
) -> None:
    """Make the commands of this test ask this publisher, whatever host they name."""
    monkeypatch.setattr(
        online,
        "Client",
        lambda access, user_agent: publisher.client(access, patience, user_agent),
    )


class Silent:
    """Watches a download and says nothing."""

    def bytes(self, done: int, total: int | None) -> None:
        return

    def parts(self, done: int, total: int) -> None:
        return
