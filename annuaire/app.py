"""The factory of the site: the application with its pages."""

import gc

from flask import Flask, request
from werkzeug.middleware.proxy_fix import ProxyFix

from annuaire import memory
from annuaire.accounts.guarding import init_guard
from annuaire.accounts.views.base import init_errors
from annuaire.accounts.views.provider import init_provider
from annuaire.activities.taxonomy import taxonomy
from annuaire.config import Settings, load_settings
from annuaire.core import create_core
from annuaire.db import db, hold_little, reading
from annuaire.extensions import compress, limiter, session
from annuaire.geo.places import suggest_places
from annuaire.views import register_pages
from annuaire.web import init_web

MAX_FORM_BYTES = 2_000_000  # of typed or pasted text
MAX_SENT_BYTES = 6_000_000  # of a whole request: a list sent as a file


def create_app(settings: Settings | None = None) -> Flask:
    """Make the application. Raises SettingError when a setting cannot be used."""
    settings = settings or load_settings()
    app = create_core(settings)
    app.config.update(
        MAX_CONTENT_LENGTH=MAX_SENT_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_FORM_BYTES,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.production,
        SESSION_REFRESH_EACH_REQUEST=False,  # a page that changes nothing sets no cookie
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: a page may stay open for a day
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # on Flask's default provider
    limiter.init_app(app)
    _compress(app)
    _trust_proxies(app, settings.trusted_proxies)
    init_web(app, settings.tiles_url, production=settings.production)
    app.jinja_env.globals["public_url"] = settings.public_url
    app.jinja_env.globals["geocode_pages"] = settings.geocode_pages
    register_pages(app)

    @app.before_request
    def read_only() -> None:
        asked = request.method in {"GET", "HEAD", "OPTIONS"}
        if asked and request.endpoint not in {"static", "status.watched"}:
            reading(session())

    init_guard(app)
    init_errors(app)
    init_provider(app, settings)
    return app


def _compress(app: Flask) -> None:
    """What may be compressed, by the blueprints that ask for it."""
    app.config.update(
        COMPRESS_REGISTER=False,
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_MIMETYPES=[
            "application/json",
            "application/geo+json",
            "application/feed+json",
            "application/atom+xml",
            "text/csv",
        ],
    )
    compress.init_app(app)


def _trust_proxies(app: Flask, count: int) -> None:
    """Take the visitor's address from as many proxies as stand before us, and from no other."""
    if count:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count)  # type: ignore[method-assign]  # Flask's own way to wrap


def create_warm_app() -> Flask:
    """The application with its gazetteer and taxonomy already read: for processes that serve, by
    `annuaire serve` or by `gunicorn wsgi:app`."""
    memory.hold_little()
    app = create_app()
    with app.app_context():
        hold_little(db.engine)
    suggest_places("Paris")
    taxonomy()
    gc.collect()
    gc.freeze()  # what serves as long as the process is not gone through at each collection
    return app
