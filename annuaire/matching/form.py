"""The form of a need: what, where, how much, and what one may add; checked with marshmallow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, pre_load, validate, validates

from annuaire.geo.free_address import find_place, unknown_place
from search.filters import InputError

MAX_AMOUNT = 10_000_000_000
NO_AMOUNT = "Le montant doit être un nombre d'euros positif, de dix milliards au plus."
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 1, 1)
NO_DAY = "Date impossible : entre 2000 et 2100."
MAX_PASTED = 500_000
RESERVED = {
    "insertion": "reserved_siae",
    "handicap": "reserved_handicap",
    "ess": "reserved_ess",
}
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
        validate=validate.Length(max=100, error="Lieu trop long : un nom de commune suffit."),
    )
    montant = Amount(
        allow_nan=False,
        validate=validate.Range(
            0,
            MAX_AMOUNT,
            min_inclusive=False,
            error=f"{NO_AMOUNT[:-1]}, ou rester vide.",
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
        validate=validate.Range(FIRST_DAY, LAST_DAY, error=NO_DAY),
    )

    cpv = fields.String(validate=validate.Length(max=20, error="Un code CPV a 8 chiffres."))
    duree = fields.Integer(
        validate=validate.Range(1, 240, error="La durée est un nombre de mois, de 1 à 240."),
        error_messages={
            "invalid": "Durée illisible : écrivez un nombre de mois.",
            "too_large": "La durée est un nombre de mois, de 1 à 240.",
        },
    )
    reserve = fields.String(
        validate=validate.OneOf(list(RESERVED), error="Réservation inconnue : choisissez-la.")
    )
    etat = fields.String(
        validate=validate.OneOf(["oui"], error="Acheteur inconnu : choisissez dans la liste.")
    )
    contrat = fields.String(
        validate=validate.OneOf(
            ["concession"], error="Type de contrat inconnu : choisissez dans la liste."
        )
    )
    acheteur = fields.String(
        validate=validate.Length(max=200, error="Nom d'acheteur trop long, ou donnez son SIRET.")
    )

    @pre_load
    def _drop_empty(self, data: Mapping[str, str], **_kwargs: object) -> dict[str, str]:
        return {key: value.strip() for key, value in data.items() if value.strip()}

    @validates("lieu")
    def _known_place(self, value: str, data_key: str) -> None:
        if find_place(value) is None:
            raise ValidationError(unknown_place(value))


class PastedForm(NeedForm):
    """The same for a text that was pasted, of a hundred pages at most."""

    quoi = fields.String(
        required=True,
        validate=validate.Length(
            2, MAX_PASTED, error="Collez un texte de 2 à 500 000 signes (une centaine de pages)."
        ),
        error_messages={"required": "Collez le texte du besoin."},
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """A form that holds: amount in € HT, day of the consultation, months, clause types; `state`
    says whether the State buys, `concession` that a concession is let."""

    what: str
    place: str | None
    amount_eur: float | None
    nature: str | None
    on: date
    cpv: str | None = None
    months: float | None = None
    reserved: tuple[str, ...] = ()
    buyer: str | None = None
    state: bool = False
    concession: bool = False


def read_form(
    values: Mapping[str, str], today: date, *, pasted: bool = False
) -> tuple[Asked | None, Sequence[InputError]]:
    """The need that a form states, or the errors, field by field."""
    try:
        data = (PastedForm if pasted else NeedForm)().load(values)
    except ValidationError as error:
        messages: Any = error.messages
        return None, [
            InputError(name, message) for name, found in messages.items() for message in found
        ]
    months, reserved = data.get("duree"), data.get("reserve")
    return Asked(
        what=data["quoi"],
        place=data.get("lieu"),
        amount_eur=data.get("montant"),
        nature=data.get("nature"),
        on=data.get("date", today),
        cpv=data.get("cpv"),
        months=None if months is None else float(months),
        reserved=(RESERVED[reserved],) if reserved else (),
        buyer=data.get("acheteur"),
        state="etat" in data,
        concession="contrat" in data,
    ), ()
