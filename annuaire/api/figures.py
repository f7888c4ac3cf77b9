"""What the API says of the whole: the taxonomy, places, figures of the register."""

from datetime import date
from typing import Any, Final

from sqlalchemy.orm import Session

from annuaire.activities.taxonomy import taxonomy
from annuaire.contracts.queries import count_contracts, count_with_social_clause, newest_publication
from annuaire.freshness import freshness_of
from annuaire.geo.places import suggest_places
from annuaire.structures.queries import count_living
from search.engine import Engine, IndexName, Query

MAX_PLACES: Final = 20


def taxonomy_values() -> dict[str, Any]:
    """Groups and their activities, in the order in which they are shown."""
    return {
        "groups": [
            {
                "code": group.code,
                "label": group.label,
                "activities": [
                    {"code": leaf.code, "label": leaf.label, "cpv": leaf.cpv, "naf": leaf.naf}
                    for leaf in group.leaves
                ],
            }
            for group in taxonomy().groups
        ]
    }


def territory_values(text: str) -> dict[str, Any]:
    """The places that begin as a text, small errors forgiven."""
    return {
        "items": [
            {
                "token": place.token,
                "kind": place.kind,
                "code": place.code,
                "label": place.label,
                "lat": place.lat,
                "lon": place.lon,
                "departements": place.departements,
            }
            for place in suggest_places(text, MAX_PLACES)
        ]
    }


def stats_values(session: Session, engine: Engine, today: date) -> dict[str, Any]:
    """Figures of the register, with how recent its sources are. Raises EngineUnavailable."""
    structures = _facets(engine, "structures", ("kinds", "departement"), today)
    contracts = _facets(engine, "contracts", ("clause_types",), today)
    return {
        "structures": session.scalar(count_living()) or 0,
        "structures_by_kind": structures["kinds"],
        "structures_by_departement": structures["departement"],
        "contracts": session.scalar(count_contracts()) or 0,
        "contracts_with_social_clause": session.scalar(count_with_social_clause()) or 0,
        "contracts_by_clause": contracts["clause_types"],
        "newest_publication": session.scalar(newest_publication()),
        "sources": [
            {"name": f.name, "title": f.title, "read_at": f.read_at, "late": f.late}
            for f in freshness_of(session)
        ],
    }


def _facets(
    engine: Engine, name: IndexName, facets: tuple[str, ...], today: date
) -> dict[str, dict[str, int]]:
    query = Query(facets=facets, limit=0, day=today.isoformat(), highlight=False)
    found = engine.search(name, query).facets
    return {facet: dict(sorted(found.get(facet, {}).items())) for facet in facets}
