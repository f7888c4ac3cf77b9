"""What a request asks, as plain values for the services."""

from datetime import date, datetime

from flask import request

from annuaire.wording import PARIS


def today() -> date:
    """The day in Paris: deadlines and thresholds are those of French law."""
    return datetime.now(PARIS).date()


def arguments() -> list[tuple[str, str]]:
    """The query string in its order, empty values left out."""
    return [(key, value) for key, value in request.args.items(multi=True) if value.strip()]


def values() -> dict[str, list[str]]:
    """The query string by key."""
    found: dict[str, list[str]] = {}
    for key, value in arguments():
        found.setdefault(key, []).append(value)
    return found
