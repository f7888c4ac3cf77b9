"""Changes, as the API writes them."""

from marshmallow import Schema, fields

from annuaire.api.schemas.contracts import ContractSchema, FindingSchema, LotSchema
from annuaire.api.schemas.structures import StructureSchema


class MirroredContractSchema(ContractSchema):
    """A contract with its lots and clauses, for copies."""

    references = fields.List(
        fields.String(), metadata={"description": "Celles de ses avis : toutes y mènent."}
    )
    lots = fields.List(fields.Nested(LotSchema))
    findings = fields.List(fields.Nested(FindingSchema))


class StructureChangeSchema(Schema):
    """What became of a structure."""

    change = fields.String(
        metadata={
            "description": "present (à remplacer), ended (sortie des annuaires), joined (réunie à "
            "moved_to) ou withdrawn (retirée à sa demande : à effacer)"
        }
    )
    key = fields.String()
    updated_at = fields.DateTime()
    former_keys = fields.List(
        fields.String(), metadata={"description": "Ses autres numéros : à effacer de la copie."}
    )
    moved_to = fields.String(allow_none=True)
    on = fields.Date(allow_none=True, metadata={"description": "Le jour de sa sortie."})
    structure = fields.Nested(StructureSchema, allow_none=True)


class ContractChangeSchema(Schema):
    """What became of a contract."""

    change = fields.String(
        metadata={
            "description": "present (à remplacer), joined (réuni à moved_to) ou removed (à effacer)"
        }
    )
    reference = fields.String()
    updated_at = fields.DateTime()
    moved_to = fields.String(allow_none=True)
    contract = fields.Nested(MirroredContractSchema, allow_none=True)


class ChangesSchema(Schema):
    """What every page of changes says beside its items."""

    until = fields.String(
        metadata={
            "description": "À donner comme updated_since à la lecture suivante, une fois celle-ci "
            "finie."
        }
    )
    next = fields.String(allow_none=True, metadata={"description": "Adresse de la suite."})


class StructureChangesSchema(ChangesSchema):
    """A page of changes of structures."""

    items = fields.List(fields.Nested(StructureChangeSchema))


class ContractChangesSchema(ChangesSchema):
    """A page of changes of contracts."""

    items = fields.List(fields.Nested(ContractChangeSchema))
