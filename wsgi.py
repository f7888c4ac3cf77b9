"""The application object for a server: `gunicorn wsgi:app`."""

from annuaire.app import create_app

app = create_app()
