"""A local server that plays exchanges written beforehand, and holds who asks to them."""

import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ANY = object()


@dataclass(frozen=True)
class Exchange:
    """A request that must come (`asked`: its JSON, or a subset of an object's keys) and the
    answer to it: JSON, or bytes as they are. `pause` makes the answer wait for that event."""

    method: str
    path: str
    answer: Any = None
    status: int = 200
    asked: Any = ANY
    pause: threading.Event | None = None


@contextmanager
def played(exchanges: Sequence[Exchange], key: str | None = None) -> Iterator[str]:
    """The server's address. On leaving, every exchange was asked for, in order, with the key."""
    waiting, wrong = list(exchanges), []

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if not waiting:
                wrong.append(f"nothing more was expected: {self.command} {self.path} {body!r}")
                self.send_error(500)
                return
            expected = waiting.pop(0)
            if problem := _problem(expected, self.command, self.path, body):
                wrong.append(problem)
            if key and self.headers.get("Authorization") != f"Bearer {key}":
                wrong.append(f"key: {self.headers.get('Authorization')}")
            if expected.pause:
                expected.pause.wait(30)
            said = expected.answer
            raw = said if isinstance(said, bytes) else json.dumps(said).encode()
            self.send_response(expected.status)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = answer  # noqa: N815 - http.server's names

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    assert wrong == []
    assert waiting == [], "never asked"


def _problem(expected: Exchange, method: str, path: str, body: bytes) -> str:
    if (method, path) != (expected.method, expected.path):
        return f"{expected.method} {expected.path} was expected, not {method} {path} {body[:300]!r}"
    if expected.asked is ANY:
        return ""
    lines = [json.loads(line) for line in body.splitlines()]
    said = lines if isinstance(expected.asked, tuple) else lines[0] if lines else None
    wanted = list(expected.asked) if isinstance(expected.asked, tuple) else expected.asked
    return "" if _holds(wanted, said) else f"{path}: {wanted} was expected, not {said}"


def _holds(wanted: Any, said: Any) -> bool:
    """Whether what was said has all that was wanted: of an object, its keys at least."""
    if isinstance(wanted, dict):
        return isinstance(said, dict) and all(
            key in said and _holds(value, said[key]) for key, value in wanted.items()
        )
    if isinstance(wanted, list):
        return (
            isinstance(said, list) and len(wanted) == len(said) and all(map(_holds, wanted, said))
        )
    return wanted is ANY or wanted == said
