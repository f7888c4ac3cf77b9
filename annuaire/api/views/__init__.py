"""The addresses that answer programs, and the pages that explain them."""

from annuaire.api.views import (
    changes,
    contracts,
    docs,
    feeds,
    knowledge,
    posting,
    status,
    structures,
)
from annuaire.api.views.base import api

__all__ = ["BLUEPRINTS", "changes", "contracts", "docs", "knowledge", "posting", "structures"]

BLUEPRINTS = (api, feeds.feeds, status.status)
