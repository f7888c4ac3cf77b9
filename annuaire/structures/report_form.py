"""The form by which a visitor reports something of a structure; checked with marshmallow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from email_validator import EmailNotValidError, validate_email
from marshmallow import EXCLUDE, Schema, ValidationError, fields, pre_load, validate, validates

from search.filters import InputError

KINDS: Final = {
    "error": "une information est fausse ou périmée",
    "hide": "une information ne doit plus être montrée",
    "withdraw": "la structure demande son retrait de l'annuaire",
}
MAX_TEXT: Final = 2_000
MAX_EMAIL: Final = 254  # RFC 5321, 4.5.3.1.3
#: A field that no person sees: what fills it is a machine.
HONEYPOT: Final = "site"


class ReportForm(Schema):
    """What a visitor writes; every message says what to do."""

    class Meta:
        unknown = EXCLUDE

    motif = fields.String(
        required=True,
        validate=validate.OneOf(list(KINDS), error="Choisissez un motif dans la liste."),
        error_messages={"required": "Choisissez ce que vous signalez."},
    )
    texte = fields.String(
        required=True,
        validate=validate.Length(
            max=MAX_TEXT,
            error=f"Le texte dépasse {MAX_TEXT:,} signes : raccourcissez-le.".replace(
                ",", "\u202f"
            ),
        ),
        error_messages={"required": "Écrivez ce qui est faux, ou pourquoi vous le demandez."},
    )
    courriel = fields.String()

    @pre_load
    def _clean(self, data: Mapping[str, str], **_kwargs: object) -> dict[str, str]:
        cleaned = {key: visible(value) for key, value in data.items()}
        return {key: value for key, value in cleaned.items() if value}

    @validates("courriel")
    def _is_address(self, value: str, data_key: str) -> None:
        try:
            validate_email(value[: MAX_EMAIL + 1], check_deliverability=False)
        except EmailNotValidError as error:
            raise ValidationError(
                "Cette adresse électronique ne peut pas être utilisée : corrigez-la, ou laissez le "
                "champ vide."
            ) from error


@dataclass(frozen=True, slots=True)
class Reported:
    """A form that holds. `email` is None when none was given."""

    kind: str
    text: str
    email: str | None


def read_report(values: Mapping[str, str]) -> tuple[Reported | None, Sequence[InputError]]:
    """What is reported, or the errors, field by field."""
    try:
        data = ReportForm().load(values)
    except ValidationError as error:
        messages: Any = error.messages
        return None, [
            InputError(name, message) for name, found in messages.items() for message in found
        ]
    return Reported(data["motif"], data["texte"], data.get("courriel")), ()


def visible(text: str) -> str:
    """A text without what cannot be seen (controls, halves of characters), its lines kept."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in lines if c == "\n" or c.isprintable()).strip()
