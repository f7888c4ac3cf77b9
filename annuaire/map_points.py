"""All the results of a search as GeoJSON points, for the map (RFC 7946)."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any, Final

from sqlalchemy import Select
from sqlalchemy.orm import Session

from search.engine import Circle, Point

CHUNK: Final = 5_000  # rows asked of the database at once


def geojson_of(
    session: Session,
    circle: Circle | None,
    standing: Sequence[Point],
    rows_of: Callable[[Sequence[int]], Select[*tuple[Any, ...]]],
    properties: Callable[[Any], dict[str, str | None]],
) -> dict[str, Any]:
    """The points that have a row, with what `properties` tells of it, and the circle that was
    asked for; `rows_of` asks for the rows of some identifiers, each with its `id`."""
    found = {int(point.id): point for point in standing}
    ids = list(found)
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [found[row.id].lon, found[row.id].lat]},
            "properties": properties(row),
        }
        for start in range(0, len(ids), CHUNK)
        for row in session.execute(rows_of(ids[start : start + CHUNK]))
    ]
    # A member that GeoJSON does not know is left to those who do (RFC 7946, 6.1).
    around = {"circle": asdict(circle)} if circle else {}
    return {"type": "FeatureCollection", "features": features} | around
