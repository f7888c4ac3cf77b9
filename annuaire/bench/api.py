"""How fast the API answers: lists, what is not sent again, a need; each caller on its own."""

import http.client
from collections.abc import Callable, Iterator
from itertools import count
from random import Random
from time import perf_counter
from typing import Any
from urllib.parse import urlencode

import orjson

from annuaire.activities.taxonomy import taxonomy
from annuaire.errors import AnnuaireError

ASKED = 200
WARMED = 20
_CALLERS = count(1)


def api_cases(port: int, size: int, seed: int) -> Iterator[dict[str, Any]]:
    """One row a case: milliseconds until the last byte. The server must trust one proxy, so that
    each request is another address's, and none meets the limits."""
    yield _row("API: structures, text, activity, 20 items", size, _lists(port, seed, _structures))
    yield _row("API: contracts, clause, 20 items", size, _lists(port, seed, _contracts))
    yield _row("API: feed of contracts, Atom", size, _times(port, ["/flux/marches.atom"] * ASKED))
    for path in ("/api/v1/activities", "/api/v1/structures?limit=20"):
        yield _row(f"API: 304 of {path}", size, _unchanged(port, path))
    yield _row("API: match", size, _matches(port, seed))


def _lists(port: int, seed: int, make: Callable[[Random], str]) -> list[float]:
    draw = Random(f"{seed}/api")  # noqa: S311 - drawn alike every time
    return _times(port, [make(draw) for _ in range(ASKED)])


def _structures(draw: Random) -> str:
    leaf = draw.choice(taxonomy().leaves)
    return f"/api/v1/structures?{urlencode({'q': leaf.label, 'activite': leaf.code})}"


def _contracts(draw: Random) -> str:
    leaf = draw.choice(taxonomy().leaves)
    return f"/api/v1/contracts?{urlencode({'social': 'oui', 'activite': leaf.code})}"


def _times(port: int, paths: list[str]) -> list[float]:
    for path in paths[:WARMED]:
        _ask(port, "GET", path)
    return [_ask(port, "GET", path)[0] for path in paths]


def _unchanged(port: int, path: str) -> list[float]:
    _, tag = _ask(port, "GET", path)
    known = {"If-None-Match": tag}
    return [_ask(port, "GET", path, headers=known, expected=304)[0] for _ in range(ASKED)]


def _matches(port: int, seed: int) -> list[float]:
    draw = Random(f"{seed}/match")  # noqa: S311 - drawn alike every time
    needs = [{"text": draw.choice(taxonomy().leaves).label, "place": "Lyon"} for _ in range(ASKED)]
    bodies = [orjson.dumps(need | {"amount_eur": 25_000}) for need in needs]
    for body in bodies[:WARMED]:
        _ask(port, "POST", "/api/v1/match", body)
    return [_ask(port, "POST", "/api/v1/match", body)[0] for body in bodies]


def _ask(
    port: int,
    method: str,
    path: str,
    body: bytes | None = None,
    headers: dict[str, str] | None = None,
    expected: int = 200,
) -> tuple[float, str]:
    """Milliseconds of an answer, and its fingerprint. Raises AnnuaireError for another status."""
    number = next(_CALLERS)
    sent = {"X-Forwarded-For": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"}
    sent |= {"Content-Type": "application/json"} if body else {}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    started = perf_counter()
    connection.request(method, path, body, sent | (headers or {}))
    answer = connection.getresponse()
    content = answer.read()
    took = (perf_counter() - started) * 1_000
    connection.close()
    if answer.status != expected:
        raise AnnuaireError(f"{path} : {answer.status}, {len(content)} octets")
    return took, answer.getheader("ETag") or ""


def _row(case: str, size: int, times: list[float]) -> dict[str, Any]:
    times.sort()
    return {
        "case": case,
        "size": size,
        "n": len(times),
        "p50_ms": round(times[len(times) // 2], 1),
        "p95_ms": round(times[int(len(times) * 0.95)], 1),
    }
