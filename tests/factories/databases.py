"""Databases for tests: a private PostgreSQL cluster, and migrated templates that are copied."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import psycopg
from sqlalchemy import create_engine

from annuaire.migrate import upgrade
from annuaire.models import load_all

MISSING = (
    "PostgreSQL manque : apt install postgresql, puis relancez make test "
    "(les tests de la base tournent sur SQLite et sur PostgreSQL)"
)
SERVER = Path(__file__).with_name("postgresql_server.py")
TEMPLATE = "migrated"

#: Makes a database of one kind, migrated unless told otherwise, and returns its address.
NewDatabase = Callable[..., str]


def binaries() -> Path | None:
    """Where the newest PostgreSQL of this machine is: Debian keeps it off the PATH."""
    if found := shutil.which("initdb"):
        return Path(found).parent
    kept = Path("/usr/lib/postgresql").glob("*/bin")
    served = [folder for folder in kept if (folder / "initdb").exists()]
    return max(served, key=lambda folder: float(folder.parent.name), default=None)


@dataclass
class Cluster:
    """A running server: its folder holds its socket."""

    folder: Path
    admin: "psycopg.Connection[tuple[object, ...]]"
    numbers: Iterator[int] = field(default_factory=count)

    def new(self, *, migrated: bool = True) -> str:
        """The address of a new database, empty or with our tables."""
        name = f"test_{next(self.numbers)}"
        copied = f" TEMPLATE {TEMPLATE}" if migrated else ""
        self.admin.execute(f"CREATE DATABASE {name}{copied}{self._quick}".encode())
        return self.url(name)

    def drop(self, url: str) -> None:
        """Drop a database, whoever is still connected."""
        self.admin.execute(f"DROP DATABASE {_name(url)} WITH (FORCE)".encode())

    def copy(self, source: str, target: str) -> None:
        """Make a database that of another, to which nobody is connected."""
        self.drop(target)
        copied = f"CREATE DATABASE {_name(target)} TEMPLATE {_name(source)}{self._quick}"
        self.admin.execute(copied.encode())

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://annuaire@/{name}?host={self.folder}"

    @property
    def _quick(self) -> str:
        """Copying files is twice as quick as logging pages, and all there is before 15."""
        return " STRATEGY file_copy" if self.admin.info.server_version >= 150000 else ""


def _name(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[2]


def copy_sqlite(source: str, target: str) -> None:
    """Make an SQLite database that of another, whoever has either open."""
    paths = [url.removeprefix("sqlite:///") for url in (source, target)]
    with closing(sqlite3.connect(paths[0])) as kept, closing(sqlite3.connect(paths[1])) as copied:
        copied.execute("PRAGMA synchronous = OFF")
        kept.backup(copied)


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A cluster of our own, with a migrated template; ended with this process at the latest."""
    found = binaries()
    assert found is not None, MISSING
    folder = Path(tempfile.mkdtemp(prefix="annuaire-pg-"))
    command = [sys.executable, str(SERVER), str(found), str(folder)]
    if os.geteuid() == 0:
        command.append("postgres")
    with subprocess.Popen(  # noqa: S603 - our own script
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # a signal to the tests' group must not keep it from tidying up
    ) as server:
        assert server.stdout is not None
        assert server.stdin is not None
        ready = server.stdout.readline().strip() == "ready"
        assert ready, "the PostgreSQL of the tests did not start: see above"
        with psycopg.connect(
            host=str(folder), user="annuaire", dbname="postgres", autocommit=True
        ) as admin:
            running = Cluster(folder, admin)
            admin.execute(f"CREATE DATABASE {TEMPLATE}".encode())
            migrate(running.url(TEMPLATE))
            yield running
        server.stdin.close()
        with suppress(subprocess.TimeoutExpired):
            server.wait(timeout=30)


def migrate(url: str) -> None:
    """Bring a database to the newest form, and leave nobody connected."""
    load_all()
    engine = create_engine(url)
    try:
        upgrade(engine)
    finally:
        engine.dispose()
