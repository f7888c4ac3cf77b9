"""The descriptions of all sources, for pages and for runs; apart from the readers, of which a
process that serves pages needs none."""

import tomllib
from importlib.resources import files

from importers.rows import Source


def _described() -> dict[str, Source]:
    found = tomllib.loads(files("importers").joinpath("descriptions.toml").read_text("utf-8"))
    return {
        name: Source(**{"name": name, "frequency": "", **row, "formats": tuple(row["formats"])})
        for name, row in found.items()
    }


DESCRIPTIONS: dict[str, Source] = _described()
