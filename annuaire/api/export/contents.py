"""What the files of the export hold, read page after page: no more than a page is in memory."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from annuaire.api.mirrors import mirrored_contract
from annuaire.api.schemas.changes import MirroredContractSchema
from annuaire.api.schemas.structures import StructureSchema
from annuaire.api.structures import structure_values
from annuaire.contracts.models import Contract
from annuaire.contracts.service import whole_by_ids
from annuaire.matching.service import winner_urls
from annuaire.structures.models import Structure
from annuaire.structures.reading import full_by_ids
from annuaire.takeaway import contract_rows, lot_rows, structure_rows
from annuaire.takeaway.rows import Batches, Wanted
from annuaire.takeaway.tables import Column, Row, Table

PAGE: Final = 500
Rows = Callable[[Session, Batches, date, Mapping[str, str], str], Iterable[Row]]


@dataclass(frozen=True, slots=True)
class Source:
    """What the contents are read from, and as of when."""

    session: Session
    today: date
    titles: Mapping[str, str]
    public_url: str


def structures(source: Source) -> Iterator[dict[str, Any]]:
    """Every structure that is listed now, in the API's own form."""
    schema = StructureSchema(exclude=("distance_km",))
    for batch in structure_ids(source.session):
        found = full_by_ids(source.session, [wanted.id for wanted in batch])
        for structure in found.values():
            values = structure_values(structure, source.today, source.titles, source.public_url)
            yield schema.dump(values)
        source.session.expunge_all()


def contracts(source: Source) -> Iterator[dict[str, Any]]:
    """Every contract with its lots and clauses, in the API's own form."""
    schema = MirroredContractSchema(exclude=("distance_km",))
    for batch in contract_ids(source.session):
        found = whole_by_ids(source.session, [wanted.id for wanted in batch])
        winners = winner_urls(source.session, *found.values())
        for contract in found.values():
            yield schema.dump(mirrored_contract(contract, source.today, source.public_url, winners))
        source.session.expunge_all()


def structure_ids(session: Session) -> Iterator[list[Wanted]]:
    """The structures that are listed now, by pages."""

    def page(after: int) -> Select[int]:
        listed = (Structure.ended_on.is_(None), Structure.withdrawn_on.is_(None))
        return _page(Structure.id, after).where(*listed)

    return _pages(session, page)


def contract_ids(session: Session) -> Iterator[list[Wanted]]:
    """Every contract, by pages."""
    return _pages(session, lambda after: _page(Contract.id, after))


def _page(column: InstrumentedAttribute[int], after: int) -> Select[int]:
    return select(column).where(column > after).order_by(column).limit(PAGE)


def _pages(session: Session, page: Callable[[int], Select[int]]) -> Iterator[list[Wanted]]:
    last = 0
    while ids := session.scalars(page(last)).all():
        yield [Wanted(id_) for id_ in ids]
        last = ids[-1]


def _table(
    title: str, columns: tuple[Column, ...], rows: Rows, ids: Callable[[Session], Batches]
) -> Callable[[Source], Table]:
    def read(source: Source) -> Table:
        session = source.session
        found = rows(session, ids(session), source.today, source.titles, source.public_url)
        return Table(title, columns, found)

    return read


#: Structures, contracts and lots with the columns of the site's exports.
structure_table = _table("Structures", structure_rows.COLUMNS, structure_rows.rows, structure_ids)
contract_table = _table("Marchés", contract_rows.COLUMNS, contract_rows.rows, contract_ids)
lot_table = _table("Lots", lot_rows.COLUMNS, lot_rows.rows, contract_ids)
