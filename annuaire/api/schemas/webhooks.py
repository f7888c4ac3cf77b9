"""Webhooks, as they are asked for and told."""

from marshmallow import Schema, fields, validate

from annuaire.api.schemas.french import Sent, Text
from annuaire.platforms.webhooks import MAX_SEARCH, MAX_URL

_SEARCH = validate.Length(max=MAX_SEARCH, error="Au plus {max} signes.")


class WebhookSent(Sent):
    """An address, and the searches of which it is to be told."""

    url = Text(
        required=True,
        validate=validate.Length(9, MAX_URL, error="De {min} à {max} signes."),
        metadata={"description": "Une adresse https publique, sur le port 443."},
    )
    contracts = Text(
        validate=_SEARCH,
        metadata={
            "description": "La suite d’adresse d’une recherche de marchés ; vide, tous.",
            "example": "social=oui&departement=59",
        },
    )
    structures = Text(
        validate=_SEARCH,
        metadata={"description": "Celle d’une recherche de structures ; vide, toutes."},
    )


class WebhookSchema(Schema):
    """A webhook."""

    id = fields.Integer()
    url = fields.String()
    contracts = fields.String(allow_none=True)
    structures = fields.String(allow_none=True)
    created_at = fields.DateTime()
    failing_since = fields.DateTime(allow_none=True)
    disabled_at = fields.DateTime(allow_none=True)
    disabled_why = fields.String(allow_none=True)


class NewWebhookSchema(WebhookSchema):
    """A webhook that was just made, with the secret of its signatures."""

    secret = fields.String(metadata={"description": "whsec_… : ne sera plus montré."})


class WebhooksSchema(Schema):
    """The webhooks of a key."""

    items = fields.List(fields.Nested(WebhookSchema))


class DeliverySchema(Schema):
    """What a webhook was told."""

    message_id = fields.String(metadata={"description": "L’en-tête webhook-id."})
    event = fields.String()
    subject = fields.String(metadata={"description": "La référence, ou le numéro."})
    state = fields.String(metadata={"description": "waiting, sent ou dropped"})
    attempts = fields.Integer()
    created_at = fields.DateTime()
    next_at = fields.DateTime(metadata={"description": "Le prochain essai, s’il attend."})
    sent_at = fields.DateTime(allow_none=True)
    status = fields.Integer(allow_none=True, metadata={"description": "La réponse reçue."})
    error = fields.String(allow_none=True)


class DeliveriesSchema(Schema):
    """The log of a webhook, the newest first."""

    items = fields.List(fields.Nested(DeliverySchema))
