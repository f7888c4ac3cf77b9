"""Flask's helpers: the database's session, the search engine, the settings of this application."""

from typing import cast

from flask import current_app, request
from flask_compress import Compress
from flask_limiter import Limiter
from flask_wtf import CSRFProtect
from sqlalchemy.orm import Session

from annuaire.config import Settings
from annuaire.db import db
from annuaire.geo.free_address import Finder
from annuaire.networks import network
from search.engine import Engine

#: Every form that changes something carries a token of the visitor's own session.
csrf = CSRFProtect()


def address_of_caller() -> str:
    """The network address that asks, by which `limiter` counts."""
    return network(request.remote_addr)


#: How often one address may do what costs a person's time; each serving process counts for itself.
limiter = Limiter(key_func=address_of_caller, storage_uri="memory://")
#: Compresses what the API and the feeds answer, and nothing else: a page holds a visitor's token,
#: whose compressed length would tell of it.
compress = Compress()


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
