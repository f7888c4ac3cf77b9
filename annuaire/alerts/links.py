"""The addresses that letters of alerts hold: signed, so that they need no account. Opening one
changes nothing; its page has a button that does."""

from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote

from annuaire.errors import NotFoundError
from annuaire.mail.links import LinkError, read, sign

DAY: Final = 86_400  # seconds
CONFIRM, MINE, LEAVE, REFUSE = "alert-confirm", "alert-mine", "alert-leave", "alert-refuse"
PATHS: Final = {CONFIRM: "confirmer", MINE: "mes", LEAVE: "quitter", REFUSE: "non"}
#: How long each may be followed. One may leave as long as anybody keeps mails.
MAX_AGE: Final = {CONFIRM: 3 * DAY, MINE: 180 * DAY, LEAVE: 3_650 * DAY, REFUSE: 180 * DAY}


@dataclass(frozen=True, slots=True)
class Site:
    """The site as letters name it, and what signs its links."""

    url: str
    secret: str = field(repr=False)

    def link(self, purpose: str, value: int | str) -> str:
        """The address of a page for the holder of a letter: `value` is a subscription, or an
        address for « mes alertes »."""
        return f"{self.url}/alertes/{PATHS[purpose]}/{sign(self.secret, purpose, value)}"

    def refusal(self, link: str, reference: str) -> str:
        """« Pas pour nous »: `link` is that of the subscription."""
        return f"{link}/{quote(reference, safe='')}"

    def value(self, purpose: str, token: str) -> Any:
        """What a token was signed for. Raises NotFoundError for one that is forged or too old."""
        try:
            return read(self.secret, purpose, token, MAX_AGE[purpose])
        except LinkError as error:
            raise NotFoundError(error.message) from error
