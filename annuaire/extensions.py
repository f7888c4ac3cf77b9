"""Flask's helpers: the database's session, the search engine, the settings of this application."""

from typing import cast

from flask import current_app
from flask_compress import Compress
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf import CSRFProtect
from sqlalchemy.orm import Session

from annuaire.config import Settings
from annuaire.db import db
from annuaire.geo.free_address import Finder
from search.engine import Engine

#: Every form that changes something carries a token of the visitor's own session.
csrf = CSRFProtect()
#: How often one address may do what costs a person's time; each serving process counts for itself.
limiter = Limiter(key_func=get_remote_address, storage_uri="memory://")
#: Compresses what the API and the feeds answer, and nothing else: a page holds a visitor's token,
#: whose compressed length would tell of it.
compress = Compress()


def address_of_caller() -> str:
    """The network address that asks, by which `limiter` counts."""
    return get_remote_address()


def settings() -> Settings:
    """The settings of the running application."""
    return cast(Settings, current_app.extensions["annuaire.settings"])


def engine() -> Engine:
    """The search engine of the running application."""
    return cast(Engine, current_app.extensions["annuaire.engine"])


def places() -> Finder:
    """What gives the place that a person typed: by the gazetteer, and for an address by the
    address base when the settings allow it."""
    return cast(Finder, current_app.extensions["annuaire.places"])


def session() -> Session:
    """This request's or command's session."""
    return db.session
