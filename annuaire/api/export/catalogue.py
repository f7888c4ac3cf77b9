"""The export described for catalogues of open data: DCAT-AP 3, in JSON-LD."""

from collections.abc import Mapping
from typing import Any, Final

CONTEXT: Final = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
}
_EU: Final = "http://publications.europa.eu/resource/authority"
FRENCH: Final = {"@id": f"{_EU}/language/FRA"}
DAILY: Final = {"@id": f"{_EU}/frequency/DAILY"}
FRANCE: Final = {"@id": f"{_EU}/country/FRA"}
GZIP: Final = "https://www.iana.org/assignments/media-types/application/gzip"
MEDIA: Final = "https://www.iana.org/assignments/media-types"
#: Sources have licences of their own, and some say none: what each says is there.
LICENCE: Final = "/donnees/export/LICENCE.txt"
FORMATS: Final = {
    "application/x-ndjson": "JSON",
    "text/csv": "CSV",
    "application/geo+json": "GEOJSON",
    "application/vnd.apache.parquet": "PARQUET",
}
SETS: Final = {
    "structures": (
        "Structures inclusives (SIAE, ESAT, EA, ESUS)",
        "Établissements du travail adapté et protégé, de l’insertion par l’activité économique et "
        "de l’utilité sociale : statuts avec leur source, activités déclarées ou déduites, "
        "coordonnées.",
        ("insertion", "handicap", "esat", "siae", "achats responsables"),
        f"{_EU}/data-theme/SOCI",
    ),
    "contracts": (
        "Marchés publics et leurs clauses sociales et environnementales",
        "Marchés lot par lot, avec les clauses repérées par des règles et la phrase ou le code qui "
        "les prouve. L’avis officiel fait foi.",
        ("marchés publics", "clause sociale", "achats responsables", "insertion"),
        f"{_EU}/data-theme/GOVE",
    ),
}


def catalogue(manifest: Mapping[str, Any] | None, public_url: str) -> dict[str, Any]:
    """The catalogue of this site, with its API; its data sets once there is an export."""
    publisher = {
        "@type": "foaf:Agent",
        "foaf:name": "annuaire",
        "foaf:homepage": {"@id": public_url},
    }
    sets = [_dataset(name, manifest, public_url, publisher) for name in SETS] if manifest else []
    return {
        "@context": CONTEXT,
        "@id": f"{public_url}/donnees/catalogue.jsonld",
        "@type": "dcat:Catalog",
        "dct:title": _french("Données ouvertes d’annuaire"),
        "dct:description": _french("Les structures inclusives et les marchés à clauses sociales."),
        "dct:publisher": publisher,
        "dct:language": FRENCH,
        "foaf:homepage": {"@id": f"{public_url}/donnees"},
        "dcat:dataset": sets,
        "dcat:service": _service(public_url, publisher),
    }


def _french(text: str) -> dict[str, str]:
    return {"@value": text, "@language": "fr"}


def _moment(text: str) -> dict[str, str]:
    return {"@value": text, "@type": "xsd:dateTime"}


def _dataset(
    name: str, manifest: Mapping[str, Any], public_url: str, publisher: Mapping[str, Any]
) -> dict[str, Any]:
    title, description, keywords, theme = SETS[name]
    return {
        "@id": f"{public_url}/donnees#{name}",
        "@type": "dcat:Dataset",
        "dct:identifier": f"{public_url}/donnees#{name}",
        "dct:title": _french(title),
        "dct:description": _french(description),
        "dct:publisher": publisher,
        "dcat:contactPoint": {
            "@type": "vcard:Organization",
            "vcard:fn": "annuaire",
            "vcard:hasURL": {"@id": f"{public_url}/mentions-legales"},
        },
        "dcat:keyword": [_french(word) for word in keywords],
        "dcat:theme": {"@id": theme},
        "dct:language": FRENCH,
        "dct:spatial": FRANCE,
        "dct:accrualPeriodicity": DAILY,
        "dct:modified": _moment(manifest["made_at"]),
        "dcat:landingPage": {"@id": f"{public_url}/donnees"},
        "dcat:distribution": [
            _distribution(file, manifest, public_url)
            for file in manifest["files"]
            if file["about"] == name
        ],
    }


def _distribution(
    file: Mapping[str, Any], manifest: Mapping[str, Any], public_url: str
) -> dict[str, Any]:
    address = {"@id": f"{public_url}/donnees/export/{file['name']}"}
    found: dict[str, Any] = {
        "@id": f"{address['@id']}#distribution",
        "@type": "dcat:Distribution",
        "dct:title": _french(file["title"]),
        "dcat:accessURL": address,
        "dcat:downloadURL": address,
        "dcat:mediaType": {"@id": f"{MEDIA}/{file['media_type']}"},
        "dct:format": {"@id": f"{_EU}/file-type/{FORMATS[file['media_type']]}"},
        "dct:license": {"@id": f"{public_url}{LICENCE}"},
        "dct:rights": _french(manifest["licence"]),
        "dct:modified": _moment(manifest["made_at"]),
        "dcat:byteSize": {"@value": str(file["bytes"]), "@type": "xsd:nonNegativeInteger"},
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": {"@value": file["sha256"], "@type": "xsd:hexBinary"},
        },
    }
    if file["compression"]:
        found["dcat:compressFormat"] = {"@id": GZIP}
    if file["schema"]:
        found["dct:conformsTo"] = {"@id": f"{public_url}/donnees/export/{file['schema']}"}
    return found


def _service(public_url: str, publisher: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "@id": f"{public_url}/api/v1",
        "@type": "dcat:DataService",
        "dct:title": _french("API d’annuaire"),
        "dct:publisher": publisher,
        "dcat:endpointURL": {"@id": f"{public_url}/api/v1"},
        "dcat:endpointDescription": {"@id": f"{public_url}/api/v1/openapi.json"},
        "dcat:servesDataset": [{"@id": f"{public_url}/donnees#{name}"} for name in SETS],
    }
