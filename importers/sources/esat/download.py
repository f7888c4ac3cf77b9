"""The newest daily file of FINESS+, which the sources `esat` and `ea_finess` share."""

import re

from importers.datagouv import HOSTS, newest_resource
from importers.downloads import Asked, Download, Fetched, Watch
from importers.http import Access, Client, download

DATASET = "finess-structures-1"
# Beside the daily files stands a monthly one, `finess-structures-mensuel-AAAAMM.json.gz`.
DAILY = re.compile(r"^finess-structures-journalier-(\d{8})\.json\.gz\Z")
GZIP = (b"\x1f\x8b",)


def fetch(client: Client, asked: Asked, watch: Watch) -> Fetched:
    """Bring the newest daily file, unless it is there; those of before are then deleted."""
    newest = newest_resource(client, DATASET, DAILY, GZIP)
    target = asked.folder / newest.title
    got = download(client, newest.url, target, newest.wanted, watch.bytes)
    for old in asked.folder.glob("finess-structures-journalier-*"):
        if not old.name.startswith(newest.title):
            old.unlink()
    year, month, day = newest.key[:4], newest.key[4:6], newest.key[6:]
    known = "" if got.fresh else ", déjà téléchargé"
    return Fetched(got.path, f"FINESS du {day}/{month}/{year}{known}.")


DOWNLOAD = Download("finess", Access(HOSTS), fetch)
