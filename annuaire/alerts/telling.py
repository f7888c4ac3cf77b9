"""What letters say of contracts: lot by lot, plain values, each contract made once for all."""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from annuaire.alerts import queries
from annuaire.clauses.labels import LABELS
from annuaire.contracts import amounts
from annuaire.contracts.lots import lot_view
from annuaire.contracts.models import Contract, Finding
from annuaire.contracts.presenting import departement_name, told
from annuaire.contracts.states import state_of
from annuaire.mail.rendering import part

MOST_LOTS: Final = 8
MOST_CLAUSES: Final = 4
MOST_EVIDENCE: Final = 300  # characters of a sentence
KEPT: Final = 2_000  # contracts remembered from one letter to the next


@dataclass(frozen=True, slots=True)
class Told:
    """A contract as letters tell it: its own part, and what sorts it."""

    reference: str
    title: str
    html: str
    text: str
    social: bool
    closes: date | None


#: A contract as it was written at a moment.
Version = tuple[int, datetime]


class Telling:
    """Contracts by the reference under which they were found."""

    def __init__(self, url: str, today: date) -> None:
        self._url, self._today = url, today
        self._told: OrderedDict[Version, Told] = OrderedDict()

    def of(self, session: Session, references: Iterable[str]) -> dict[str, Told]:
        """Those of these contracts that are there still, as they are now."""
        ids = _ids(session, set(references))
        rows = session.execute(queries.versions(ids.values()))
        versions: dict[int, Version] = {row.id: (row.id, row.updated_at) for row in rows}
        missing = [id_ for id_, version in versions.items() if version not in self._told]
        for contract in session.scalars(queries.contracts_to_tell(missing)).unique():
            self._told[versions[contract.id]] = self._tell(contract)
        found = {name: self._told[versions[id_]] for name, id_ in ids.items() if id_ in versions}
        while len(self._told) > KEPT:
            self._told.popitem(last=False)
        return found

    def _tell(self, contract: Contract) -> Told:
        values = contract_values(contract, self._url, self._today)
        return Told(
            contract.reference, contract.title,
            part("alert_contract.html", contract=values),
            part("alert_contract.txt", contract=values),
            contract.social, contract.deadline.date() if contract.deadline else contract.expires_on,
        )  # fmt: skip


def _ids(session: Session, references: set[str]) -> dict[str, int]:
    """The contracts of these references: their own, or those of notices that were joined since."""
    rows = session.execute(queries.ids_of_references(references))
    found = {row.reference: row.id for row in rows}
    by_source: dict[str, list[str]] = {}
    for source, _, key in (name.partition("-") for name in references - found.keys()):
        by_source.setdefault(source, []).append(key)
    for source, keys in by_source.items():
        for row in session.execute(queries.ids_of_notices(source, keys)):
            found[f"{source}-{row.source_key}"] = row.contract_id
    return found


def contract_values(contract: Contract, url: str, today: date) -> dict[str, Any]:
    """A contract in plain values: what, where, how much, until when, with which clauses."""
    state = state_of(contract, today)
    standing = contract.standing_lots
    lots = [lot_view(contract, lot, lambda _reference, _winner: None) for lot in standing]
    official = next((n.url for n in reversed(contract.notices) if n.url), None)
    return {
        "title": contract.title,
        "url": f"{url}/marches/{contract.reference}",
        "buyer": contract.buyer.name,
        "place": ", ".join(
            dict.fromkeys(
                filter(
                    None, (contract.buyer.city, *map(departement_name, contract.departements[:4]))
                )
            )
        ),
        "published": contract.published_on,
        "state": state.label,
        "open": state.open,
        "deadline": state.deadline,
        "since": state.since,
        "amount": amounts.total(lot.amount_eur for lot in standing),
        "lots": lots[:MOST_LOTS] if len(lots) > 1 or lots[0].title != contract.title else [],
        "more_lots": max(0, len(lots) - MOST_LOTS),
        "clauses": _clauses(contract.standing_findings),
        "official_url": official,
        "site": url,
    }


def _clauses(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """The clauses, each type once: its sentence before its code, the social ones before the
    environmental."""
    best: dict[str, Finding] = {}
    hours: dict[str, float] = {}
    for finding in findings:
        known = best.get(finding.type)
        if known is None or (finding.source, finding.confidence) > (known.source, known.confidence):
            best[finding.type] = finding
        if finding.hours:
            hours[finding.type] = max(finding.hours, hours.get(finding.type, 0.0))
    shown = sorted(best.values(), key=lambda f: (f.type == "environment", f.type))[:MOST_CLAUSES]
    return [
        {
            "label": LABELS[each.type].name,
            "sentence": _cut(each.evidence) if each.source == "text" else None,
            "meaning": told(each) if each.source == "code" else None,
            "hours": hours.get(each.type),
            "lots": each.lots,
            "optional": each.optional,
        }
        for each in shown
    ]


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= MOST_EVIDENCE else f"{line[:MOST_EVIDENCE].rstrip()}…"
