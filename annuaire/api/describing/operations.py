"""What the API does, one line each: the one table of the description and of its page."""

from dataclasses import dataclass
from typing import Final

from marshmallow import Schema

from annuaire.api.describing.parameters import (
    Parameter,
    change_parameters,
    contract_parameters,
    field_parameters,
    in_path,
    in_query,
    structure_parameters,
)
from annuaire.api.schemas.answers import (
    ChecksSchema,
    ContractListSchema,
    DetectedSchema,
    StatsSchema,
    StructureListSchema,
    TaxonomySchema,
    TerritoriesSchema,
)
from annuaire.api.schemas.asked import ClausesSent, NeedSent, NumbersSent
from annuaire.api.schemas.changes import (
    ContractChangesSchema,
    MirroredContractSchema,
    StructureChangesSchema,
)
from annuaire.api.schemas.contracts import ContractSchema, WholeContractSchema
from annuaire.api.schemas.keys import KeySchema
from annuaire.api.schemas.matching import MatchSchema
from annuaire.api.schemas.pushed import ConsultationSent, PushedSchema
from annuaire.api.schemas.structures import StructureSchema, WholeStructureSchema
from annuaire.api.schemas.webhooks import (
    DeliveriesSchema,
    DeliverySchema,
    NewWebhookSchema,
    WebhookSchema,
    WebhookSent,
    WebhooksSchema,
)


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that may be asked: `id` is its endpoint, `body` the schema of what is sent,
    `refusals` the statuses other than 200 that it may answer, `table` whether it is also CSV and
    GeoJSON, `scope` what a key must be made for, `needs_key` whether there must be one,
    `status` that of its success, `again` that of what was done already."""

    id: str
    method: str
    path: str
    summary: str
    answer: type[Schema]
    parameters: tuple[Parameter, ...] = ()
    body: type[Schema] | None = None
    refusals: tuple[int, ...] = (400, 406, 429, 503)  # beside those of a key: 401 and 403
    moved: bool = False
    table: bool = False
    scope: str = "read"
    needs_key: bool = False
    status: int = 200
    again: int | None = None


_SENT: Final = (400, 413, 415, 422, 429, 503)
_ONE: Final = (400, 404, 406, 429)
_PLACE: Final = in_query(
    "q",
    "Début d’un nom de lieu, ou d’un code postal.",
    {"type": "string", "minLength": 1, "maxLength": 100},
    required=True,
)

_HOOKS: Final = "webhooks"
_NUMBER: Final = in_path("number", "Le numéro du webhook.") | {
    "schema": {"type": "integer", "minimum": 1, "maximum": 2**31 - 1}
}

OPERATIONS: Final = (
    Operation(
        "structures", "get", "/structures",
        "Chercher des structures, avec les filtres du site", StructureListSchema,
        tuple(structure_parameters(StructureSchema())), table=True,
    ),
    Operation(
        "structure", "get", "/structures/{key}",
        "Une structure, par tout numéro qu’elle a porté", WholeStructureSchema,
        (
            in_path("key", "SIRET, ou finess:… ; l’ancien numéro mène au nouveau (301)."),
            *field_parameters(WholeStructureSchema()),
        ),
        refusals=(*_ONE, 410), moved=True,
    ),
    Operation(
        "contracts", "get", "/contracts",
        "Chercher des marchés, avec les filtres du site", ContractListSchema,
        tuple(contract_parameters(ContractSchema())), table=True,
    ),
    Operation(
        "contract", "get", "/contracts/{reference}",
        "Un marché, ses lots, ses clauses avec leur preuve, ses avis", WholeContractSchema,
        (
            in_path("reference", "La référence du marché, ou celle d’un de ses avis (301)."),
            *field_parameters(WholeContractSchema()),
        ),
        refusals=_ONE, moved=True,
    ),
    Operation(
        "changes_structures", "get", "/changes/structures",
        "Les structures qui ont changé depuis un moment, pour tenir une copie",
        StructureChangesSchema, tuple(change_parameters(StructureSchema())),
        refusals=(400, 406, 429),
    ),
    Operation(
        "changes_contracts", "get", "/changes/contracts",
        "Les marchés qui ont changé depuis un moment, pour tenir une copie",
        ContractChangesSchema, tuple(change_parameters(MirroredContractSchema())),
        refusals=(400, 406, 429),
    ),
    Operation(
        "push_contract", "post", "/contracts",
        "Déposer une consultation, et recevoir ses clauses et des structures", PushedSchema,
        body=ConsultationSent, refusals=(*_SENT, 409), scope="contracts:write", needs_key=True,
        status=201, again=200,
    ),
    Operation(
        "replace_contract", "put", "/contracts/{id_}",
        "Remplacer une consultation déposée, par son numéro de plateforme", PushedSchema,
        (in_path("id_", "Le numéro de la plateforme."),), body=ConsultationSent,
        refusals=(*_SENT, 404), scope="contracts:write", needs_key=True,
    ),
    Operation(
        "activities", "get", "/activities", "Les activités, par domaine", TaxonomySchema,
        refusals=(400, 406, 429),
    ),
    Operation(
        "territories", "get", "/territories", "Les lieux qui commencent ainsi", TerritoriesSchema,
        (_PLACE,), refusals=(400, 406, 429),
    ),
    Operation("stats", "get", "/stats", "Les chiffres de l’annuaire", StatsSchema),
    Operation(
        "key", "get", "/key", "Ce que vaut la clé qui demande, et ce qu’elle a demandé",
        KeySchema, refusals=(406, 429), scope="", needs_key=True,
    ),
    Operation(
        "webhooks", "get", "/webhooks", "Les webhooks de la clé", WebhooksSchema,
        refusals=(429,), scope=_HOOKS, needs_key=True,
    ),
    Operation(
        "create_webhook", "post", "/webhooks", "Demander à être prévenu de ce qui change",
        NewWebhookSchema, body=WebhookSent, refusals=_SENT, scope=_HOOKS, needs_key=True,
        status=201,
    ),
    Operation(
        "remove_webhook", "delete", "/webhooks/{number}", "Ne plus être prévenu", WebhookSchema,
        (_NUMBER,), refusals=(404, 429), scope=_HOOKS, needs_key=True,
    ),
    Operation(
        "deliveries", "get", "/webhooks/{number}/deliveries", "Le journal des envois",
        DeliveriesSchema, (_NUMBER,), refusals=(404, 429), scope=_HOOKS, needs_key=True,
    ),
    Operation(
        "replay", "post", "/webhooks/{number}/deliveries/{message_id}/replay",
        "Envoyer de nouveau, et rétablir un webhook arrêté", DeliverySchema,
        (_NUMBER, in_path("message_id", "L’en-tête webhook-id de l’envoi.")),
        refusals=(404, 429), scope=_HOOKS, needs_key=True,
    ),
    Operation(
        "match", "post", "/match",
        "Proposer des structures pour un besoin ou un lot, avec les raisons", MatchSchema,
        body=NeedSent, refusals=(404, *_SENT), scope="match",
    ),
    Operation(
        "detect", "post", "/clauses/detect",
        "Repérer les clauses dans des textes et des codes", DetectedSchema,
        body=ClausesSent, refusals=_SENT, scope="match",
    ),
    Operation(
        "check", "post", "/check", "Vérifier des SIRET ou des SIREN", ChecksSchema,
        body=NumbersSent, refusals=_SENT, scope="match",
    ),
)  # fmt: skip
