"""A structure as the API writes it."""

from marshmallow import Schema, fields


class StatusSchema(Schema):
    """A status that a source grants."""

    kind = fields.String(metadata={"description": "EI, ACI, AI, ETTI, ESAT, EA, ESUS…"})
    label = fields.String()
    family = fields.String(allow_none=True, metadata={"description": "insertion, handicap, ess"})
    held = fields.Boolean(metadata={"description": "En cours aujourd’hui."})
    valid_from = fields.Date(allow_none=True)
    valid_to = fields.Date(allow_none=True, metadata={"description": "Dernier jour, s’il est dit."})
    source = fields.String()


class ActivitySchema(Schema):
    """An activity of a structure."""

    code = fields.String()
    label = fields.String()
    group = fields.String(allow_none=True)
    inferred = fields.Boolean(metadata={"description": "Déduite par nous : à vérifier."})
    origin = fields.String(metadata={"description": "declared, naf, name, description ou won"})
    evidence = fields.String(metadata={"description": "Le mot, le code ou les lots qui le disent."})


class SourceSchema(Schema):
    """A source of what is said."""

    name = fields.String()
    title = fields.String()


class WinSchema(Schema):
    """A lot that the structure won."""

    title = fields.String()
    url = fields.String()
    buyer = fields.String(allow_none=True)
    date = fields.Date(allow_none=True)
    amount_eur = fields.Float(allow_none=True, metadata={"description": "En € HT."})
    tied_by = fields.String(metadata={"description": "Comment ce lot lui est rattaché."})


class StructureSchema(Schema):
    """A structure."""

    key = fields.String(metadata={"description": "Son SIRET ; sinon finess:… ou siren:…"})
    siret = fields.String(allow_none=True)
    siren = fields.String(allow_none=True)
    finess = fields.String(allow_none=True)
    name = fields.String()
    brand = fields.String(allow_none=True, metadata={"description": "Nom d’usage."})
    url = fields.String(metadata={"description": "Sa page."})
    kinds = fields.List(fields.String(), metadata={"description": "Statuts en cours."})
    families = fields.List(fields.String())
    statuses = fields.List(fields.Nested(StatusSchema))
    activities = fields.List(fields.Nested(ActivitySchema))
    address = fields.String(allow_none=True)
    postcode = fields.String(allow_none=True)
    city = fields.String(allow_none=True)
    code_insee = fields.String(allow_none=True)
    departement = fields.String(allow_none=True)
    lat = fields.Float(allow_none=True, metadata={"description": "Degrés WGS84."})
    lon = fields.Float(allow_none=True)
    geo_precision = fields.String(
        allow_none=True, metadata={"description": "number, street ou commune"}
    )
    distance_km = fields.Float(
        allow_none=True, metadata={"description": "À vol d’oiseau, du lieu demandé."}
    )
    phone = fields.String(allow_none=True)
    email = fields.String(allow_none=True)
    website = fields.String(allow_none=True)
    description = fields.String(allow_none=True)
    legal_form = fields.String(allow_none=True)
    naf = fields.String(allow_none=True)
    employees_range = fields.String(allow_none=True)
    ess = fields.Boolean(allow_none=True)
    sources = fields.List(fields.Nested(SourceSchema))
    updated_at = fields.DateTime()
    ended_on = fields.Date(
        allow_none=True, metadata={"description": "Jour où elle est sortie des annuaires."}
    )


class WholeStructureSchema(StructureSchema):
    """A structure with the lots that it won."""

    wins = fields.List(fields.Nested(WinSchema))
