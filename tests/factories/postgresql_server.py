"""A PostgreSQL server that lives no longer than the process that started it.

`postgresql_server.py BINARIES FOLDER [USER]` makes a cluster in FOLDER, serves it on a socket
there, says « ready », and reads its standard input to the end: once the tests end, even killed,
that pipe closes, the server stops and FOLDER is deleted.

The cluster is what ours must not depend on: it sorts as French people do, and lives in another
time zone. Nothing in it outlives the tests, so nothing waits for the disk.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

OPTIONS = {
    "listen_addresses": "",
    "timezone": "Pacific/Noumea",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "shared_buffers": "64MB",
    "max_connections": "60",
}


def serve(binaries: Path, folder: Path, user: str | None) -> None:
    """Serve until standard input ends; raises CalledProcessError when the cluster is not made."""
    cluster = folder / "cluster"
    # PostgreSQL refuses root; whoever it is, it reads nothing of the caller's own settings.
    run: dict[str, Any] = {"cwd": folder, "env": {"PATH": os.defpath, "LC_ALL": "C"}}
    if user:
        shutil.chown(folder, user)
        run |= {"user": user, "group": user, "extra_groups": []}
    made = ["-D", str(cluster), "-U", "annuaire", "-A", "trust", "-E", "UTF8", "--no-sync"]
    subprocess.run(  # noqa: S603 - the system's own program
        [binaries / "initdb", *made, *_french(binaries)],
        check=True,
        stdout=subprocess.DEVNULL,
        **run,
    )
    options = [part for key, value in OPTIONS.items() for part in ("-c", f"{key}={value}")]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(  # noqa: S603 - the system's own program
            [binaries / "postgres", "-D", str(cluster), "-k", str(folder), *options],
            stdout=log,
            stderr=log,
            **run,
        )
    try:
        while server.poll() is None and not _accepts(cluster):
            time.sleep(0.02)
        if server.poll() is None:
            print("ready", flush=True)  # noqa: T201 - what the tests wait for
            sys.stdin.read()
        else:
            sys.stderr.write((folder / "log").read_text())
    finally:
        server.send_signal(signal.SIGQUIT)  # at once: nothing is worth keeping
        server.wait()


def _accepts(cluster: Path) -> bool:
    """Whether the server said that it accepts connections: the last line of its own file."""
    state = cluster / "postmaster.pid"
    return state.exists() and state.read_text().rstrip().endswith("ready")


def _french(binaries: Path) -> list[str]:
    """French sorting through ICU where initdb knows it (from PostgreSQL 15)."""
    told = subprocess.run(  # noqa: S603 - the system's own program
        [binaries / "initdb", "--help"], check=True, capture_output=True, text=True
    )
    if "--icu-locale" not in told.stdout:
        return ["--locale=C"]
    return ["--locale=C", "--locale-provider=icu", "--icu-locale=fr-FR"]


if __name__ == "__main__":
    home = Path(sys.argv[2])
    try:
        serve(Path(sys.argv[1]), home, *sys.argv[3:] or [None])
    finally:
        shutil.rmtree(home, ignore_errors=True)
