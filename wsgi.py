"""The application object for a server: `gunicorn wsgi:app`."""

from annuaire.app import create_warm_app

app = create_warm_app()
