"""The connection to a Meilisearch server: kept, opened again when it was closed, not inherited."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

from search.meilisearch_connection import Connection


@contextmanager
def server(*answers: int) -> Iterator[tuple[str, list[int]]]:
    """Answers so many requests on each of its connections, then closes it on the next; and the
    requests that each of them received."""
    received: list[int] = []

    class Kept(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            super().setup()
            self.rank = len(received)
            received.append(0)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            received[self.rank] += 1
            if received[self.rank] > answers[self.rank]:
                self.close_connection = True
                return
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_: object) -> None:
            """Nothing to say."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Kept) as listening:
        thread = threading.Thread(target=listening.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.server_address[1]}", received
        listening.shutdown()


def test_a_connection_closed_between_two_questions_is_opened_again() -> None:
    with server(2, 1) as (url, received):
        asking = Connection(url, "une-cle")
        assert [asking.post("x", {}, 5).json() for _ in range(3)] == [{}, {}, {}]
    assert (len(received), received[1]) == (2, 1)


def test_a_server_that_closes_each_time_is_an_error() -> None:
    with server(0, 0) as (url, received), pytest.raises(requests.ConnectionError):
        Connection(url, None).post("x", {}, 5)
    assert len(received) == 2


def test_a_process_born_of_another_opens_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    with server(1, 1) as (url, received):
        asking = Connection(url, None)
        asking.post("x", {}, 5)
        monkeypatch.setattr(os, "getpid", lambda: -1)  # as after a fork
        held = asking._session()
        held.post(f"{url}/x", data=b"{}", timeout=5)
    assert received == [1, 1]
