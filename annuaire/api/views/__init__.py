"""The addresses that answer programs, and the pages that explain them."""

from annuaire.api.views import contracts, docs, feeds, knowledge, posting, status, structures
from annuaire.api.views.base import api

__all__ = ["BLUEPRINTS", "contracts", "docs", "knowledge", "posting", "structures"]

BLUEPRINTS = (api, feeds.feeds, status.status)
