"""Signatures of webhooks, by the Standard Webhooks specification (standardwebhooks.com).

What is signed is « <webhook-id>.<webhook-timestamp>.<body> », by HMAC-SHA256. The secret of a
webhook is made of the site's own and of a salt: nothing in the database signs anything.
"""

import base64
import hashlib
import hmac
import secrets
from typing import Final

PREFIX: Final = "whsec_"


def new_salt() -> str:
    """What makes the secret of a new webhook."""
    return secrets.token_hex(16)


def secret_of(site_secret: str, salt: str) -> str:
    """The secret of a webhook, as its holder has it."""
    made = hmac.new(site_secret.encode(), f"annuaire webhook {salt}".encode(), hashlib.sha256)
    return PREFIX + base64.b64encode(made.digest()).decode()


def signed_headers(secret: str, message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The headers that go with a body at a moment (seconds since 1970)."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    told = b".".join((message_id.encode(), str(timestamp).encode(), body))
    signature = base64.b64encode(hmac.new(key, told, hashlib.sha256).digest()).decode()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{signature}",
    }
