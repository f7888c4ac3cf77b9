"""The code of a posted letter: short enough to be typed, kept only as a keyed hash."""

import hmac
import secrets
from typing import Final

ALPHABET: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # without what looks alike: I L O 0 1
LENGTH: Final = 8
MAX_TRIES: Final = 5


def new_code() -> str:
    """« ABCD-EFGH »: one of 31^8."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return f"{drawn[:4]}-{drawn[4:]}"


def code_hash(secret: str, claim_id: int, code: str) -> str:
    """What is kept of a claim's code: worth nothing without the site's secret, nor for another
    claim. Blanks, dashes and case do not count."""
    plain = "".join(c for c in code.upper() if c.isalnum())
    return hmac.new(secret.encode(), f"claim:{claim_id}:{plain}".encode(), "sha256").hexdigest()


def same(first: str, second: str) -> bool:
    """Whether two hashes are one, in the same time whatever they are."""
    return hmac.compare_digest(first, second)
