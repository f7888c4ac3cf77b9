"""The consolidated file of all years on data.gouv.fr: one resource of one title, replaced often.

The dataset also lists files of a year or of a month, and dead ones of before 2023.
"""

import re

from importers.datagouv import HOSTS, newest_resource
from importers.downloads import Asked, Download, Fetched, Watch
from importers.http import Access, Client, download

DATASET = "donnees-essentielles-de-la-commande-publique-fichiers-consolides"
TITLE = re.compile(r"(decp-global)\.json\Z")
STARTS = (b"{", b"\xef\xbb\xbf{")
HOURS = 4 * 3600.0  # seconds: 1.1 GB over a slow line


def fetch(client: Client, asked: Asked, watch: Watch) -> Fetched:
    """Bring the file of all years, unless the one kept from before is still current."""
    whole = newest_resource(client, DATASET, TITLE, STARTS)
    got = download(client, whole.url, asked.folder / whole.title, whole.wanted, watch.bytes)
    known = "" if got.fresh else ", déjà téléchargé"
    return Fetched(got.path, f"Fichier consolidé des données essentielles{known}.")


DOWNLOAD = Download("decp", Access(HOSTS, max_seconds=HOURS), fetch)
