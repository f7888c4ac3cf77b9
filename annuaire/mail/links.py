"""Links in letters that need no account: signed, for one purpose, for a time.

Opening one must change nothing: programs that look for harm in mails open them all. Its page has a
button that posts.
"""

from typing import Any, Final

from itsdangerous import BadData, SignatureExpired, URLSafeTimedSerializer

from annuaire.errors import AnnuaireError

SALT: Final = "mail-link-1"
MAX_TOKEN: Final = 2_000  # characters; longer is none of ours
FORGED: Final = (
    "Ce lien n’est pas entier, ou il n’est pas de ce site : ouvrez-le de nouveau depuis le "
    "courriel reçu, ou copiez-le en entier."
)
STALE: Final = "Ce lien a expiré : demandez-en un nouveau."


class LinkError(AnnuaireError):
    """A link that cannot be followed: cut, forged, of another purpose, or too old."""


def sign(secret: str, purpose: str, value: Any) -> str:
    """The token that holds `value` (JSON), readable by all, changed by nobody."""
    return str(URLSafeTimedSerializer(secret, salt=f"{SALT}:{purpose}").dumps(value))


def read(secret: str, purpose: str, token: str, max_age: int) -> Any:
    """The value that a token holds, signed at most `max_age` seconds ago. Raises LinkError."""
    if len(token) > MAX_TOKEN:
        raise LinkError(FORGED)
    serializer = URLSafeTimedSerializer(secret, salt=f"{SALT}:{purpose}")
    try:
        return serializer.loads(token, max_age=max_age)
    except SignatureExpired as error:
        raise LinkError(STALE) from error
    except BadData as error:
        raise LinkError(FORGED) from error
