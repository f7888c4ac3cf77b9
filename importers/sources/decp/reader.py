"""One door for the essential data: the content tells the form, whatever the file is called."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from annuaire.contracts.records import NoticeRecord
from importers.files.blocks import beginning
from importers.files.fields import Warnings
from importers.files.json_items import news
from importers.files.json_lists import iter_lists
from importers.files.parquet import is_parquet
from importers.files.xml_records import iter_records
from importers.rows import Row, Warned, transformed
from importers.sources.decp.record import CONCESSION, transform
from importers.sources.decp.tables import read_tables

MARCHE = "marche"
LISTS = {
    ("marches", "marche"): MARCHE,
    ("marches", CONCESSION): CONCESSION,
    ("marches",): MARCHE,  # the form of 2019
    (): MARCHE,
}
LISTED = frozenset(
    {
        "id", "uid", "_type", "source", "acheteur", "acheteur.id", "acheteur.nom", "acheteur_id",
        "nature", "objet", "codeCPV", "techniques", "modalitesExecution", "idAccordCadre",
        "marcheInnovant", "ccag", "offresRecues", "attributionAvance", "tauxAvance",
        "typeGroupementOperateurs", "sousTraitanceDeclaree", "actesSousTraitance", "procedure",
        "lieuExecution", "dureeMois", "dateNotification", "datePublicationDonnees", "montant",
        "typesPrix", "typePrix", "formePrix", "origineUE", "origineFrance", "titulaires",
        "considerationsSociales", "considerationsEnvironnementales", "modifications",
        "modificationsActesSousTraitance", "autoriteConcedante", "dateSignature",
        "dateDebutExecution", "valeurGlobale", "montantSubventionPublique", "donneesExecution",
        "concessionnaires",
    }
)  # fmt: skip

_Raw = Row[tuple[str, Any]]


def read(path: Path, today: date) -> Iterator[Row[NoticeRecord]]:
    """The contracts of a file, streamed; `today` is the last day that a date may be.

    Raises UnreadableFile when the file is of no known form, or breaks on the way.
    """

    def notice(raw: tuple[str, Any], warnings: Warnings) -> NoticeRecord:
        kind, record = raw
        return transform(record, kind, today, warnings)

    return transformed(_forms(path), notice)


def _forms(path: Path) -> Iterator[_Raw]:
    if is_parquet(path):
        return _tables(path)
    first = beginning(path, xml=True)[:1]
    if first in (b"{", b"["):
        return _json(path)
    return _xml(path) if first == b"<" else _tables(path)


def _json(path: Path) -> Iterator[_Raw]:
    told: set[str] = set()
    for rank, address, record in iter_lists(path, LISTS):
        yield Row(rank, (LISTS[address], record), _new(record, told))


def _xml(path: Path) -> Iterator[_Raw]:
    told: set[str] = set()
    for rank, tag, record in iter_records(path, "marches", (MARCHE, CONCESSION)):
        yield Row(rank, (tag, record), _new(record, told))


def _tables(path: Path) -> Iterator[_Raw]:
    for row in read_tables(path):
        record = None if row.record is None else (MARCHE, row.record)
        yield Row(row.number, record, row.warnings, row.refusal)


def _new(record: Any, told: set[str]) -> tuple[Warned, ...]:
    return tuple(news(record, LISTED, told))
