"""The secret of a key: « ann_ », eight characters that are shown, forty that are not."""

import hashlib
import hmac
import re
import secrets
import string
from dataclasses import dataclass
from typing import Final

LIVE: Final = "ann"
TEST: Final = "anntest"
SHOWN: Final = 8
HIDDEN: Final = 40  # of 62 letters and figures: 238 bits
_ALPHABET: Final = string.ascii_letters + string.digits
_TOKEN: Final = re.compile(rf"(?:{LIVE}|{TEST})_([A-Za-z0-9]{{{SHOWN}}})_[A-Za-z0-9]{{{HIDDEN}}}")


@dataclass(frozen=True, slots=True)
class Token:
    """A key as its holder has it (`text`), and what is kept of it."""

    text: str
    prefix: str
    hash: str


def make_token(*, test: bool) -> Token:
    """A new key, drawn."""
    shown, hidden = _drawn(SHOWN), _drawn(HIDDEN)
    text = f"{TEST if test else LIVE}_{shown}_{hidden}"
    return Token(text, shown, hash_of(text))


def prefix_of(text: str) -> str | None:
    """The part of a key that is shown; None for what is no key."""
    found = _TOKEN.fullmatch(text)
    return found[1] if found else None


def hash_of(text: str) -> str:
    """What is kept of a key. It was drawn, so a plain digest cannot be guessed back."""
    return hashlib.sha256(text.encode()).hexdigest()


def same(text: str, kept: str) -> bool:
    """Whether a key is the one of which this is kept, in a time that tells nothing."""
    return hmac.compare_digest(hash_of(text), kept)


def _drawn(length: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))
