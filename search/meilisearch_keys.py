"""The keys of a Meilisearch server that annuaire needs, each with the least rights."""

from search.meilisearch import PREFIX
from search.meilisearch_server import Server

RIGHTS = {
    "annuaire : lecture": ["search", "documents.get"],
    "annuaire : indexation": [
        "search", "documents.*", "indexes.*", "settings.*", "stats.get", "tasks.get",
    ],
}  # fmt: skip


def setup_keys(url: str, master_key: str) -> dict[str, str]:
    """Make the keys that are missing; returns all of them by name. Raises EngineUnavailable."""
    server = Server(url, master_key)
    known = {key["name"]: key["key"] for key in server.known_keys()}
    return {
        name: known.get(name)
        or server.create_key(
            {
                "name": name,
                "description": "Faite par « annuaire index setup-keys ».",
                "actions": actions,
                "indexes": [f"{PREFIX}*"],
                "expiresAt": None,
            }
        )
        for name, actions in RIGHTS.items()
    }
