"""What the pages of claims share."""

from datetime import UTC, datetime

from sqlalchemy.orm import Session
from werkzeug.exceptions import Unauthorized

from annuaire.accounts.current import current
from annuaire.accounts.models import User
from annuaire.claims.letters import Site
from annuaire.errors import InvalidInputError
from annuaire.extensions import settings
from search.filters import InputError

TOO_MANY = (
    "Trop de demandes sont parties de cette connexion : attendez une heure. Rien n’est perdu."
)


def site() -> Site:
    """The site's address and secret, for letters."""
    return Site(settings().public_url, settings().secret_key)


def now() -> datetime:
    return datetime.now(UTC)


def my_id() -> int:
    """The number of who is signed in; the table of rights let nobody else pass."""
    found = current()
    if found is None:
        raise Unauthorized
    return found.user_id


def me(session: Session) -> User:
    """Who is signed in, in this session."""
    return session.get_one(User, my_id())


def as_errors(error: InvalidInputError) -> list[InputError]:
    """An error as a form shows it."""
    return [InputError(error.field or "", error.message)]
