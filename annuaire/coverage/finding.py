"""What the engine is asked for the pages of an activity or of a territory."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from annuaire.activities.taxonomy import Activity, Group
from annuaire.geo.gazetteer import Commune
from search.engine import Circle, Engine, Filter, Hits, Query, Range, Terms
from search.schema import date_number

SHOWN = 20
SHOWN_CONTRACTS = 5
NEAR_KM = 25.0
FACETS = ("departement", "families", "kinds", "activities", "groups")


@dataclass(frozen=True, slots=True)
class Found:
    """Structures, and contracts that can still be answered."""

    structures: Hits
    contracts: Hits


def find(
    engine: Engine,
    day: date,
    *,
    node: Activity | Group | None = None,
    departement: str = "",
    commune: Commune | None = None,
    shown: int = SHOWN,
) -> Found:
    """The structures and the open contracts of an activity, of a département, or within 25 km of
    a commune; facets count all the structures. Raises EngineUnavailable."""
    by_activity = [Terms(_field(node), (node.code,))] if node else []
    here = [Terms("departement", (departement,))] if departement else []
    circle = _circle(commune)
    structures = Query(
        filters=(*by_activity, *here),
        circle=circle,
        facets=FACETS,
        sort="distance" if circle else "relevance",
        limit=shown,
        day=day.isoformat(),
        highlight=False,
    )
    places = departement or (commune.departement if commune else "")
    there = [Terms("departements", (places,))] if places else []
    return Found(
        engine.search("structures", structures),
        engine.search("contracts", _open_contracts([*by_activity, *there], day)),
    )


def nearest_outside(
    engine: Engine, node: Activity | Group, town: Commune | None, departement: str, limit: int
) -> Hits | None:
    """The structures of an activity nearest to a town, those of its département left out by the
    caller; None without a town that has a centre. Raises EngineUnavailable."""
    if town is None or town.lat is None or town.lon is None:
        return None
    query = Query(
        filters=(Terms(_field(node), (node.code,)),),
        origin=(town.lat, town.lon),
        sort="distance",
        limit=limit,
        highlight=False,
    )
    return engine.search("structures", query)


def _open_contracts(filters: list[Filter], day: date) -> Query:
    still_open = Range("deadline", minimum=date_number(day.isoformat()))
    return Query(
        filters=(*filters, still_open),
        facets=("social",),
        sort="deadline",
        limit=SHOWN_CONTRACTS,
        highlight=False,
    )


def _field(node: Activity | Group) -> Literal["activities", "groups"]:
    return "activities" if isinstance(node, Activity) else "groups"


def _circle(commune: Commune | None) -> Circle | None:
    if commune is None or commune.lat is None or commune.lon is None:
        return None
    return Circle(commune.lat, commune.lon, NEAR_KM)
