"""The API's list, page after page: needs a token."""

from collections.abc import Iterator
from typing import Any

from annuaire.structures.records import Known, StructureRecord
from importers.http import Client, OnlineError
from importers.rows import Row, UnreadableFile
from importers.sources.marche.reader import read_items

LIST = "https://lemarche.inclusion.gouv.fr/api/siae/"
PAGE = 100
MAX_PAGES = 1_000  # the list has about 11 000 structures


def read_pages(client: Client, token: str, known: Known) -> Iterator[Row[StructureRecord]]:
    """All the structures that the API lists; rows count from 1.

    Raises UnreadableFile when it stops answering before the end: nothing then ends by absence.
    """
    return read_items(_items(client, token), known)


def _items(client: Client, token: str) -> Iterator[tuple[int, Any]]:
    rank = 0
    for page in range(MAX_PAGES):
        results, count = _page(client, token, page * PAGE)
        for item in results:
            rank += 1
            yield rank, item
        if not results or rank >= count:
            break
    else:
        raise UnreadableFile(f"L'API donne plus de {MAX_PAGES} pages : la lecture s'arrête.")
    if rank < count:
        raise UnreadableFile(f"L'API annonce {count} structures et en a donné {rank}.")


def _page(client: Client, token: str, offset: int) -> tuple[list[Any], int]:
    """The objects of a page, and how many the whole list has."""
    try:
        data = client.get_json(
            LIST, {"limit": PAGE, "offset": offset}, {"Authorization": f"Bearer {token}"}
        )
    except OnlineError as error:
        raise UnreadableFile(error.message) from error
    results = data.get("results") if isinstance(data, dict) else None
    count = data.get("count") if isinstance(data, dict) else None
    if not isinstance(results, list) or not isinstance(count, int):
        raise UnreadableFile("L'API du marché n'a pas répondu par une page (count, results).")
    return results, count
