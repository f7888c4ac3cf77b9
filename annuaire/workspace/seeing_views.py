"""What the pages of structures and suggestions say when they are read."""

from collections.abc import Iterable
from datetime import UTC, datetime

from flask import request

from annuaire.extensions import settings
from annuaire.workspace import seeing


def note_page(key: str) -> None:
    """A structure's own page was read."""
    _note("p", [key])


def note_suggestions(keys: Iterable[str]) -> None:
    """These structures stood among those proposed for a need or a lot."""
    _note("s", keys)


def _note(what: str, keys: Iterable[str]) -> None:
    if request.method == "GET" and not seeing.is_robot(request.user_agent.string):
        seeing.note(settings().data_dir, what, keys, datetime.now(UTC))
