"""What is said of the export: manifest, JSON schemas, checksums, licence."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema

from annuaire.api.changes import SETTLED
from annuaire.api.export.files import Written
from annuaire.api.mirrors import moment
from annuaire.api.schemas.changes import MirroredContractSchema
from annuaire.api.schemas.structures import StructureSchema
from annuaire.takeaway.tables import SourceRead

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
LICENCE: Final = (
    "Chaque information garde la licence de sa source, nommée dans manifest.json et dans chaque "
    "fiche (« sources ») : citez la source et la date de sa lecture. Les clauses repérées, les "
    "activités déduites et les liens entre marchés et structures sont ajoutés par nos règles, et "
    "peuvent se tromper : l’avis officiel et la source font foi.\n"
)
SCHEMAS: Final[dict[str, type[Schema]]] = {
    "structures.schema.json": StructureSchema,
    "marches.schema.json": MirroredContractSchema,
}


def json_schema(name: str, public_url: str) -> dict[str, Any]:
    """The JSON Schema (2020-12) of a line of a file in JSON Lines."""
    schema = SCHEMAS[name]
    spec = APISpec(
        title=name, version="1", openapi_version="3.1.0",
        plugins=[MarshmallowPlugin(schema_name_resolver=lambda each: _name(each))],
    )  # fmt: skip
    spec.components.schema(_name(schema), schema=schema(exclude=("distance_km",)))
    found: dict[str, Any] = _local(spec.to_dict()["components"]["schemas"])
    own = found.pop(_name(schema))
    named = {"$schema": DIALECT, "$id": f"{public_url}/donnees/export/{name}"}
    return {**named, **own, "$defs": found}


def _name(schema: Any) -> str:
    found = schema if isinstance(schema, type) else type(schema)
    return str(found.__name__).removesuffix("Schema")


def _local(value: Any) -> Any:
    """The same, its references within the document."""
    if isinstance(value, dict):
        return {
            key: inner.replace("#/components/schemas/", "#/$defs/")
            if key == "$ref"
            else _local(inner)
            for key, inner in value.items()
        }
    return [_local(inner) for inner in value] if isinstance(value, list) else value


def manifest(
    files: Sequence[Written],
    sources: Sequence[SourceRead],
    made_at: datetime,
    public_url: str,
    *,
    samples: bool,
) -> dict[str, Any]:
    """What the export holds. `until` is where to follow changes from: `/api/v1/changes`."""
    return {
        "made_at": moment(made_at),
        "until": moment(made_at - SETTLED),
        "site": public_url,
        "licence": LICENCE.strip(),
        "sample_data": samples,
        "counts": {
            "structures": next(f.rows for f in files if f.kind.about == "structures"),
            "contracts": next(f.rows for f in files if f.kind.about == "contracts"),
        },
        "sources": [
            {
                "name": source.name,
                "title": source.title,
                "publisher": source.publisher,
                "licence": source.licence,
                "read_at": moment(source.read_at) if source.read_at else None,
            }
            for source in sources
        ],
        "files": [
            {
                "name": file.kind.name,
                "title": file.kind.title,
                "about": file.kind.about,
                "media_type": file.kind.media_type.partition(";")[0],
                "compression": "gzip" if file.kind.compressed else None,
                "bytes": file.size,
                "sha256": file.sha256,
                "rows": file.rows,
                "schema": file.kind.schema,
            }
            for file in files
        ],
    }
