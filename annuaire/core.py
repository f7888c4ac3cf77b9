"""The application without its pages: settings, database, search engine, places. It is what a
command needs; `annuaire.app` adds the site to it."""

from inspect import iscoroutinefunction

from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.exc import NoSuchModuleError

from annuaire.config import ROOT, SettingError, Settings, load_settings
from annuaire.db import db, engine_options
from annuaire.geo.free_address import Finder, find_place
from annuaire.geo.geocoder import Geocoder
from annuaire.lookup import PER_SECOND, WAIT, AddressLookup
from annuaire.models import load_all
from search.choice import make_engine


def create_core(settings: Settings | None = None) -> Flask:
    """Make the application. Raises SettingError when a setting cannot be used."""
    settings = settings or load_settings()
    if settings.smtp_url:
        # Loaded only here: what checks addresses is slow to import.
        from annuaire.mail.servers import server_of

        server_of(settings)
    app = Flask("annuaire", template_folder=str(ROOT / "templates"))
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_ENGINES={"default": engine_options(settings.database_url)},
        TESTING=settings.environment == "test",
    )
    app.extensions["annuaire.settings"] = settings
    app.extensions["annuaire.engine"] = make_engine(
        settings.index_dir, settings.meilisearch_url, settings.meilisearch_key
    )
    load_all()  # rows of one area speak of another's
    _open_database(app)
    app.extensions["annuaire.places"] = _places(app, settings)
    return app


def _places(app: Flask, settings: Settings) -> Finder:
    """What gives the place that a person typed, by the address base when the settings allow it."""
    if not settings.geocode_pages:
        return find_place
    geocoder = Geocoder(settings.geocoder_domain, timeout=WAIT, per_second=PER_SECOND)

    def engine() -> Engine:
        with app.app_context():
            return db.engine

    return AddressLookup(engine, geocoder)


def _open_database(app: Flask) -> None:
    """Make the database's engine. Raises SettingError when its driver or dialect is missing."""
    try:
        db.init_app(app)
    except ModuleNotFoundError as error:
        raise SettingError(
            f"ANNUAIRE_DATABASE_URL demande le module Python « {error.name} », qui n'est pas "
            "installé : ajoutez-le à l'environnement d'annuaire, ou retirez ce réglage pour "
            "garder la base SQLite."
        ) from error
    except NoSuchModuleError as error:
        raise SettingError(
            "ANNUAIRE_DATABASE_URL désigne une sorte de base inconnue : son adresse commence par "
            "sqlite:/// ou postgresql://."
        ) from error
    # We open no asynchronous session: closing them would start a thread and an event loop at the
    # end of each request.
    app.teardown_appcontext_funcs = [
        each for each in app.teardown_appcontext_funcs if not iscoroutinefunction(each)
    ]
