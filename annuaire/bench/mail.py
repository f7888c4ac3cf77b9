"""How fast letters are handed to a mail server of this machine, and with how much memory."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter
from typing import Any

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from annuaire.bench.importing import emptied, run_command
from annuaire.db import engine_options
from annuaire.errors import AnnuaireError
from annuaire.mail.letters import Letter
from annuaire.mail.rendering import render
from annuaire.mail.service import queue_all

LOTS = 12  # boxes in a letter: some 15 kB of page, as a digest of a week


def bench_mail(size: int, seed: int, database_url: str | None = None) -> list[dict[str, Any]]:
    """Queue `size` letters, then hand them with `annuaire mail send`, a process of its own, to a
    server in another (aiosmtpd, which keeps nothing). `seed` changes nothing: all letters weigh
    the same. Raises AnnuaireError without aiosmtpd."""
    if find_spec("aiosmtpd") is None:
        raise AnnuaireError("Cette mesure demande un serveur : pip install aiosmtpd.")
    with tempfile.TemporaryDirectory() as folder:
        database = database_url or f"sqlite:///{Path(folder) / 'mail'}.db"
        with emptied(database) as url, _server() as address:
            environment = os.environ | {
                "ANNUAIRE_DATA_DIR": folder,
                "ANNUAIRE_DATABASE_URL": url,
                "ANNUAIRE_SMTP_URL": address,
                "ANNUAIRE_MAIL_FROM": "bench@annuaire.example.org",
            }
            run_command(environment, ["init"])
            queued = _queue(url, size)
            started = perf_counter()
            output, cpu, memory = run_command(environment, ["mail", "send", "--json"])
            seconds = perf_counter() - started
    sent = json.loads(output.splitlines()[-1])["sent"]
    if sent != size:
        raise AnnuaireError(f"{sent} courriels envoyés sur {size}.")
    return [
        {"case": "queued", "size": size, "n": 1, **_rate(size, queued)},
        {"case": "handed to a local server", "size": size, "n": 1, **_rate(size, seconds)}
        | {"cpu_seconds": cpu, "rss_mb": memory},
    ]


def _rate(size: int, seconds: float) -> dict[str, float]:
    return {"seconds": round(seconds, 2), "per_second": round(size / seconds)}


def _queue(url: str, size: int) -> float:
    engine = create_engine(**engine_options(url))
    started = perf_counter()
    with Session(engine) as session:
        queue_all(session, _letters(size))
        session.commit()
    seconds = perf_counter() - started
    engine.dispose()
    return seconds


def _letters(size: int) -> Iterator[Letter]:
    """Letters of one weight, made from the template of the trial letter."""
    one = render(
        "test", to="a@exemple.fr", once="bench", purpose="bench", asked_at=datetime.now(UTC),
        public_url="https://annuaire.example.org",
    )  # fmt: skip
    box = "<p>Lot d’entretien des espaces verts, à Lille, réponse avant le 3 mars.</p>" * 15
    heavy = replace(one, html=one.html.replace("</main>", f"{box * LOTS}</main>"))
    for number in range(size):
        yield replace(heavy, to=f"a{number}@exemple.fr", once=f"bench-{number}")


@contextmanager
def _server() -> Iterator[str]:
    """A server that takes everything and keeps nothing; its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = ["-m", "aiosmtpd", "-n", "-c", "aiosmtpd.handlers.Sink", "-l", f"127.0.0.1:{port}"]
    server = subprocess.Popen([sys.executable, *command])  # noqa: S603 - our own command
    try:
        for _ in range(100):
            with socket.socket() as tried:
                if tried.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"smtp://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()
