"""How long a whole list takes to leave the site: exports, a comparison, a list checked."""

import http.client
import re
from collections.abc import Iterator
from time import perf_counter
from typing import Any
from urllib.parse import urlencode

from annuaire.bench.files import invented_siret
from annuaire.errors import AnnuaireError

LINES = 10_000  # numbers checked at once
ENDINGS = ("csv", "xlsx", "ods", "geojson")
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def takeaway_cases(port: int, size: int) -> Iterator[dict[str, Any]]:
    """One row a case, each asked once: seconds until its last byte, and how many bytes."""
    for ending in ENDINGS:
        yield _row(f"export: all structures, {ending}", size, port, f"/structures/export.{ending}")
    keys = ",".join(invented_siret(n) for n in range(1, 101))
    yield _row("selection of 100, shared", size, port, f"/ma-selection?structures={keys}")
    yield _row("comparison of 4", size, port, f"/structures/comparer?structures={keys[:59]}")
    yield _row("sourcing sheet", size, port, "/structures/fiche-sourcing?q=nettoyage")
    yield _checked(size, port)


def _row(case: str, size: int, port: int, path: str) -> dict[str, Any]:
    started = perf_counter()
    sent = len(_answer(port, "GET", path)[1])
    seconds = perf_counter() - started
    return {"case": case, "size": size, "n": 1, "seconds": round(seconds, 2), "bytes": sent}


def _checked(size: int, port: int) -> dict[str, Any]:
    """A list of LINES numbers as its page sends it, with the visitor's token and cookie."""
    cookie, page = _answer(port, "GET", "/verifier")
    token = _TOKEN.search(page.decode())
    if token is None:
        raise AnnuaireError("/verifier : pas de formulaire")
    numbers = "\n".join(invented_siret(n) for n in range(1, LINES + 1))
    body = urlencode({"csrf_token": token.group(1), "liste": numbers, "export": "xlsx"})
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    started = perf_counter()
    sent = len(_answer(port, "POST", "/verifier", body, headers)[1])
    seconds = perf_counter() - started
    case = f"check of {LINES} numbers, xlsx"
    return {"case": case, "size": size, "n": 1, "seconds": round(seconds, 2), "bytes": sent}


def _answer(
    port: int, method: str, path: str, body: str = "", headers: dict[str, str] | None = None
) -> tuple[str, bytes]:
    """The cookie that an answer sets, and its whole content. Raises AnnuaireError unless it is
    what was asked for."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    connection.request(method, path, body or None, headers or {})
    answer = connection.getresponse()
    content = answer.read()
    cookie = (answer.getheader("Set-Cookie") or "").split(";")[0]
    connection.close()
    if answer.status != 200:
        raise AnnuaireError(f"{path[:80]} : {answer.status}, {len(content)} octets")
    return cookie, content
