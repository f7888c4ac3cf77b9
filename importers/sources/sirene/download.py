"""The monthly StockEtablissement of data.gouv.fr: one resource, replaced at each publication."""

from importers.datagouv import HOSTS, stable_resource
from importers.downloads import Asked, Download, Fetched, Watch
from importers.http import Access, Client, download

DATASET = "5b7ffc618b4c4169d30727e0"
STOCK = "0651fb76-bcf3-4f6a-a38d-bc04fa708576"
ZIP = (b"PK\x03\x04",)
HOURS = 6 * 3600.0  # seconds: 2.5 GB over a slow line


def fetch(client: Client, asked: Asked, watch: Watch) -> Fetched:
    """Bring the stock, unless the one kept from before is still current."""
    stock = stable_resource(client, DATASET, STOCK, ZIP)
    target = asked.folder / "StockEtablissement_utf8.zip"
    got = download(client, stock.url, target, stock.wanted, watch.bytes)
    day = f" (publication du {stock.key})" if stock.key else ""
    known = "" if got.fresh else ", déjà téléchargé"
    return Fetched(got.path, f"Stock des établissements de Sirene{day}{known}.")


DOWNLOAD = Download("sirene", Access(HOSTS, max_seconds=HOURS), fetch)
