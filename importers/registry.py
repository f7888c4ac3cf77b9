"""The sources that `annuaire import` knows, each with its reader and where its records land."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from importers.rows import Row, Source
from importers.run import Options
from importers.sources import boamp, ea, esat, esat_listes, esus, siae
from importers.targets import Companies, Directory, Notices, Target


@dataclass(frozen=True, slots=True)
class Registered:
    """A source: its description, how its files are read, where its records land."""

    description: Source
    read: Callable[[Path, Options], Iterator[Row[Any]]]
    target: Callable[[Options], Target]


def _directory(name: str) -> Callable[[Options], Target]:
    return lambda options: Directory(options.source_name or name, options.today)


def _companies(options: Options) -> Target:
    return Companies(options.source_name or "esus", options.today)


def _notices(options: Options) -> Target:
    return Notices(options.source_name)


def _plain(read: Callable[[Path], Iterator[Row[Any]]]) -> Callable[..., Iterator[Row[Any]]]:
    """A reader that needs nothing but its file."""
    return lambda path, _options: read(path)


def _read_siae(path: Path, options: Options) -> Iterator[Row[Any]]:
    if options.annexes:
        return siae.read_pair(path, options.annexes, options.today)
    return siae.read(path)


def _read_ea(path: Path, options: Options) -> Iterator[Row[Any]]:
    return ea.read(path, password=options.ea2_password)


SOURCES: dict[str, Registered] = {
    "siae": Registered(siae.SOURCE, _read_siae, _directory("siae")),
    "geiq": Registered(siae.GEIQ_SOURCE, _plain(siae.read_geiq), _directory("geiq")),
    "esat": Registered(esat.SOURCE, _plain(esat.read), _directory("esat")),
    "esat_listes": Registered(
        esat_listes.SOURCE, _plain(esat_listes.read), _directory("esat_listes")
    ),
    "ea": Registered(ea.SOURCE, _read_ea, _directory("ea")),
    "ea_finess": Registered(esat.EA_SOURCE, _plain(esat.read_ea), _directory("ea_finess")),
    "esus": Registered(esus.SOURCE, _plain(esus.read), _companies),
    "boamp": Registered(boamp.SOURCE, _plain(boamp.read), _notices),
}
