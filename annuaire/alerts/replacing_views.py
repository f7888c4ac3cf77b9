"""The alert whose search a visitor went to change, in their session (the cookie that this site
signs): the pages of results then lead back to it."""

import time
from dataclasses import dataclass
from typing import Final

from flask import session as cookie

NAME: Final = "alerte"
KEPT: Final = 3_600  # seconds


@dataclass(frozen=True, slots=True)
class Replaced:
    """An alert whose search is to be replaced; `token` is that of its address (`links.MINE`)."""

    token: str
    id: int


def go_and_search(sort: str, token: str, id_: int) -> None:
    """Note that the search of an alert is sought, of contracts (« marches ») or of structures."""
    cookie[NAME] = [sort, token, id_, int(time.time()) + KEPT]


def replaced(sort: str) -> Replaced | None:
    """The alert whose search this visitor seeks, when it is of that sort."""
    match cookie.get(NAME):
        case [str(kept), str(token), int(id_), int(until)] if kept == sort and time.time() < until:
            return Replaced(token, id_)
    return None


def found() -> None:
    """It is sought no more."""
    cookie.pop(NAME, None)
