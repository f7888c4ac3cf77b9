"""How fast pages are served by gunicorn with two workers, on generated structures."""

import http.client
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any
from urllib.parse import urlencode

from annuaire.activities.taxonomy import taxonomy
from annuaire.bench.api import api_cases
from annuaire.bench.files import write_boamp, write_siae
from annuaire.bench.takeaway import takeaway_cases
from annuaire.errors import AnnuaireError
from annuaire.geo.gazetteer import Commune, gazetteer

ASKED = 200
CONTRACTS = 20_000
BIG = 300  # communes drawn among the most populated


def bench_pages(size: int, seed: int) -> list[dict[str, Any]]:
    """Fill a new installation with `size` structures, serve it, ask for pages one by one and
    then four at a time."""
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"ANNUAIRE_DATA_DIR": folder, "ANNUAIRE_TRUSTED_PROXIES": "1"}
        environment.pop("ANNUAIRE_DATABASE_URL", None)
        write_siae(Path(folder) / "siae.csv", size, seed)
        write_boamp(Path(folder) / "boamp.csv", CONTRACTS, seed)
        command(environment, "init")
        command(environment, "import", "siae", f"{folder}/siae.csv")
        command(environment, "import", "boamp", f"{folder}/boamp.csv")
        with served(environment) as (port, pids):
            return [
                *_cases(port, size, seed),
                *api_cases(port, size, seed),
                _memory("largest web process", "VmRSS", pids, size),
                *takeaway_cases(port, size),
                _memory("largest web process, at its highest", "VmHWM", pids, size),
            ]


def _cases(port: int, size: int, seed: int) -> Iterator[dict[str, Any]]:
    for case, make in (
        ("search: text, activity, 50 km, facets", _search),
        ("need: suggestions with reasons", _need),
        ("contracts: words, clause, 50 km, facets", _contracts),
        ("contracts: state, CPV, facets", _open_contracts),
        ("home", lambda _draw: "/"),
    ):
        draw = Random(f"{seed}/{case}")  # noqa: S311
        paths = [make(draw) for _ in range(ASKED)]
        for path in paths[:20]:
            _get(port, path)
        yield _row(case, size, *_alone(port, paths))
        if make is _search:
            yield _row(f"{case}, 4 at once", size, *_together(port, paths, 4))


def _search(draw: Random) -> str:
    leaf = draw.choice(taxonomy().leaves)
    asked = {"q": leaf.label, "activite": leaf.code, "lieu": _town(draw), "rayon": "50"}
    return f"/structures?{urlencode(asked)}"


def _contracts(draw: Random) -> str:
    leaf = draw.choice(taxonomy().leaves)
    asked = {"q": leaf.label.split()[0], "social": "oui", "lieu": _town(draw), "rayon": "50"}
    return f"/marches?{urlencode(asked)}"


def _open_contracts(draw: Random) -> str:
    asked = {"etat": draw.choice(("ouvert", "clos")), "cpv": draw.choice(("90", "45", "7731"))}
    return f"/marches?{urlencode(asked)}"


def _need(draw: Random) -> str:
    leaf = draw.choice(taxonomy().leaves)
    asked = {"quoi": leaf.label, "lieu": _town(draw), "montant": str(draw.randrange(5, 90) * 1000)}
    return f"/besoins/nouveau?{urlencode(asked)}"


def _town(draw: Random) -> str:
    return f"commune:{draw.choice(_big_towns()).code}"


@cache
def _big_towns() -> list[Commune]:
    return sorted(gazetteer().communes, key=lambda c: -c.population)[:BIG]


def _get(port: int, path: str) -> float:
    """Milliseconds until the whole page is there."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    started = perf_counter()
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read()
    took = (perf_counter() - started) * 1_000
    connection.close()
    if answer.status != 200:
        raise AnnuaireError(f"{path} : {answer.status}, {len(body)} octets")
    return took


def _alone(port: int, paths: list[str]) -> tuple[list[float], float]:
    started = perf_counter()
    return [_get(port, path) for path in paths], perf_counter() - started


def _together(port: int, paths: list[str], callers: int) -> tuple[list[float], float]:
    times: list[float] = []
    threads = [
        threading.Thread(
            target=lambda part: times.extend(_get(port, p) for p in part), args=(part,)
        )
        for part in (paths[i::callers] for i in range(callers))
    ]
    started = perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times, perf_counter() - started


def _row(case: str, size: int, times: list[float], seconds: float) -> dict[str, Any]:
    times.sort()
    return {
        "case": case,
        "size": size,
        "n": len(times),
        "p50_ms": round(times[len(times) // 2], 1),
        "p95_ms": round(times[int(len(times) * 0.95)], 1),
        "per_second": round(len(times) / seconds, 1),
    }


def _memory(case: str, figure: str, pids: list[int], size: int) -> dict[str, Any]:
    rss = [int(_status(pid)[figure].split()[0]) / 1024 for pid in pids]
    return {
        "case": case,
        "size": size,
        "n": len(rss),
        "rss_mb": round(max(rss), 1),
    }


def _status(pid: int) -> dict[str, str]:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines()
    return dict(line.split(":", 1) for line in lines if ":" in line)


def command(environment: dict[str, str], *arguments: str) -> None:
    """Run one of our commands in an installation. Raises AnnuaireError."""
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "annuaire", *arguments],
        env=environment,
        capture_output=True,
        check=False,
    )
    if done.returncode not in (0, 1):
        raise AnnuaireError(done.stderr.decode(errors="replace")[-500:])


@contextmanager
def served(environment: dict[str, str]) -> Iterator[tuple[int, list[int]]]:
    """Serve an installation meanwhile: its port and its processes. Raises AnnuaireError."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "annuaire", "serve", "--port", str(port)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(port, server)
        children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
        yield port, [int(pid) for pid in children]
    finally:
        server.terminate()
        server.wait(60)  # gunicorn itself gives its workers 30 seconds


def _wait(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        if server.poll() is not None:
            break
        try:
            _get(port, "/")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AnnuaireError("Le serveur n'a pas démarré.")
