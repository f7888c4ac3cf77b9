"""GeoJSON (RFC 7946): one feature a row; without a place its geometry is null."""

from typing import IO, Any

import orjson

from annuaire.cells import plain
from annuaire.takeaway.tables import Cell, Cover, Row, Table


def write_geojson(out: IO[bytes], cover: Cover, table: Table) -> None:
    """The features one by one; what was searched and where it comes from are beside them."""
    about = orjson.dumps(_about(cover))
    out.write(b'{"type":"FeatureCollection","about":' + about + b',"features":[')
    comma = b"\n"
    for row in table.rows:
        out.write(comma + orjson.dumps(_feature(table, row)))
        comma = b",\n"
    out.write(b"\n]}\n")


def _about(cover: Cover) -> dict[str, Any]:
    return {
        "title": cover.title,
        "made_at": cover.made_at.isoformat(timespec="seconds"),
        "search": dict(cover.lines),
        "sources": [
            {
                "title": source.title,
                "publisher": source.publisher,
                "licence": source.licence,
                "read_at": source.read_at.isoformat(timespec="seconds") if source.read_at else None,
            }
            for source in cover.sources
        ],
        "notes": list(cover.notes),
    }


def _feature(table: Table, row: Row) -> dict[str, Any]:
    pairs = zip(table.columns, row.cells, strict=True)
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": row.point} if row.point else None,
        "properties": {column.key: _value(cell) for column, cell in pairs},
    }


def _value(cell: Cell) -> Cell:
    return plain(cell) if isinstance(cell, str) else cell
