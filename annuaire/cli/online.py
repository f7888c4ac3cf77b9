"""The client that commands hand to sources: it says who asks, and where to complain."""

from annuaire.extensions import settings
from importers.http import Access, Client


def client_for(access: Access) -> Client:
    """A client for the hosts that a source declares. Use it in a `with`."""
    return Client(access, user_agent=f"annuaire (+{settings().public_url})")
