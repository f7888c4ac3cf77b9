"""The addresses that answer programs, and the pages that explain them."""

from annuaire.api.views import (
    changes,
    contracts,
    docs,
    feeds,
    key,
    knowledge,
    posting,
    pushing,
    status,
    structures,
)
from annuaire.api.views.base import api

__all__ = [
    "BLUEPRINTS", "changes", "contracts", "docs", "key", "knowledge", "posting", "pushing",
    "structures",
]  # fmt: skip

BLUEPRINTS = (api, feeds.feeds, status.status)
