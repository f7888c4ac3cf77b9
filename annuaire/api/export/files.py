"""The files of the export, one after the other, each with what is said of it."""

import gzip
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any, Final, TypeVar, cast

import orjson

from annuaire.api.export.contents import (
    Source,
    contract_table,
    contracts,
    lot_table,
    structure_table,
    structures,
)
from annuaire.takeaway.formats import FORMATS
from annuaire.takeaway.formats.parquet_file import can_write_parquet, write_parquet
from annuaire.takeaway.tables import Cover, Table

JSON_LINES: Final = "application/x-ndjson"
RowT = TypeVar("RowT")
Writer = Callable[[IO[bytes], Source, Cover], int]


@dataclass(frozen=True, slots=True)
class Kind:
    """A file of the export: `about` names what it holds, `schema` the file that describes it."""

    name: str
    title: str
    about: str
    media_type: str
    write: Writer
    schema: str | None = None

    @property
    def compressed(self) -> bool:
        return self.name.endswith(".gz")


@dataclass(frozen=True, slots=True)
class Written:
    """A file as it was written: its size in bytes, its SHA-256, how many lines or features."""

    kind: Kind
    size: int
    sha256: str
    rows: int


def _lines(read: Callable[[Source], Iterator[Mapping[str, Any]]]) -> Writer:
    def write(out: IO[bytes], source: Source, _cover: Cover) -> int:
        counted = _Counted()
        out.writelines(orjson.dumps(values) + b"\n" for values in counted.through(read(source)))
        return counted.count

    return write


def _table(make: Callable[[Source], Table], ending: str) -> Writer:
    def write(out: IO[bytes], source: Source, cover: Cover) -> int:
        table, counted = make(source), _Counted()
        write_table = write_parquet if ending == "parquet" else FORMATS[ending].write
        write_table(out, cover, replace(table, rows=counted.through(table.rows)))
        return counted.count

    return write


class _Counted:
    """Counts rows on their way."""

    def __init__(self) -> None:
        self.count = 0

    def through(self, rows: Iterable[RowT]) -> Iterator[RowT]:
        for row in rows:
            self.count += 1
            yield row


_CSV, _GEOJSON = FORMATS["csv"].media_type, FORMATS["geojson"].media_type
_ALWAYS: Final = (
    Kind("structures.jsonl.gz", "Structures, JSON Lines", "structures", JSON_LINES,
         _lines(structures), "structures.schema.json"),
    Kind("structures.csv", "Structures, CSV", "structures", _CSV, _table(structure_table, "csv")),
    Kind("structures.geojson.gz", "Structures, GeoJSON", "structures", _GEOJSON,
         _table(structure_table, "geojson")),
    Kind("marches.jsonl.gz", "Marchés avec lots et clauses, JSON Lines", "contracts", JSON_LINES,
         _lines(contracts), "marches.schema.json"),
    Kind("marches.csv", "Marchés, CSV", "contracts", _CSV, _table(contract_table, "csv")),
    Kind("lots.csv", "Lots des marchés, CSV", "contracts", _CSV, _table(lot_table, "csv")),
    Kind("marches.geojson.gz", "Marchés, GeoJSON", "contracts", _GEOJSON,
         _table(contract_table, "geojson")),
)  # fmt: skip

_PARQUET: Final = "application/vnd.apache.parquet"
#: Those of which the library is an extra.
_EXTRA: Final = (
    Kind("structures.parquet", "Structures, Parquet", "structures", _PARQUET,
         _table(structure_table, "parquet")),
    Kind("marches.parquet", "Marchés, Parquet", "contracts", _PARQUET,
         _table(contract_table, "parquet")),
    Kind("lots.parquet", "Lots des marchés, Parquet", "contracts", _PARQUET,
         _table(lot_table, "parquet")),
)  # fmt: skip


def kinds() -> tuple[Kind, ...]:
    """The files that this installation can write."""
    return (*_ALWAYS, *_EXTRA) if can_write_parquet() else _ALWAYS


def write_file(folder: Path, kind: Kind, source: Source, cover: Cover) -> Written:
    """Write one file and read it back for its checksum."""
    path = folder / kind.name
    with path.open("wb") as file:
        if kind.compressed:
            with gzip.GzipFile("", "wb", 6, file, mtime=0) as packed:
                rows = kind.write(cast(IO[bytes], packed), source, cover)
        else:
            rows = kind.write(file, source, cover)
    return Written(kind, path.stat().st_size, sha256_of(path), rows)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, read by blocks."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
