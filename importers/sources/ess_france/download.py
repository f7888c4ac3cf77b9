"""The list of ESS France on data.gouv.fr: one resource, replaced at each publication."""

from importers.datagouv import HOSTS, stable_resource
from importers.downloads import Asked, Download, Fetched, Watch
from importers.http import Access, Client, download

DATASET = "646c8d45de96cc3428092c6b"
LIST = "57bc99ca-0432-4b46-8fcc-e76a35c9efaf"


def fetch(client: Client, asked: Asked, watch: Watch) -> Fetched:
    """Bring the list, unless the one kept from before is still current."""
    listed = stable_resource(client, DATASET, LIST)
    target = asked.folder / "entreprises-ess.csv"
    got = download(client, listed.url, target, listed.wanted, watch.bytes)
    day = f" (publication du {listed.key})" if listed.key else ""
    known = "" if got.fresh else ", déjà téléchargée"
    return Fetched(got.path, f"Liste d'ESS France{day}{known}.")


DOWNLOAD = Download("ess_france", Access(HOSTS), fetch)
