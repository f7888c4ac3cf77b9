"""How a facilitator wishes to be named, as they type it; pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from annuaire.accounts.typed import FieldError, email, name, read
from annuaire.errors import InvalidInputError
from importers.files.contacts import read_phone

NO_AGREEMENT: Final = "Cochez la case : rien n’est montré sans votre accord."
_PLAIN: Final = re.compile(r"[a-z0-9._+-]+@[a-z0-9.-]+")  # fit for a link, as it stands
_FRENCH: Final = ("+33", "+262", "+508", "+590", "+594", "+596", "+687", "+689")
MOST: Final = 60  # characters of a number that are looked at


@dataclass(frozen=True, slots=True)
class Contact:
    """`phone` is E.164."""

    role: str
    email: str | None
    phone: str | None


def read_contact(given: Mapping[str, str]) -> tuple[Contact | None, list[FieldError]]:
    """What is to be shown; None with an error for each field that cannot be."""
    values, errors = read(given, fonction=_role, courriel=_email, telephone=_phone)
    if given.get("accord") != "oui":
        errors.append(FieldError("accord", NO_AGREEMENT))
    if errors:
        return None, errors
    return Contact(values["fonction"], values["courriel"], values["telephone"]), []


def _role(text: str) -> str:
    if not text.strip():
        raise InvalidInputError("Écrivez votre fonction, par exemple « chargée des clauses ».")
    return name(text)


def _email(text: str) -> str | None:
    if not text.strip():
        return None
    if not _PLAIN.fullmatch(written := email(text)):
        raise InvalidInputError("Cette adresse contient des signes qui ne se montrent pas ici.")
    return written


def _phone(text: str) -> str | None:
    if not text.strip():
        return None
    found = read_phone(text, "telephone", []) if len(text) <= MOST else None
    if found is None or not found.startswith(_FRENCH):
        raise InvalidInputError("Ce numéro de téléphone n’est pas français, ou il est incomplet.")
    return found
