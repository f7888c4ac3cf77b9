"""The client that commands hand to sources: it says who asks, and where to complain."""

from collections.abc import Callable

from annuaire.extensions import settings
from importers.http import Access, Client


def connector() -> Callable[[Access], Client]:
    """What makes such clients outside of the application's context, in other threads."""
    user_agent = f"annuaire (+{settings().public_url})"
    return lambda access: Client(access, user_agent=user_agent)


def client_for(access: Access) -> Client:
    """A client for the hosts that a source declares. Use it in a `with`."""
    return Client(access, user_agent=f"annuaire (+{settings().public_url})")
