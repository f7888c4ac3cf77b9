"""The addresses that answer programs, and the pages that explain them."""

from annuaire.api.views import (
    changes,
    contracts,
    docs,
    feeds,
    key,
    knowledge,
    open_data,
    posting,
    pushing,
    status,
    structures,
    webhooks,
    widget,
)
from annuaire.api.views.base import api

__all__ = [
    "BLUEPRINTS", "changes", "contracts", "docs", "key", "knowledge", "posting", "pushing",
    "structures", "webhooks",
]  # fmt: skip

BLUEPRINTS = (api, feeds.feeds, status.status, open_data.open_data, widget.widget)
