"""What programs send."""

from typing import Any, Final

from marshmallow import ValidationError, validate, validates, validates_schema

from annuaire.activities import cpv as nomenclature
from annuaire.api.schemas.french import Day, Number, Object, Sent, Several, Text, Whole
from annuaire.api.schemas.narrowing import FiltersSent
from annuaire.geo.free_address import find_place, unknown_place
from annuaire.matching.form import FIRST_DAY, LAST_DAY, MAX_AMOUNT, NATURES, RESERVED

MAX_NEED: Final = 50_000  # characters; a need of a hundred pages is for the site's own form
MAX_TEXTS: Final = 100
MAX_CHARACTERS: Final = 100_000  # of all the texts of a notice: a second of work at most
MAX_NUMBERS: Final = 500
MAX_SUGGESTIONS: Final = 50
#: The kinds of text that the rules of clauses tell apart.
KINDS: Final = ("title", "lot_title", "description", "execution", "criteria")


class NeedSent(Sent):
    """A need in its own words or code, or a lot of a published contract."""

    text = Text(
        validate=validate.Length(2, MAX_NEED, error="De {min} à {max} signes."),
        metadata={"description": "Ce qui est acheté.", "example": "nettoyage de bureaux"},
    )
    cpv = Text(
        validate=validate.Regexp(
            nomenclature.SENT, error="Un code CPV a 8 chiffres, puis parfois une clé."
        ),
        metadata={"description": "Code CPV, avec ou sans sa clé.", "example": "90910000-9"},
    )
    place = Text(
        validate=validate.Length(1, 100, error="De {min} à {max} signes."),
        metadata={"description": "Commune, code postal, adresse, département ou région."},
    )
    amount_eur = Number(
        validate=validate.Range(
            0,
            MAX_AMOUNT,
            min_inclusive=False,
            error="Un montant en euros, positif, de dix milliards au plus.",
        ),
        metadata={"description": "Montant estimé, en € HT."},
    )
    nature = Text(validate=validate.OneOf(list(NATURES), error="Choisissez parmi : {choices}."))
    on = Day(
        validate=validate.Range(FIRST_DAY, LAST_DAY, error="De 2000 à 2100."),
        metadata={"description": "Jour de la consultation : il fixe le droit. Sinon, ce jour."},
    )
    months = Number(validate=validate.Range(1, 240, error="De {min} à {max} mois."))
    reserved = Several(
        Text(validate=validate.OneOf(list(RESERVED), error="Choisissez parmi : {choices}.")),
        validate=validate.Length(max=len(RESERVED), error="Au plus {max} valeurs."),
        metadata={"description": "À qui le marché est réservé."},
    )
    buyer = Text(
        validate=validate.Length(1, 200, error="De {min} à {max} signes."),
        metadata={"description": "SIRET de l’acheteur, ou son nom avec « place »."},
    )
    contract = Text(
        validate=validate.Length(1, 100, error="De {min} à {max} signes."),
        metadata={"description": "Référence d’un marché de l’annuaire, au lieu de « text »."},
    )
    lot = Text(
        validate=validate.Length(1, 50, error="De {min} à {max} signes."),
        metadata={"description": "Numéro du lot de ce marché ; le premier, sinon."},
    )
    limit = Whole(
        load_default=10,
        validate=validate.Range(1, MAX_SUGGESTIONS, error="De {min} à {max}."),
        metadata={"description": "Nombre de propositions."},
    )
    filters = Object(
        FiltersSent,
        metadata={"description": "Ce que l’on garde des propositions, comme sur le site."},
    )

    @validates("place")
    def _known_place(self, value: str, data_key: str) -> None:
        if find_place(value) is None:
            raise ValidationError(unknown_place(value))

    @validates_schema
    def _one_way(self, data: dict[str, Any], **_kwargs: object) -> None:
        if "contract" in data:
            return
        if "lot" in data:
            raise ValidationError("Un lot demande la référence de son marché.", "contract")
        if not data.get("text", "").strip() and "cpv" not in data:
            raise ValidationError("Donnez « text », « cpv » ou « contract ».", "text")


class TextSent(Sent):
    """A text of a notice."""

    kind = Text(
        load_default="execution",
        validate=validate.OneOf(KINDS, error="Choisissez parmi : {choices}."),
        metadata={"description": "Où il est écrit : cela guide les règles."},
    )
    text = Text(required=True, validate=validate.Length(1, MAX_CHARACTERS, error="Trop long."))
    lot = Text(validate=validate.Length(1, 20, error="De {min} à {max} signes."))


class CodeSent(Sent):
    """A coded value of a notice, under the source's own name."""

    field = Text(
        required=True,
        validate=validate.Length(1, 60, error="De {min} à {max} signes."),
        metadata={"description": "Nom du champ : BT-71, BT-775, MARCHE_RESERVE…"},
    )
    value = Text(required=True, validate=validate.Length(1, 200, error="De {min} à {max} signes."))
    lot = Text(validate=validate.Length(1, 20, error="De {min} à {max} signes."))


class ClausesSent(Sent):
    """The texts and codes of one notice."""

    texts = Several(
        Object(TextSent),
        load_default=list,
        validate=validate.Length(max=MAX_TEXTS, error="Au plus {max} textes."),
    )
    codes = Several(
        Object(CodeSent),
        load_default=list,
        validate=validate.Length(max=MAX_TEXTS, error="Au plus {max} codes."),
    )

    @validates_schema
    def _some_and_not_too_long(self, data: dict[str, Any], **_kwargs: object) -> None:
        if not data["texts"] and not data["codes"]:
            raise ValidationError("Donnez au moins un texte ou un code.", "texts")
        if sum(len(text["text"]) for text in data["texts"]) > MAX_CHARACTERS:
            message = f"Les textes ont plus de {MAX_CHARACTERS} signes en tout."
            raise ValidationError(message, "texts")


class NumbersSent(Sent):
    """The numbers of suppliers, as they are written."""

    numbers = Several(
        Text(validate=validate.Length(1, 60, error="De {min} à {max} signes.")),
        required=True,
        validate=validate.Length(1, MAX_NUMBERS, error="De {min} à {max} numéros."),
        metadata={"description": "SIRET ou SIREN ; espaces et points sont acceptés."},
    )
