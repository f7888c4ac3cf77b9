"""The three-field form of a need: what, where, how much; checked with marshmallow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, pre_load, validate, validates

from annuaire.geo.free_address import find_place, unknown_place
from search.filters import InputError

MAX_AMOUNT = 10_000_000_000
NATURES = {"services": "services", "fournitures": "fournitures", "travaux": "travaux"}


class Amount(fields.Float):
    """« 12 000,50 € » as 12000.5."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> float:
        plain = "".join(c for c in str(value) if not c.isspace() and c not in "€  ")
        plain = plain.removesuffix("HT").removesuffix("ht").replace(",", ".")
        found = super()._deserialize(plain, attr, data, **kwargs)
        if found is None:
            raise self.make_error("invalid", input=value)
        return found


class NeedForm(Schema):
    """What a buyer types; every message says what to do."""

    class Meta:
        unknown = EXCLUDE

    quoi = fields.String(
        required=True,
        validate=validate.Length(
            2, 2000, error="Décrivez le besoin en quelques mots (de 2 à 2 000 signes)."
        ),
        error_messages={"required": "Dites ce que vous voulez acheter."},
    )
    lieu = fields.String(
        required=True,
        validate=validate.Length(max=100, error="Lieu trop long : un nom de commune suffit."),
        error_messages={"required": "Dites où : une commune, un code postal, un département."},
    )
    montant = Amount(
        allow_nan=False,
        validate=validate.Range(
            0,
            MAX_AMOUNT,
            min_inclusive=False,
            error="Le montant doit être un nombre d'euros positif, ou rester vide.",
        ),
        error_messages={
            "invalid": "Montant illisible : écrivez un nombre, par exemple 25 000.",
            "special": "Montant illisible : écrivez un nombre, par exemple 25 000.",
            "too_large": "Montant illisible : écrivez un nombre, par exemple 25 000.",
        },
    )
    nature = fields.String(
        validate=validate.OneOf(list(NATURES), error="Nature inconnue : choisissez dans la liste.")
    )
    date = fields.Date(
        error_messages={
            "invalid": "Date illisible : écrivez-la année-mois-jour, par exemple 2026-05-31."
        },
        validate=validate.Range(
            date(2000, 1, 1), date(2100, 1, 1), error="Date impossible : entre 2000 et 2100."
        ),
    )

    @pre_load
    def _drop_empty(self, data: Mapping[str, str], **_kwargs: object) -> dict[str, str]:
        return {key: value.strip() for key, value in data.items() if value.strip()}

    @validates("lieu")
    def _known_place(self, value: str, data_key: str) -> None:
        if find_place(value) is None:
            raise ValidationError(unknown_place(value))


@dataclass(frozen=True, slots=True)
class Asked:
    """A form that holds: amount in € HT, day of the consultation."""

    what: str
    place: str
    amount_eur: float | None
    nature: str | None
    on: date


def read_form(values: Mapping[str, str], today: date) -> tuple[Asked | None, Sequence[InputError]]:
    """The need that a form states, or the errors, field by field."""
    try:
        data = NeedForm().load(values)
    except ValidationError as error:
        messages: Any = error.messages
        return None, [
            InputError(name, message) for name, found in messages.items() for message in found
        ]
    return Asked(
        data["quoi"], data["lieu"], data.get("montant"), data.get("nature"), data.get("date", today)
    ), ()
