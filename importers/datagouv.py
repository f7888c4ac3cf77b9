"""Files of data.gouv.fr: a resource of a dataset, with the size and checksum that it states.

Its API (`/api/1/datasets/<slug>/`) lists `resources`, each with `title`, `url`, `filesize` and
`checksum` {type, value}; the address of a file changes at each publication.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from importers.http import Client, Wanted, WrongContent

HOSTS = frozenset(f"{name}.data.gouv.fr" for name in ("www", "static", "files", "object.files"))
MAX_BYTES = 5_000_000_000


@dataclass(frozen=True, slots=True)
class Resource:
    """A file of a dataset: `key` is what the pattern's group caught in its title."""

    title: str
    key: str
    url: str
    wanted: Wanted


def newest_resource(
    client: Client, slug: str, pattern: re.Pattern[str], starts: tuple[bytes, ...] = ()
) -> Resource:
    """The resource whose title matches, with the greatest key (a date, as AAAAMMJJ).

    Raises WrongContent when the dataset lists none, OnlineError when it cannot be asked.
    """
    titled = _resources(client, slug)
    matches = [(pattern.match(str(r.get("title") or "")), r) for r in titled]
    named = [(match[1], match[0], r) for match, r in matches if match]
    if not named:
        raise WrongContent(
            f"Le jeu de données « {slug} » de data.gouv.fr ne liste aucun fichier du nom attendu "
            f"({pattern.pattern}) parmi {len(titled)}. Téléchargez le fichier à la main et donnez "
            "son chemin à la commande."
        )
    key, title, newest = max(named, key=lambda item: item[0])
    return Resource(title, key, newest["url"], _stated(newest, starts))


def stable_resource(
    client: Client, slug: str, identifier: str, starts: tuple[bytes, ...] = ()
) -> Resource:
    """The resource that keeps its identifier from one publication to the next; its key is the day
    (AAAA-MM-JJ) when it last changed, empty when the service does not say.

    Raises WrongContent when the dataset has lost it, OnlineError when it cannot be asked.
    """
    for resource in _resources(client, slug):
        if resource.get("id") == identifier:
            changed = str(resource.get("last_modified") or "")[:10]
            day = changed if re.fullmatch(r"\d{4}-\d\d-\d\d", changed, re.ASCII) else ""
            title = str(resource.get("title") or "")
            return Resource(title, day, resource["url"], _stated(resource, starts))
    raise WrongContent(
        f"Le jeu de données « {slug} » de data.gouv.fr n'a plus la ressource {identifier}. "
        "Téléchargez le fichier à la main et donnez son chemin à la commande."
    )


def _resources(client: Client, slug: str) -> list[Mapping[str, Any]]:
    """The resources of a dataset that have an address."""
    dataset = client.get_json(f"https://www.data.gouv.fr/api/1/datasets/{slug}/")
    resources = dataset.get("resources") if isinstance(dataset, dict) else None
    found = resources if isinstance(resources, list) else []
    return [r for r in found if isinstance(r, dict) and isinstance(r.get("url"), str)]


def _stated(resource: Mapping[str, Any], starts: tuple[bytes, ...]) -> Wanted:
    size, checksum = resource.get("filesize"), resource.get("checksum")
    wanted = Wanted(MAX_BYTES, starts=starts)
    if resource.get("filetype") == "remote":
        # Of a file that stands elsewhere, what the dataset states may be of the one before.
        return wanted
    if isinstance(size, int) and not isinstance(size, bool) and size > 0:
        wanted = replace(wanted, size=size)
    if isinstance(checksum, dict) and checksum.get("type") in ("sha1", "sha256"):
        value = str(checksum.get("value")).strip().lower()
        wanted = replace(wanted, algorithm=checksum["type"], checksum=value)
    return wanted
