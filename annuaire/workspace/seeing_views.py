"""What the pages of structures and suggestions say when they are read."""

from collections.abc import Iterable
from datetime import UTC, datetime

from flask import request

from annuaire.extensions import settings
from annuaire.workspace import seeing


def note_page(key: str) -> None:
    """A structure's own page was read."""
    _note("p", [key])


def note_suggestions(keys: Iterable[str], lot: seeing.Lot | None = None) -> None:
    """These structures stood among those proposed for a need, or for a published lot (the
    reference of its contract, its number)."""
    _note("s", keys, lot)


def _note(what: str, keys: Iterable[str], lot: seeing.Lot | None = None) -> None:
    if request.method == "GET" and not seeing.is_robot(request.user_agent.string):
        seeing.note(settings().data_dir, what, keys, datetime.now(UTC), lot)
