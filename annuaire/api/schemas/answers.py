"""What else the API writes: lists, knowledge, answers to what was sent, problems."""

from marshmallow import Schema, fields

from annuaire.api.schemas.contracts import ContractSchema, FoundClauseSchema
from annuaire.api.schemas.structures import StructureSchema


class ListSchema(Schema):
    """What every list says beside its items."""

    total = fields.Integer(metadata={"description": "Réponses en tout."})
    limit = fields.Integer()
    next = fields.String(
        allow_none=True, metadata={"description": "Adresse de la suite ; nul à la fin."}
    )
    place = fields.String(allow_none=True, metadata={"description": "Le lieu, comme compris."})
    place_note = fields.String(allow_none=True)
    relaxed = fields.Boolean(
        metadata={"description": "Aucune réponse n’avait tous les mots : celles-ci en ont le plus."}
    )
    correction = fields.String(
        allow_none=True, metadata={"description": "Le texte, ses fautes corrigées."}
    )


class StructureListSchema(ListSchema):
    """A page of structures."""

    items = fields.List(fields.Nested(StructureSchema))


class ContractListSchema(ListSchema):
    """A page of contracts."""

    items = fields.List(fields.Nested(ContractSchema))


class LeafSchema(Schema):
    """An activity of the taxonomy."""

    code = fields.String()
    label = fields.String()
    cpv = fields.List(fields.String(), metadata={"description": "Débuts de codes CPV."})
    naf = fields.List(fields.String())


class GroupSchema(Schema):
    """A group of activities."""

    code = fields.String()
    label = fields.String()
    activities = fields.List(fields.Nested(LeafSchema))


class TaxonomySchema(Schema):
    """The whole taxonomy."""

    groups = fields.List(fields.Nested(GroupSchema))


class TerritorySchema(Schema):
    """A place; `token` is its name in the filter `lieu`."""

    token = fields.String(metadata={"description": "À donner au filtre « lieu »."})
    kind = fields.String()
    code = fields.String()
    label = fields.String()
    lat = fields.Float(allow_none=True)
    lon = fields.Float(allow_none=True)
    departements = fields.List(fields.String())


class TerritoriesSchema(Schema):
    """Places that begin as a text."""

    items = fields.List(fields.Nested(TerritorySchema))


class ReadSourceSchema(Schema):
    """A source with its last reading."""

    name = fields.String()
    title = fields.String()
    read_at = fields.DateTime(allow_none=True)
    late = fields.Boolean(metadata={"description": "À relire, selon son rythme."})


class StatsSchema(Schema):
    """Figures of the register."""

    structures = fields.Integer()
    structures_by_kind = fields.Dict(keys=fields.String(), values=fields.Integer())
    structures_by_departement = fields.Dict(keys=fields.String(), values=fields.Integer())
    contracts = fields.Integer()
    contracts_with_social_clause = fields.Integer()
    contracts_by_clause = fields.Dict(keys=fields.String(), values=fields.Integer())
    newest_publication = fields.Date(allow_none=True)
    sources = fields.List(fields.Nested(ReadSourceSchema))


class DeniedSchema(Schema):
    """A clause that a text says there is not."""

    type = fields.String()
    field = fields.String()
    text_index = fields.Integer(allow_none=True)
    evidence = fields.String()
    start = fields.Integer()
    end = fields.Integer()


class ContradictionSchema(Schema):
    """A disagreement between codes and texts."""

    kind = fields.String()
    type = fields.String()
    code = fields.String()
    evidence = fields.String()
    sentence = fields.String()


class DetectedSchema(Schema):
    """The clauses of what was sent."""

    social = fields.Boolean()
    environmental = fields.Boolean()
    hours = fields.Float(allow_none=True)
    findings = fields.List(fields.Nested(FoundClauseSchema))
    denied = fields.List(fields.Nested(DeniedSchema))
    contradictions = fields.List(fields.Nested(ContradictionSchema))


class CheckedSchema(Schema):
    """The answer for one number."""

    given = fields.String()
    number = fields.String(metadata={"description": "En chiffres ; vide s’il est illisible."})
    verdict = fields.String(
        metadata={"description": "inclusive, entreprise, esus, terminee, inconnue ou invalide"}
    )
    label = fields.String()
    sentence = fields.String()
    name = fields.String(allow_none=True)
    city = fields.String(allow_none=True)
    url = fields.String(allow_none=True)
    statuses = fields.List(fields.String(), metadata={"description": "En cours, avec la source."})
    past_statuses = fields.List(fields.String())
    moved_to = fields.String(allow_none=True, metadata={"description": "Numéro d’aujourd’hui."})
    note = fields.String(allow_none=True)


class ChecksSchema(Schema):
    """The answers for a list of numbers, in its order."""

    counts = fields.Dict(keys=fields.String(), values=fields.Integer())
    items = fields.List(fields.Nested(CheckedSchema))


class ProblemErrorSchema(Schema):
    """What is wrong with one parameter, or one field of the body."""

    detail = fields.String()
    parameter = fields.String()
    pointer = fields.String()


class ProblemSchema(Schema):
    """A problem, by RFC 9457."""

    type = fields.String()
    title = fields.String()
    status = fields.Integer()
    detail = fields.String()
    errors = fields.List(fields.Nested(ProblemErrorSchema))
