"""The guarded client that is handed to sources: they never open a connection themselves.

Only the hosts that a source declares, https only, never a private address (`network`); gentle
with the host, patient with its failures (`client`); files that resume and are checked (`files`).
"""

from importers.http.client import Client
from importers.http.door import Access
from importers.http.errors import (
    ForbiddenAddress,
    HttpStatus,
    OnlineError,
    Passing,
    Paused,
    Unreachable,
    WrongContent,
)
from importers.http.files import Downloaded, Wanted, download
from importers.http.network import Network

__all__ = [
    "Access",
    "Client",
    "Downloaded",
    "ForbiddenAddress",
    "HttpStatus",
    "Network",
    "OnlineError",
    "Passing",
    "Paused",
    "Unreachable",
    "Wanted",
    "WrongContent",
    "download",
]
