"""The suggestions for a need: the keys of `annuaire match --json`."""

from marshmallow import Schema, fields


class NeedActivitySchema(Schema):
    """An activity recognised in the need."""

    code = fields.String()
    label = fields.String()
    score = fields.Float()


class NeedSchema(Schema):
    """The need as understood."""

    text = fields.String()
    activities = fields.List(fields.Nested(NeedActivitySchema))
    place = fields.String(allow_none=True)
    departements = fields.List(fields.String())
    amount_eur = fields.Float(allow_none=True)
    nature = fields.String(allow_none=True)
    on = fields.String()
    reserved = fields.List(fields.String())
    trades = fields.List(fields.String())
    months = fields.Float(allow_none=True)
    quantity = fields.String(allow_none=True)
    assumptions = fields.List(
        fields.String(), metadata={"description": "Ce qui a été supposé, faute d’être dit."}
    )


class EntrySchema(Schema):
    """What to enter in the notice."""

    where = fields.String()
    field = fields.String()
    value = fields.String()
    status = fields.String()


class RouteSchema(Schema):
    """A route that the law opens; no legal advice."""

    code = fields.String()
    title = fields.String()
    explanation = fields.String()
    articles = fields.List(fields.String())
    caution = fields.String(allow_none=True)
    to_check = fields.Boolean()
    entries = fields.List(fields.Nested(EntrySchema))


class SuggestionSchema(Schema):
    """A structure for the need."""

    siret = fields.String(allow_none=True)
    name = fields.String()
    score = fields.Float(metadata={"description": "De 0 à 100."})
    reasons = fields.List(fields.String())
    cautions = fields.List(fields.String())
    distance_km = fields.Float(allow_none=True)


class MemberSchema(Schema):
    """A structure of a group."""

    siret = fields.String(allow_none=True)
    name = fields.String()
    takes = fields.List(fields.String())
    share = fields.Float(allow_none=True)
    lead = fields.Boolean()
    distance_km = fields.Float(allow_none=True)


class GroupAnswerSchema(Schema):
    """Structures that cover together what none covers alone."""

    members = fields.List(fields.Nested(MemberSchema))
    missing = fields.List(fields.String())
    sentence = fields.String()


class MatchSchema(Schema):
    """The answer to a need."""

    need = fields.Nested(NeedSchema)
    route = fields.List(fields.Nested(RouteSchema))
    suggestions = fields.List(fields.Nested(SuggestionSchema))
    groups = fields.List(fields.Nested(GroupAnswerSchema))
    gaps = fields.List(fields.String())
    took_ms = fields.Float()
