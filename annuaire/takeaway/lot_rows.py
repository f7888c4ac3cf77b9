"""Lots as rows of an export: what their contract says, then what is their own."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

from annuaire.contracts import amounts
from annuaire.contracts.lots import concerning, cpv_label, end_of
from annuaire.contracts.models import Contract, Finding, Lot
from annuaire.contracts.presenting import departement_name
from annuaire.contracts.service import full_by_ids
from annuaire.takeaway.contract_rows import (
    FIRST,
    LAST,
    activities,
    clauses,
    evidence,
    hours,
    place_of,
    winners,
    yes,
)
from annuaire.takeaway.rows import Written, written_rows
from annuaire.takeaway.tables import Cell, Column, Row


@dataclass(frozen=True, slots=True)
class _Own:
    """A lot with the clauses that concern it."""

    lot: Lot
    findings: list[Finding]


def _rows(written: Written[Contract]) -> Iterator[Row]:
    contract = written.thing
    first = tuple(value(written) for _, value in FIRST)
    last = tuple(value(written) for _, value in LAST)
    point = place_of(contract)
    for lot in contract.lots:
        own = _Own(lot, [finding for _, finding in concerning(contract, lot.number)])
        yield Row((*first, *(value(own) for _, value in _COLUMNS), *last), point)


#: One row a lot, those of one contract together; a fixed number of queries a batch.
rows = partial(written_rows, load=full_by_ids, row=_rows)


def _place(own: _Own) -> Cell:
    where = departement_name(own.lot.departement) if own.lot.departement else None
    return ", ".join(filter(None, (own.lot.city, where)))


_COLUMNS: Final[tuple[tuple[Column, Callable[[_Own], Cell]], ...]] = (
    (Column("lot", "Lot", 8), lambda o: o.lot.number),
    (Column("objet_lot", "Objet du lot", 50), lambda o: o.lot.title),
    (Column("cpv_lot", "CPV du lot", 30), lambda o: cpv_label(o.lot.cpv)),
    (Column("activites_lot", "Activités reconnues", 36), lambda o: activities(o.lot.activities)),
    (Column("lieu_lot", "Lieu", 24), _place),
    (Column("montant_ht", "Montant HT (€)", 14), lambda o: o.lot.amount_eur),
    (Column("montant_nature", "Nature du montant", 12),
     lambda o: amounts.KINDS.get(o.lot.amount_kind or "")),
    (Column("montant_invraisemblable", "Montant invraisemblable", 12),
     lambda o: yes(amounts.unlikely(o.lot.amount_eur))),
    (Column("clauses", "Clauses repérées", 36), lambda o: clauses(o.findings)),
    (Column("heures", "Heures d’insertion", 12), lambda o: hours(o.findings)),
    (Column("phrase", "Phrase ou code qui le prouve", 50), lambda o: evidence(o.findings)),
    (Column("attributaires", "Attribué à", 32), lambda o: winners(o.lot.awards)),
    (Column("issue_lot", "Issue", 16), lambda o: end_of(o.lot)),
)  # fmt: skip
COLUMNS = (
    *(column for column, _ in FIRST),
    *(column for column, _ in _COLUMNS),
    *(column for column, _ in LAST),
)
