"""What people type about themselves, made plain or refused with a word to each field. Pure."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from stdnum.fr import siret as siret_rules

from annuaire.errors import InvalidInputError
from annuaire.mail.letters import address_key, usable_address

LONGEST_NAME: Final = 100
LONGEST_EMAIL: Final = 254  # RFC 5321, 4.5.3.1.3
_LINK: Final = re.compile(r"[/@:\\]|\bwww\b|\w\.\w{2}", re.IGNORECASE)
_UNSEEN: Final = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with a field of a form."""

    field: str | None
    message: str


def read(
    given: Mapping[str, str], **readers: Callable[[str], Any]
) -> tuple[dict[str, Any], list[FieldError]]:
    """Each field of a form by its reader: the values of those that could be read, and an error for
    each of the others."""
    values: dict[str, Any] = {}
    errors: list[FieldError] = []
    for field, reader in readers.items():
        try:
            values[field] = reader(given.get(field, ""))
        except InvalidInputError as error:
            errors.append(FieldError(field, error.message))
    return values, errors


def email(text: str) -> str:
    """An address, as accounts compare them. Raises InvalidInputError."""
    written = text.strip()
    if not written:
        raise InvalidInputError("Écrivez votre adresse électronique.")
    if len(written) > LONGEST_EMAIL:
        raise InvalidInputError(f"Une adresse compte au plus {LONGEST_EMAIL} caractères.")
    try:
        return address_key(usable_address(written))
    except InvalidInputError as error:
        raise InvalidInputError(
            "Cette adresse électronique n’est pas complète ou contient une faute. "
            "Exemple : prenom.nom@commune.fr"
        ) from error


def name(text: str) -> str:
    """A person's name, or a body's. Raises InvalidInputError for what is empty, too long, or holds
    characters that nobody sees: they make a name look like another."""
    plain = " ".join(unicodedata.normalize("NFC", text).split())
    if not plain or not any(c.isalpha() for c in plain):
        raise InvalidInputError("Écrivez un nom, en lettres.")
    if len(plain) > LONGEST_NAME:
        raise InvalidInputError(f"Un nom compte ici au plus {LONGEST_NAME} caractères.")
    if any(unicodedata.category(c) in _UNSEEN for c in plain):
        raise InvalidInputError(
            "Ce nom contient des caractères invisibles (sens d’écriture, espace sans largeur) : "
            "écrivez-le au clavier, sans le coller."
        )
    if holds_link(plain):
        raise InvalidInputError(
            "Un nom ne contient ni adresse de site, ni adresse électronique : écrivez-le sans "
            "« @ », « / » ni « : », et avec une espace après un point."
        )
    return plain


def holds_link(text: str) -> bool:
    """Whether a mail program may make a link of some of it: « gagnez sur mal.fr », but not « J.P.
    Durand », as no domain ends in one letter."""
    return _LINK.search(text) is not None


def siret(text: str) -> str:
    """A SIRET of 14 digits, its key checked. Raises InvalidInputError."""
    digits = "".join(c for c in text if not c.isspace() and c not in ".-")
    if len(digits) != 14 or not digits.isascii() or not digits.isdigit():
        raise InvalidInputError("Un SIRET compte 14 chiffres.")
    if not siret_rules.is_valid(digits):
        raise InvalidInputError("Ce SIRET contient une faute : sa clé n’est pas bonne.")
    return str(digits)
