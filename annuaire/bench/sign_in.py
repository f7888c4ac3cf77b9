"""How fast people sign in while one address tries passwords without end."""

import http.client
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any, Final
from urllib.parse import urlencode

import orjson

from annuaire.accounts import passwords, signing
from annuaire.bench.pages import command, served
from annuaire.bench.timing import timed
from annuaire.config import load_settings
from annuaire.core import create_core
from annuaire.db import db, writing
from annuaire.errors import AnnuaireError

PEOPLE: Final = 60  # who sign in, each from an address of their own
PASSWORD: Final = "trois crayons deux gommes"  # noqa: S105 - of accounts that the bench makes
PATH: Final = "/connexion/mot-de-passe"
CALLERS: Final = 8  # connections that attack together
_TOKEN: Final = re.compile(rb'name="csrf_token" value="([^"]+)"')


def bench_sign_in(size: int, seed: int) -> list[dict[str, Any]]:
    """Serve a new installation with two workers; PEOPLE sign in one by one, alone and then while
    one address makes `size` attempts a second."""
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"ANNUAIRE_DATA_DIR": folder, "ANNUAIRE_TRUSTED_PROXIES": "1"}
        environment.pop("ANNUAIRE_DATABASE_URL", None)
        command(environment, "init")
        _make_people(Path(folder))
        with served(environment) as (port, _):
            rows = [_signing_in("sign in by password, alone", port, 1)]
            with _attack(port, size) as told:
                rows.append(_signing_in(f"the same, {size} attempts/s from one address", port, 2))
            return [*rows, told]


def _make_people(folder: Path) -> None:
    """Accounts with a password, of the same hash: making one takes as long as checking it."""
    kept = passwords.hashed(PASSWORD)
    settings = replace(load_settings(), data_dir=folder, geocode_pages=False,
                       database_url=f"sqlite:///{folder / 'annuaire.db'}")  # fmt: skip
    with create_core(settings).app_context():
        with writing(db.session) as session:
            for number in range(PEOPLE):
                signing.make(session, _email(number), "Essai").password_hash = kept
        db.engine.dispose()


def _email(number: int) -> str:
    return f"personne{number}@exemple.fr"


class _Browser:
    """One connection that keeps its cookie, from an address of its own."""

    def __init__(self, port: int, address: str) -> None:
        self.port, self.headers = port, {"X-Forwarded-For": address}
        page, cookie = self.ask("GET", PATH)[1:]
        found = _TOKEN.search(page)
        if found is None:
            raise AnnuaireError("La page de connexion n’a pas de formulaire.")
        self.token = found[1].decode()
        self.headers |= {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}

    def ask(self, method: str, path: str, body: str | None = None) -> tuple[int, bytes, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request(method, path, body, self.headers)
        answer = connection.getresponse()
        page = answer.read()
        connection.close()
        return answer.status, page, (answer.getheader("Set-Cookie") or "").partition(";")[0]

    def sign_in(self, email: str, password: str) -> int:
        form = {"csrf_token": self.token, "courriel": email, "mot_de_passe": password}
        return self.ask("POST", PATH, urlencode(form))[0]


def _signing_in(case: str, port: int, network: int) -> dict[str, Any]:
    """Milliseconds of the form and its answer, person after person."""
    times = []
    for number in range(PEOPLE):
        started = perf_counter()
        status = _Browser(port, f"198.51.{network}.{number}").sign_in(_email(number), PASSWORD)
        times.append((perf_counter() - started) * 1_000)
        if status != 303:
            raise AnnuaireError(f"{_email(number)} n’a pas pu se connecter : {status}.")
    return timed(case, PEOPLE, times)


@contextmanager
def _attack(port: int, rate: int) -> Iterator[dict[str, Any]]:
    """Attack from a process of its own meanwhile; yields its row, filled at the end."""
    row: dict[str, Any] = {}
    process = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-c", "from annuaire.bench.sign_in import attack; attack()",
         str(port), str(rate)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    try:
        time.sleep(2)  # until it is at its full rate
        yield row
        row.update(orjson.loads(process.communicate(b"", timeout=60)[0]))
    finally:
        process.kill()
        process.wait()


def attack() -> None:
    """Make attempts at a rate until standard input is closed; print what was answered."""
    port, rate = int(sys.argv[1]), int(sys.argv[2])
    answers: Counter[int] = Counter()
    stopped = threading.Event()
    browser = _Browser(port, "192.0.2.66")
    started = perf_counter()

    def one(first: int) -> None:
        number = first
        while not stopped.is_set():
            wait = number / rate - (perf_counter() - started)
            if wait > 0:
                time.sleep(wait)
            answers[browser.sign_in(_email(number % PEOPLE), "un mot de passe faux")] += 1
            number += CALLERS

    threads = [threading.Thread(target=one, args=(first,)) for first in range(CALLERS)]
    for thread in threads:
        thread.start()
    sys.stdin.read()
    stopped.set()
    for thread in threads:
        thread.join()
    seconds = perf_counter() - started
    total = answers.total()
    sys.stdout.buffer.write(
        orjson.dumps(
            {
                "case": f"attempts ({answers[429] / total:.1%} told to wait)",
                "size": rate,
                "n": total,
                "per_second": round(total / seconds, 1),
                "seconds": round(seconds, 1),
            }
        )
    )
