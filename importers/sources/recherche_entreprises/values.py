"""Values out of an answer that may be anything: texts, lists of texts, objects."""

from typing import Any

from importers.sources.sirene.columns import HIDDEN

Json = dict[str, Any]


def text(value: Any) -> str:
    """A text, trimmed; empty for anything else, and for what the service hides."""
    found = value.strip() if isinstance(value, str) else ""
    return "" if found in HIDDEN else found


def listed(holder: Json, name: str) -> list[str]:
    """The texts of a list, those that are not empty."""
    value = holder.get(name)
    return [found for one in value if (found := text(one))] if isinstance(value, list) else []


def objects(holder: Json, name: str) -> list[Json]:
    """The objects of a list."""
    value = holder.get(name)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
