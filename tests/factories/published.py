"""A command in a process of its own, whose downloads come from a publisher of the test:
`python -m tests.factories.published PORT AUTHORITY.pem import esat --download`."""

import sys
from functools import partial
from pathlib import Path
from unittest.mock import patch

from annuaire.cli import main, online
from importers.http import Client
from tests.factories.publisher import local_network


def run() -> None:
    port, authority, *arguments = sys.argv[1:]
    sys.argv = ["annuaire", *arguments]
    network = local_network(int(port), Path(authority).read_text(encoding="ascii"))
    client = partial(Client, network=network, sleep=lambda _seconds: None)
    with patch.object(online, "Client", client):
        main()


if __name__ == "__main__":
    run()
