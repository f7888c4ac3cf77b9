"""A whole search as a file, and as a sourcing sheet to print."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date

from flask import Blueprint, Response, render_template
from sqlalchemy.orm import Session

from annuaire.asking import arguments, today, values
from annuaire.contracts.search import asked_contracts
from annuaire.extensions import engine, places, session, settings
from annuaire.paging import address
from annuaire.sources import source_titles
from annuaire.structures.samples import has_samples
from annuaire.takeaway import contract_rows, lot_rows, structure_rows
from annuaire.takeaway.covers import CLAUSES, GUESSES, SAMPLES, search_cover
from annuaire.takeaway.finding import find_all
from annuaire.takeaway.rows import Batches
from annuaire.takeaway.sheets import SHEET_ROWS, sheet_lines
from annuaire.takeaway.sourcing import contract_sources, sources_read, structure_sources
from annuaire.takeaway.tables import Column, Cover, Row, Table
from annuaire.takeaway.views.sending import now, send_table
from importers.descriptions import DESCRIPTIONS
from search.filters import (
    STRUCTURE_FILTERS,
    STRUCTURE_SORTS,
    Search,
    parse,
)

pages = Blueprint("exports", __name__)

Rows = Callable[[Session, Batches, date, Mapping[str, str], str], Iterator[Row]]


@pages.get("/structures/export.<ending>")
def structures(ending: str) -> Response:
    """All the structures that a search finds, as a file."""
    asked, day = parse(STRUCTURE_FILTERS, STRUCTURE_SORTS, values(), places()), today()
    found = find_all(engine(), "structures", asked, day)
    cover = _structures_cover(asked, found.total)
    lines = structure_rows.rows(
        session(), found.batches, day, source_titles(), settings().public_url
    )
    table = Table("Structures", structure_rows.COLUMNS, lines)
    return send_table(cover, table, "structures", ending, day)


@pages.get("/marches/export.<any(xlsx, ods, csv, geojson):ending>")
def contracts(ending: str) -> Response:
    """All the contracts that a search finds, as a file: one row a contract."""
    return _contracts_file(ending, "Marchés", "marches", contract_rows.COLUMNS, contract_rows.rows)


@pages.get("/marches/export-lots.<any(xlsx, ods, csv, geojson):ending>")
def lots(ending: str) -> Response:
    """All the contracts that a search finds, as a file: one row a lot."""
    return _contracts_file(ending, "Lots", "lots", lot_rows.COLUMNS, lot_rows.rows)


def _contracts_file(
    ending: str, name: str, stem: str, columns: tuple[Column, ...], rows: Rows
) -> Response:
    asked, day = asked_contracts(engine(), values(), places()), today()
    found = find_all(engine(), "contracts", asked, day)
    sources = sources_read(session(), contract_sources(), DESCRIPTIONS)
    cover = search_cover(
        "Recherche de marchés", asked, found.total, now(), _back("/marches"), sources, [CLAUSES]
    )
    lines = rows(session(), found.batches, day, source_titles(), settings().public_url)
    return send_table(cover, Table(name, columns, lines), stem, ending, day)


@pages.get("/structures/fiche-sourcing")
def sourcing_sheet() -> str:
    """Who was found, by what criteria, when, on which sources: for the records of a purchase."""
    asked, day = parse(STRUCTURE_FILTERS, STRUCTURE_SORTS, values(), places()), today()
    found = find_all(engine(), "structures", asked, day, limit=SHEET_ROWS)
    return render_template(
        "takeaway/sheet.html",
        cover=_structures_cover(asked, found.total),
        lines=sheet_lines(session(), found.batches, day),
        total=found.total,
        back=address("/structures", _kept()),
        back_label="la recherche",
    )


def _structures_cover(asked: Search, total: int) -> Cover:
    db = session()
    notes = [GUESSES, SAMPLES] if has_samples(db) else [GUESSES]
    sources = sources_read(db, structure_sources(), DESCRIPTIONS)
    return search_cover(
        "Recherche de structures inclusives", asked, total, now(), _back("/structures"), sources,
        notes,
    )  # fmt: skip


def _kept() -> list[tuple[str, str]]:
    return [(key, value) for key, value in arguments() if key != "page"]


def _back(path: str) -> str:
    return settings().public_url + address(path, _kept())
