"""Secrets that we hand out, and what we keep of them: their hash. Who reads the database can use
none of them."""

import hashlib
import secrets


def new_token() -> str:
    """A secret of 256 bits, fit for an address or a cookie."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """What is kept of a token. It is too long to be guessed, so a quick hash is enough."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
