"""Files of data.gouv.fr: the newest resource of a dataset, with the size and checksum it states.

Its API (`/api/1/datasets/<slug>/`) lists `resources`, each with `title`, `url`, `filesize` and
`checksum` {type, value}; the address of a file changes at each publication.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from importers.http import Client, Wanted, WrongContent

HOSTS = frozenset({"www.data.gouv.fr", "static.data.gouv.fr", "object.files.data.gouv.fr"})
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
    dataset = client.get_json(f"https://www.data.gouv.fr/api/1/datasets/{slug}/")
    resources = dataset.get("resources") if isinstance(dataset, dict) else None
    found = resources if isinstance(resources, list) else []
    titled = [r for r in found if isinstance(r, dict) and isinstance(r.get("url"), str)]
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


def _stated(resource: Mapping[str, Any], starts: tuple[bytes, ...]) -> Wanted:
    size, checksum = resource.get("filesize"), resource.get("checksum")
    wanted = Wanted(MAX_BYTES, starts=starts)
    if isinstance(size, int) and not isinstance(size, bool) and size > 0:
        wanted = replace(wanted, size=size)
    if isinstance(checksum, dict) and checksum.get("type") in ("sha1", "sha256"):
        value = str(checksum.get("value")).strip().lower()
        wanted = replace(wanted, algorithm=checksum["type"], checksum=value)
    return wanted
