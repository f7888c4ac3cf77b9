"""A consultation that a platform pushes, and what is answered to it."""

from datetime import date
from typing import Any, Final

from marshmallow import Schema, ValidationError, fields, validate, validates, validates_schema
from stdnum.fr import siret

from annuaire.activities import cpv as nomenclature
from annuaire.api.schemas.asked import MAX_CHARACTERS, ClausesSent
from annuaire.api.schemas.contracts import FindingSchema
from annuaire.api.schemas.french import Day, Moment, Number, Object, Sent, Several, Text
from annuaire.api.schemas.matching import SuggestionSchema
from annuaire.geo.store import gazetteer
from annuaire.matching.form import MAX_AMOUNT

MAX_LOTS: Final = 500
#: How many lots are answered with suggestions; the others are asked by /match.
SUGGESTED_LOTS: Final = 5
SUGGESTED: Final = 5  # structures for each
TYPES: Final = ("travaux", "services", "fournitures")
NATURES: Final = {
    "call": "une consultation ouverte",
    "planned": "une consultation à venir",
    "cancellation": "une consultation abandonnée",
}
_ID: Final = "[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?"
_OFFICIAL: Final = r"(?:boamp|ted|decp)-[A-Za-z0-9._-]{1,60}"
_FOLDER: Final = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_DEPARTEMENT: Final = "(?:[0-9]{2}|2[AB]|9[78][0-9])"


def _sized(least: int, most: int) -> Any:
    return validate.Length(least, most, error="De {min} à {max} signes.")


def _shaped(pattern: str, told: str) -> Any:
    return validate.Regexp(f"^{pattern}$(?!\\n)", error=told)


def _departement(**more: Any) -> Text:
    shaped = _shaped(_DEPARTEMENT, "Un code de département, par exemple 59 ou 2A.")
    return Text(validate=shaped, metadata={"example": "59"}, **more)


def _cpv() -> Text:
    told = "Un code CPV a 8 chiffres, puis parfois une clé."
    return Text(validate=validate.Regexp(nomenclature.SENT, error=told))


class BuyerSent(Sent):
    """The buyer of a consultation."""

    name = Text(required=True, validate=_sized(2, 200))
    siret = Text(validate=_shaped("[0-9]{14}", "Un SIRET a 14 chiffres."))
    postcode = Text(validate=_shaped("[0-9]{5}", "Un code postal a 5 chiffres."))
    city = Text(validate=_sized(1, 100))

    @validates("siret")
    def _is_siret(self, value: str, data_key: str) -> None:
        if not siret.is_valid(value):
            raise ValidationError("Ce SIRET est faux : sa clé ne correspond pas.")


class LotSent(Sent):
    """A lot of a consultation."""

    number = Text(required=True, validate=_sized(1, 20))
    title = Text(required=True, validate=_sized(2, 500))
    description = Text(validate=_sized(0, 20_000))
    cpv = _cpv()
    departement = _departement()
    city = Text(validate=_sized(1, 100))
    amount_eur = Number(
        validate=validate.Range(0, MAX_AMOUNT, min_inclusive=False, error="Un montant positif."),
        metadata={"description": "Estimation, en € HT."},
    )
    deadline = Moment()


class ConsultationSent(ClausesSent):
    """A consultation, as its platform publishes it: its lots, texts and codes."""

    id = Text(
        required=True,
        validate=_shaped(_ID, "De 1 à 64 lettres sans accent, chiffres, points ou tirets."),
        metadata={"description": "Le numéro de la plateforme, qui ne change pas."},
    )
    title = Text(required=True, validate=_sized(3, 500))
    url = Text(
        required=True,
        validate=validate.URL(schemes={"https"}, error="Une adresse https est attendue."),
        metadata={"description": "La page de la consultation sur la plateforme.", "format": "uri"},
    )
    buyer = Object(BuyerSent, required=True)
    nature = Text(
        load_default="call",
        validate=validate.OneOf(list(NATURES), error="Choisissez parmi : {choices}."),
    )
    published_on = Day(
        validate=validate.Range(date(2000, 1, 1), date(2100, 1, 1), error="De 2000 à 2100."),
        metadata={"description": "Le jour du premier dépôt, sinon."},
    )
    deadline = Moment(metadata={"description": "Date limite de réponse, avec son fuseau."})
    procedure = Text(validate=_sized(1, 60))
    types = Several(
        Text(validate=validate.OneOf(TYPES, error="Choisissez parmi : {choices}.")),
        load_default=list,
        validate=validate.Length(max=len(TYPES), error="Au plus {max} valeurs."),
    )
    description = Text(validate=_sized(0, 20_000))
    cpv = _cpv()
    departements = Several(
        _departement(),
        load_default=list,
        validate=validate.Length(max=110, error="Au plus {max} valeurs."),
        metadata={"description": "Où il s’exécute ; celui de l’acheteur, sinon."},
    )
    notice = Text(
        validate=_shaped(_OFFICIAL, "Par exemple boamp-26-12345."),
        metadata={"description": "La référence de l’avis officiel, s’il y en a un."},
    )
    folder = Text(
        validate=_shaped(_FOLDER, "Un UUID est attendu (BT-04)."),
        metadata={"description": "L’identifiant européen de la procédure (BT-04)."},
    )
    reference = Text(
        validate=_sized(1, 60), metadata={"description": "La référence de l’acheteur."}
    )
    lots = Several(
        Object(LotSent),
        load_default=list,
        validate=validate.Length(max=MAX_LOTS, error="Au plus {max} lots."),
    )

    @validates("departements")
    def _known(self, values: list[str], data_key: str) -> None:
        unknown = [code for code in values if gazetteer().departement(code) is None]
        if unknown:
            raise ValidationError(f"Départements inconnus : {', '.join(unknown[:5])}.")

    @validates_schema
    def _some_and_not_too_long(self, data: dict[str, Any], **_kwargs: object) -> None:
        """Its title is a text: others are not needed."""
        said = (data.get("description", ""), *(text["text"] for text in data.get("texts", ())))
        described = (lot.get("description", "") for lot in data.get("lots", ()))
        if sum(map(len, (*said, *described))) > MAX_CHARACTERS:
            message = f"Les textes ont plus de {MAX_CHARACTERS} signes en tout."
            raise ValidationError(message, "texts")
        numbers = [lot["number"] for lot in data.get("lots", ())]
        if len(numbers) != len(set(numbers)):
            raise ValidationError("Deux lots ont le même numéro.", "lots")


class LotAnswerSchema(Schema):
    """The structures proposed for a lot."""

    lot = fields.String()
    suggestions = fields.List(fields.Nested(SuggestionSchema))


class PushedSchema(Schema):
    """What became of a consultation, what was found in it, who could answer."""

    result = fields.String(metadata={"description": "created, updated ou unchanged"})
    reference = fields.String(
        metadata={"description": "Celle du marché ; officielle quand un avis l’est."}
    )
    url = fields.String()
    official = fields.Boolean(
        metadata={"description": "Un avis officiel est publié : lui seul fait le marché."}
    )
    social = fields.Boolean()
    environmental = fields.Boolean()
    clause_types = fields.List(fields.String())
    hours = fields.Float(allow_none=True)
    findings = fields.List(fields.Nested(FindingSchema))
    lots = fields.List(
        fields.Nested(LotAnswerSchema),
        metadata={"description": f"Les {SUGGESTED_LOTS} premiers ; /match répond pour les autres."},
    )
