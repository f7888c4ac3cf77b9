"""Some contracts that changed, held together while the subscriptions that await them are sought."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, Final

from sqlalchemy.orm import Session

from annuaire.alerts import queries
from annuaire.alerts.prints import print_of, references_of
from annuaire.alerts.terms import terms_of
from annuaire.contracts.models import Contract
from annuaire.matching.opportunities import OpenLot, open_lots
from search.choice import make_batch
from search.contract_documents import contract_document
from search.embedded_batch import EmbeddedBatch

#: A contract whose newest notice is older is history that was read late: nobody is told of it.
NEWS: Final = timedelta(days=30)


@dataclass
class Batch:
    """Contracts by identifier, each with the day of its newest notice."""

    contracts: Mapping[int, Contract]
    newest: Mapping[int, date]

    @cached_property
    def documents(self) -> list[Mapping[str, object]]:
        """The contracts as the index holds them."""
        return [contract_document(contract) for contract in self.contracts.values()]

    @cached_property
    def index(self) -> EmbeddedBatch:
        """The contracts as an index of their own."""
        return make_batch("contracts", self.documents)

    @cached_property
    def terms(self) -> set[str]:
        """All that the contracts may be found by."""
        found = set[str]().union(*map(terms_of, self.documents))
        return {f"contracts/{term}" for term in found}

    @cached_property
    def references(self) -> dict[int, frozenset[str]]:
        """The references of each contract's notices: it may have been told under any of them."""
        return {id_: references_of(contract) for id_, contract in self.contracts.items()}

    @cached_property
    def prints(self) -> dict[int, dict[str, Any]]:
        """What each contract is like now."""
        return {id_: print_of(contract) for id_, contract in self.contracts.items()}

    @cached_property
    def open_lots(self) -> dict[int, list[OpenLot]]:
        """The lots of each contract that one may still win."""
        return {id_: open_lots(contract) for id_, contract in self.contracts.items()}

    def is_news(self, id_: int, since: datetime) -> bool:
        """Whether a contract came after a subscription began: to us, or by its newest notice."""
        return self.contracts[id_].created_at >= since or self.newest[id_] >= since.date()


def batch_of(session: Session, ids: Sequence[int], today: date) -> Batch:
    """Those of these contracts that are news, with all that alerts read of them."""
    newest = {row.contract_id: row.newest for row in _recent(session, ids, today)}
    found = session.scalars(queries.contracts_to_tell(newest)).unique()
    return Batch({contract.id: contract for contract in found}, newest)


def _recent(session: Session, ids: Sequence[int], today: date) -> Iterable[Any]:
    return session.execute(queries.recent(ids, today - NEWS)).all() if ids else ()
