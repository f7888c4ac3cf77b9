"""The form of a request; checked with marshmallow."""

import ipaddress
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from marshmallow import EXCLUDE, Schema, ValidationError, fields, pre_load, validate, validates

from annuaire.errors import InvalidInputError
from annuaire.mail.letters import usable_address
from annuaire.sourcing import rules
from annuaire.sourcing.typed import lines, one_line
from annuaire.wording import date_fr
from search.filters import InputError

#: Values of `sorte` in addresses and forms.
SORTS: Final = {"devis": rules.QUOTE, "sourcing": rules.QUESTION}
MAX_TEXT: Final = 3_000
MOST_DOCUMENTS: Final = 5
MAX_LINK: Final = 500
#: A field that no person sees: what fills it is a machine.
HONEYPOT: Final = "site"
_LINK: Final = re.compile(r"https?://\S+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Document:
    """A document of the purchase, where the buyer keeps it."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Written:
    """A form that holds."""

    kind: str
    subject: str
    text: str
    deadline: date
    documents: tuple[Document, ...]
    sender_name: str
    sender_organisation: str
    sender_email: str


def _short(most: int, missing: str, *, least: int = 2) -> fields.String:
    return fields.String(
        required=True,
        validate=validate.Length(least, most, error=f"{missing} ({least} à {most} signes)."),
        error_messages={"required": f"{missing}."},
    )


class RequestForm(Schema):
    """What a buyer writes; every message says what to do."""

    class Meta:
        unknown = EXCLUDE

    sorte = fields.String(
        required=True,
        validate=validate.OneOf(list(SORTS), error="Choisissez devis ou question de sourcing."),
        error_messages={"required": "Choisissez devis ou question de sourcing."},
    )
    objet = _short(150, "Dites en une ligne ce que vous demandez")
    texte = fields.String(
        required=True,
        validate=validate.Length(
            20, MAX_TEXT, error="Écrivez votre demande, en 20 à 3 000 signes."
        ),
        error_messages={"required": "Écrivez votre demande."},
    )
    echeance = fields.Date(
        required=True,
        error_messages={
            "required": "Donnez le dernier jour pour répondre.",
            "invalid": "Date illisible : écrivez-la année-mois-jour, par exemple 2026-05-31.",
        },
    )
    documents = fields.String(load_default="")
    nom = _short(100, "Donnez votre nom")
    organisation = _short(150, "Donnez le nom de votre organisation")
    courriel = fields.String(
        required=True,
        error_messages={"required": "Donnez votre adresse électronique professionnelle."},
    )

    @pre_load
    def _clean(self, data: Mapping[str, str], **_kwargs: object) -> dict[str, str]:
        several = ("texte", "documents")
        cleaned = {
            key: lines(value) if key in several else one_line(value) for key, value in data.items()
        }
        return {key: value for key, value in cleaned.items() if value}

    @validates("courriel")
    def _is_address(self, value: str, data_key: str) -> None:
        try:
            usable_address(value)
        except InvalidInputError as error:
            raise ValidationError(error.message) from error


def read_request(
    values: Mapping[str, str], today: date
) -> tuple[Written | None, Sequence[InputError]]:
    """The request that a form states, or the errors, field by field."""
    errors: list[InputError] = []
    data: dict[str, Any] = {}
    try:
        data = RequestForm().load(values)
    except ValidationError as error:
        messages: Any = error.messages
        errors = [InputError(name, text) for name, found in messages.items() for text in found]
        valid: Any = error.valid_data
        data = valid or {}
    documents: tuple[Document, ...] = ()
    try:
        documents = read_documents(data.get("documents", ""))
    except InvalidInputError as error:
        errors.append(InputError("documents", error.message))
    if wrong := wrong_deadline(data.get("echeance"), today):
        errors.append(InputError("echeance", wrong))
    if errors:
        return None, errors
    return Written(
        kind=SORTS[data["sorte"]],
        subject=data["objet"],
        text=data["texte"],
        deadline=data["echeance"],
        documents=documents,
        sender_name=data["nom"],
        sender_organisation=data["organisation"],
        sender_email=usable_address(data["courriel"]),
    ), ()


def wrong_deadline(deadline: date | None, today: date) -> str | None:
    """Why a last day cannot be, or None."""
    if deadline is None:
        return None
    first = today + timedelta(days=rules.LEAST_DAYS)
    last = today + timedelta(days=rules.MOST_DAYS)
    if first <= deadline <= last:
        return None
    return (
        f"Le dernier jour pour répondre va du {date_fr(first)} au {date_fr(last)} : laissez deux "
        "jours au moins."
    )


def read_documents(text: str) -> tuple[Document, ...]:
    """The documents of a box: a line each, a title if one wants, then an http(s) address.

    Raises InvalidInputError for a line without one, and for an address that may lead into a
    network or hides where it leads (a number for a host, a password).
    """
    given = [line.strip() for line in text.splitlines() if line.strip()]
    if len(given) > MOST_DOCUMENTS:
        raise InvalidInputError(f"Donnez {MOST_DOCUMENTS} liens au plus, un par ligne.")
    return tuple(_document(line) for line in given)


def _document(line: str) -> Document:
    found = _LINK.search(line)
    if found is None:
        raise InvalidInputError(
            f"« {line[:60]} » n'a pas d'adresse : écrivez un lien http:// ou https:// par ligne."
        )
    url = found[0].rstrip(".,;)")
    if not _is_public(url):
        raise InvalidInputError(
            f"« {url[:60]} » ne peut pas être envoyé : donnez l'adresse publique d'une page ou "
            "d'un fichier."
        )
    title = " ".join((line[: found.start()] + line[found.end() :]).split()).strip(" :–-")
    return Document(title[:100], url)


def _is_public(url: str) -> bool:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return False
    with suppress(ValueError):
        ipaddress.ip_address(host)
        return False
    named = "." in host and not host.endswith((".local", ".internal", ".localhost", ".lan"))
    return named and "@" not in parts.netloc and len(url) <= MAX_LINK and host.isascii()
