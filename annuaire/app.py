"""The factory: settings, database, search engine, pages."""

from inspect import iscoroutinefunction

from flask import Flask, request
from sqlalchemy import Engine
from sqlalchemy.exc import NoSuchModuleError
from werkzeug.middleware.proxy_fix import ProxyFix

from annuaire.activities.taxonomy import taxonomy
from annuaire.config import ROOT, SettingError, Settings, load_settings
from annuaire.db import db, engine_options, reading
from annuaire.extensions import limiter, session
from annuaire.geo.free_address import Finder, find_place
from annuaire.geo.geocoder import Geocoder
from annuaire.geo.places import suggest_places
from annuaire.lookup import PER_SECOND, WAIT, AddressLookup
from annuaire.views import register_pages
from annuaire.web import init_web
from search.choice import make_engine

MAX_FORM_BYTES = 2_000_000  # of typed or pasted text
MAX_SENT_BYTES = 6_000_000  # of a whole request: a list sent as a file


def create_app(settings: Settings | None = None) -> Flask:
    """Make the application. Raises SettingError when a setting cannot be used."""
    settings = settings or load_settings()
    app = Flask("annuaire", template_folder=str(ROOT / "templates"))
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_ENGINES={"default": engine_options(settings.database_url)},
        MAX_CONTENT_LENGTH=MAX_SENT_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_FORM_BYTES,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.production,
        SESSION_REFRESH_EACH_REQUEST=False,  # a page that changes nothing sets no cookie
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: a page may stay open for a day
        TESTING=settings.environment == "test",
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # on Flask's default provider
    app.extensions["annuaire.settings"] = settings
    app.extensions["annuaire.engine"] = make_engine(
        settings.index_dir, settings.meilisearch_url, settings.meilisearch_key
    )
    _open_database(app)
    limiter.init_app(app)
    _trust_proxies(app, settings.trusted_proxies)
    app.extensions["annuaire.places"] = _places(app, settings)
    init_web(app, settings.tiles_url)
    app.jinja_env.globals["public_url"] = settings.public_url
    app.jinja_env.globals["geocode_pages"] = settings.geocode_pages
    register_pages(app)

    @app.before_request
    def read_only() -> None:
        if request.method in {"GET", "HEAD", "OPTIONS"} and request.endpoint != "static":
            reading(session())

    return app


def _trust_proxies(app: Flask, count: int) -> None:
    """Take the visitor's address from as many proxies as stand before us, and from no other."""
    if count:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count)  # type: ignore[method-assign]  # Flask's own way to wrap


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


def create_warm_app() -> Flask:
    """The application with its gazetteer and taxonomy already read: for processes that serve."""
    app = create_app()
    suggest_places("Paris")
    taxonomy()
    return app
