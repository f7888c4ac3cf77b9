"""Whose notes are whose: an address that was confirmed, or the organisation of who is signed in."""

from typing import Final

from annuaire.mail.letters import address_key

_ADDRESS: Final = "courriel:"
_ORGANISATION: Final = "siren:"


def owner_of_address(email: str) -> str:
    """The owner that a confirmed address is."""
    return _ADDRESS + address_key(email)


def owner_of_organisation(number: str) -> str:
    """The owner that a buyer's organisation is, by its SIREN or the SIRET of an establishment."""
    return _ORGANISATION + number[:9]


def address_in(owner: str) -> str | None:
    """The address that an owner is; None for an organisation."""
    return owner.removeprefix(_ADDRESS) if owner.startswith(_ADDRESS) else None
