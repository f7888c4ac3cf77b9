"""The sources that `annuaire import` knows, each with its reader and where its records land."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from importers.rows import Row, Source
from importers.run import Options
from importers.sources import boamp, siae
from importers.targets import Directory, Notices, Target


@dataclass(frozen=True, slots=True)
class Registered:
    """A source: its description, how its files are read, where its records land."""

    description: Source
    read: Callable[[Path], Iterator[Row[Any]]]
    target: Callable[[Options], Target]


def _directory(name: str) -> Callable[[Options], Target]:
    return lambda options: Directory(options.source_name or name, options.today)


def _notices(options: Options) -> Target:
    return Notices(options.source_name)


SOURCES: dict[str, Registered] = {
    "siae": Registered(siae.SOURCE, siae.read, _directory("siae")),
    "boamp": Registered(boamp.SOURCE, boamp.read, _notices),
}
