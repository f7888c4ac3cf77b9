"""The application around a command: made when the command runs, its database checked."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from annuaire.core import create_core
from annuaire.db import db
from annuaire.errors import AnnuaireError
from annuaire.extensions import places
from annuaire.lookup import AddressLookup
from annuaire.migrate import is_current


class NotInitialised(AnnuaireError):  # noqa: N818
    """The database is missing or of an older form."""


@contextmanager
def application(*, checked: bool = True) -> Iterator[Flask]:
    """The application, in its context. Raises NotInitialised unless `checked` is off."""
    app = create_core()
    with app.app_context():
        try:
            if checked and not is_current(db.engine):
                raise NotInitialised(
                    "La base n'est pas prête pour cette version : lancez « annuaire init »."
                )
            yield app
        finally:
            if isinstance(finder := places(), AddressLookup):
                finder.close()  # an answer that comes late is kept before the database is let go
            db.session.close()
            db.engine.dispose()
