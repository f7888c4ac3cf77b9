"""A contract as the API writes it, in a list and whole."""

from marshmallow import Schema, fields


class BuyerSchema(Schema):
    """A buyer."""

    key = fields.String()
    name = fields.String()
    siret = fields.String(allow_none=True)
    postcode = fields.String(allow_none=True)
    city = fields.String(allow_none=True)
    url = fields.String()


class ContractSchema(Schema):
    """A contract in a list."""

    reference = fields.String(metadata={"description": "Identifiant stable."})
    title = fields.String()
    url = fields.String()
    buyer = fields.Nested(BuyerSchema)
    state = fields.String(metadata={"description": "Une valeur du filtre « etat »."})
    published_on = fields.Date()
    deadline = fields.DateTime(allow_none=True)
    closes_on = fields.Date(
        allow_none=True, metadata={"description": "Dernier jour pour répondre."}
    )
    procedure = fields.String(allow_none=True)
    types = fields.List(fields.String())
    cpv = fields.String(allow_none=True)
    departements = fields.List(fields.String())
    social = fields.Boolean(metadata={"description": "Une clause sociale a été repérée."})
    environmental = fields.Boolean()
    clause_types = fields.List(fields.String())
    hours = fields.Float(
        allow_none=True, metadata={"description": "Heures d’insertion, tous lots ensemble."}
    )
    amount_eur = fields.Float(
        allow_none=True, metadata={"description": "Somme des montants vraisemblables, en € HT."}
    )
    lots_count = fields.Integer()
    distance_km = fields.Float(allow_none=True)
    official_url = fields.String(
        allow_none=True, metadata={"description": "L’avis officiel, qui fait foi."}
    )
    updated_at = fields.DateTime()


class LotActivitySchema(Schema):
    """An activity recognised in a lot."""

    code = fields.String()
    label = fields.String()
    score = fields.Float()
    evidence = fields.String()


class AwardSchema(Schema):
    """Who won a lot."""

    winner = fields.String(allow_none=True)
    siret = fields.String(allow_none=True)
    amount_eur = fields.Float(allow_none=True)
    awarded_on = fields.String(allow_none=True)
    structure_url = fields.String(allow_none=True)


class LotSchema(Schema):
    """A lot."""

    number = fields.String()
    title = fields.String()
    description = fields.String(allow_none=True)
    cpv = fields.String(allow_none=True)
    cpv_label = fields.String(allow_none=True)
    city = fields.String(allow_none=True)
    code_insee = fields.String(allow_none=True)
    departement = fields.String(allow_none=True)
    nuts = fields.String(allow_none=True)
    amount_eur = fields.Float(allow_none=True, metadata={"description": "En € HT."})
    amount_kind = fields.String(
        allow_none=True, metadata={"description": "awarded, estimated ou maximum"}
    )
    unlikely_amount = fields.Boolean(metadata={"description": "Montant invraisemblable."})
    state = fields.String()
    deadline = fields.DateTime(allow_none=True)
    reserved = fields.String(allow_none=True)
    clause_types = fields.List(fields.String())
    activities = fields.List(fields.Nested(LotActivitySchema))
    awards = fields.List(fields.Nested(AwardSchema))


class FoundClauseSchema(Schema):
    """A clause with its proof."""

    type = fields.String()
    label = fields.String()
    source = fields.String(metadata={"description": "text ou code"})
    field = fields.String()
    evidence = fields.String(metadata={"description": "La phrase, ou le code."})
    text_index = fields.Integer(
        allow_none=True, metadata={"description": "Rang du texte qui la porte, à partir de 0."}
    )
    start = fields.Integer(
        allow_none=True, metadata={"description": "Début de la preuve dans ce texte, en signes."}
    )
    end = fields.Integer(allow_none=True)
    lots = fields.List(fields.String(), metadata={"description": "Vide : tous, ou non précisé."})
    hours = fields.Float(allow_none=True)
    share = fields.Float(allow_none=True, metadata={"description": "Part du travail, de 0 à 1."})
    weight = fields.Float(allow_none=True, metadata={"description": "Poids d’un critère."})
    article = fields.String(allow_none=True, metadata={"description": "D’aujourd’hui."})
    article_cited = fields.String(
        allow_none=True, metadata={"description": "Celui que le texte cite."}
    )
    confidence = fields.Float(metadata={"description": "De 0 à 1."})
    optional = fields.Boolean(metadata={"description": "Elle invite sans obliger."})
    rule = fields.String()


class FindingSchema(FoundClauseSchema):
    """A clause of a contract, with the notice that holds it."""

    notice = fields.String()


class NoticeTextSchema(Schema):
    """A text of a notice: what `start` and `end` count in."""

    field = fields.String()
    label = fields.String()
    text = fields.String()
    lot = fields.String(allow_none=True)


class NoticeSchema(Schema):
    """A publication of a contract."""

    reference = fields.String()
    source = fields.String()
    nature = fields.String()
    nature_label = fields.String()
    published_on = fields.Date()
    url = fields.String(allow_none=True)
    in_force = fields.Boolean(metadata={"description": "Non remplacée par une autre."})
    texts = fields.List(fields.Nested(NoticeTextSchema))


class WholeContractSchema(ContractSchema):
    """A contract with its lots, clauses and notices."""

    lots = fields.List(fields.Nested(LotSchema))
    findings = fields.List(fields.Nested(FindingSchema))
    notices = fields.List(fields.Nested(NoticeSchema))
    contradictions = fields.List(
        fields.String(), metadata={"description": "Où codes et textes se contredisent."}
    )
