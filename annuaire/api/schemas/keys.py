"""A key, as the API tells it to its holder."""

from marshmallow import Schema, fields


class LimitsSchema(Schema):
    """How often a key may ask each thing."""

    reading = fields.Integer(metadata={"description": "Lectures par minute et par adresse lue."})
    working = fields.Integer(metadata={"description": "Envois par minute et par adresse."})


class UsedSchema(Schema):
    """What was asked on a day."""

    day = fields.Date()
    operation = fields.String()
    count = fields.Integer()


class KeySchema(Schema):
    """A key, without its secret."""

    prefix = fields.String()
    name = fields.String()
    platform = fields.String(allow_none=True)
    scopes = fields.List(fields.String())
    test = fields.Boolean(metadata={"description": "Répondue par des exemples inventés."})
    created_at = fields.DateTime()
    expires_at = fields.DateTime()
    limits = fields.Nested(LimitsSchema)
    usage = fields.List(
        fields.Nested(UsedSchema), metadata={"description": "Par jour, sur trente jours."}
    )
