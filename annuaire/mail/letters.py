"""A letter as a room hands it over, and what of it may stand in a mail."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from email_validator import EmailNotValidError, validate_email

from annuaire.errors import InvalidInputError

MAX_SUBJECT: Final = 200  # characters; programs show some 70 of them
MAX_ADDRESS: Final = 254  # RFC 5321, 4.5.3.1.3
MAX_KEY: Final = 200
MAX_LINK: Final = 950  # characters: a header that is not folded has 998 (RFC 5322, 2.1.1)
#: Letters that somebody awaits before a page: they leave before all others.
AWAITED: Final = frozenset({"sign_in", "confirm"})
_LINK: Final = re.compile(r"https?://[\x21-\x7e]+")


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail to one address.

    `once` is its own key: a letter with the same key is never queued twice. `purpose` (« sign_in »,
    « confirm », « alert », « sourcing », « claim »…) is shown and counted. `unsubscribe` is the
    address that leaves in one click (RFC 8058); None for letters that one cannot leave.
    """

    to: str
    subject: str
    text: str
    html: str
    once: str
    purpose: str
    reply_to: str | None = None
    unsubscribe: str | None = None
    not_before: datetime | None = None


def usable_address(value: str) -> str:
    """The address as it is written in a mail, its domain in lower case and composed.

    Raises InvalidInputError for what is none: several addresses, a name beside it, controls.
    """
    try:
        found = validate_email(value[: MAX_ADDRESS + 1], check_deliverability=False, strict=True)
    except EmailNotValidError as error:
        raise InvalidInputError(
            "Cette adresse électronique ne peut pas être utilisée : corrigez-la.", "email"
        ) from error
    return found.normalized


def on_the_wire(address: str) -> tuple[str, bool]:
    """A usable address as servers take it, its domain in ASCII where that is enough, and whether it
    needs SMTPUTF8."""
    found = validate_email(address, check_deliverability=False)
    return (found.ascii_email, False) if found.ascii_email else (found.normalized, True)


def address_key(value: str) -> str:
    """What makes two addresses the same for us: nobody tells them apart by their case."""
    return unicodedata.normalize("NFC", value).strip().lower()


def one_line(subject: str) -> str:
    """A subject on one line, without what is not seen (controls, marks that turn the direction of
    reading), no longer than MAX_SUBJECT."""
    seen = "".join(c if c.isprintable() else " " if c.isspace() else "" for c in subject)
    line = " ".join(seen.split())
    return line if len(line) <= MAX_SUBJECT else line[: MAX_SUBJECT - 1].rstrip() + "…"


def usable_link(value: str) -> str:
    """The address of a page as a header may hold it. Raises ValueError for anything else."""
    if len(value) > MAX_LINK or not _LINK.fullmatch(value) or set(value) & set('<>",'):
        raise ValueError(f"no address of a page: {value[:80]!r}")
    return value
