"""The sources that `annuaire import` knows, each with its reader and where its records land."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from annuaire.structures.records import Known
from importers.downloads import Download
from importers.rows import Row
from importers.run import Options
from importers.sources import (
    boamp,
    decp,
    ea,
    esat,
    esat_listes,
    ess_france,
    esus,
    marche,
    recherche_entreprises,
    siae,
    sirene,
    ted,
)
from importers.targets import Additions, Companies, Directory, Notices, Target


@dataclass(frozen=True, slots=True)
class Registered:
    """A source: how its files are read, where its records land; how its newest file is downloaded,
    or, in French, why it is not. `alone`: what it writes depends on its file alone, and not on what
    other sources list. `folders`: a folder may be read as one file."""

    read: Callable[[Path, Options], Iterator[Row[Any]]]
    target: Callable[[Options], Target]
    download: Download | str
    alone: bool = True
    folders: bool = False


def _directory(name: str) -> Callable[[Options], Target]:
    return lambda options: Directory(options.source_name or name, options.today)


def _companies(options: Options) -> Target:
    return Companies(options.source_name or "esus", options.today)


def _additions(name: str) -> Callable[[Options], Target]:
    return lambda options: Additions(options.source_name or name, options.today)


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


def _read_decp(path: Path, options: Options) -> Iterator[Row[Any]]:
    return decp.read(path, options.today)


def _of_known(
    read: Callable[[Path, Known], Iterator[Row[Any]]],
) -> Callable[..., Iterator[Row[Any]]]:
    """A reader that takes only what is about known structures."""
    return lambda path, options: read(path, options.known)


SOURCES: dict[str, Registered] = {
    "siae": Registered(_read_siae, _directory("siae"), siae.DOWNLOAD),
    "geiq": Registered(_plain(siae.read_geiq), _directory("geiq"), siae.GEIQ_BY_HAND),
    "esat": Registered(_plain(esat.read), _directory("esat"), esat.DOWNLOAD),
    "esat_listes": Registered(
        _plain(esat_listes.read),
        _directory("esat_listes"),
        esat_listes.BY_HAND,
    ),
    "ea": Registered(_read_ea, _directory("ea"), ea.BY_HAND),
    "ea_finess": Registered(_plain(esat.read_ea), _directory("ea_finess"), esat.DOWNLOAD),
    "esus": Registered(_plain(esus.read), _companies, esus.DOWNLOAD, alone=False),
    "sirene": Registered(
        _of_known(sirene.read),
        _directory("sirene"),
        sirene.DOWNLOAD,
        alone=False,
    ),
    "ess_france": Registered(
        _of_known(ess_france.read),
        _directory("ess_france"),
        ess_france.DOWNLOAD,
        alone=False,
    ),
    "recherche_entreprises": Registered(
        _of_known(recherche_entreprises.read),
        _additions("recherche_entreprises"),
        recherche_entreprises.BY_HAND,
        alone=False,
    ),
    "marche": Registered(
        _of_known(marche.read),
        _directory("marche"),
        marche.BY_HAND,
        alone=False,
    ),
    "boamp": Registered(_plain(boamp.read), _notices, boamp.DOWNLOAD, folders=True),
    "ted": Registered(_plain(ted.read), _notices, ted.DOWNLOAD, folders=True),
    "decp": Registered(_read_decp, _notices, decp.DOWNLOAD),
}
