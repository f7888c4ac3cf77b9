"""A contract on its own page: its state first, its clauses with their proof, its notices."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from annuaire.contracts.awarded import WinnerUrl, changes_of
from annuaire.contracts.facts import PUSHED
from annuaire.contracts.history import history
from annuaire.contracts.lots import cpv_label, lot_view
from annuaire.contracts.marking import marked_notices
from annuaire.contracts.models import Contract
from annuaire.contracts.presenting import (
    buyer_url,
    departement_name,
    finding_view,
    flags_of,
)
from annuaire.contracts.records import NO_OBJECT, NONE_DECLARED
from annuaire.contracts.states import state_of
from annuaire.runs import ImportRun
from search.filters.contracts import NATURES, procedure_label

WRITTEN_HERE: Final = "site-acheteur."  # how the keys begin of what buyers write on this site


@dataclass(frozen=True, slots=True)
class Step:
    """One notice of a contract: when, what, by which source; `read_at` is when we read it,
    `changes` what it changed, in sentences. It is not `in_force` once another replaced it. `match`
    is the notice that it was matched with and why, where no key ties it to this contract."""

    published: date
    nature: str
    source: str
    source_url: str
    number: str
    official_url: str | None
    read_at: datetime | None
    changes: tuple[str, ...] = ()
    in_force: bool = True
    match: Mapping[str, Any] | None = None
    own: bool = False  # the buyer wrote it on this site


def sheet(contract: Contract, today: date, winner_url: WinnerUrl) -> dict[str, Any]:
    """A contract on its own page; `winner_url(reference, winner)` leads to a listed structure."""
    newest = contract.notices[-1] if contract.notices else None
    procedure = contract.procedure.lower() if contract.procedure else ""
    return {
        "title": contract.title,
        "reference": contract.reference,
        "url": f"/marches/{contract.reference}",
        "buyer": contract.buyer.name,
        "buyer_url": buyer_url(contract.buyer.key),
        "buyer_siret": contract.buyer.siret,
        "place": " ".join(p for p in (contract.buyer.postcode, contract.buyer.city) if p),
        "departements": [departement_name(code) for code in contract.departements],
        "published": contract.published_on,
        "state": state_of(contract, today),
        "procedure": procedure_label(procedure),
        "types": contract.types,
        "cpv_label": cpv_label(contract.cpv),
        "official_url": newest.url if newest else None,
        "flags": flags_of(finding.type for finding in contract.findings),
        "texts": marked_notices(contract, NATURES),
        "untold": _untold(contract),
        "findings": [finding_view(f, rank) for rank, f in enumerate(contract.findings, 1)],
        "lots": [lot_view(contract, lot, winner_url) for lot in contract.lots],
        "contradictions": _contradictions(contract),
        "changes": changes_of(contract),
    }


def _untold(contract: Contract) -> bool:
    """Whether nothing published can tell if it has a clause, not even that it has none."""
    told = (text for notice in contract.notices for _, text, _ in notice.texts)
    return NO_OBJECT in contract.title.lower() and not any(NONE_DECLARED in text for text in told)


def _contradictions(contract: Contract) -> list[str]:
    """Where codes and texts of the notices in force disagree, each once: shown, not settled."""
    told = ((n.facts or {}).get("contradictions", ()) for n in contract.notices if n.in_force)
    return list(dict.fromkeys(sentence for sentences in told for sentence in sentences))


def timeline(
    contract: Contract, titles: Mapping[str, str], runs: Mapping[int, ImportRun]
) -> list[Step]:
    """The notices of a contract, the newest first, with what each one changed."""
    changes = {each.reference: each.changes for each in history(contract)}
    return [
        Step(
            published=notice.published_on,
            nature=NATURES.get(notice.nature, notice.nature),
            source=titles.get(notice.source, notice.source),
            source_url=f"/sources/{notice.source}",
            number=notice.source_key,
            official_url=notice.url,
            read_at=runs[notice.run_id].ended_at if notice.run_id in runs else None,
            changes=changes[f"{notice.source}-{notice.source_key}"],
            in_force=notice.in_force,
            match=notice.matched,
            own=notice.source == PUSHED and notice.source_key.startswith(WRITTEN_HERE),
        )
        for notice in reversed(contract.notices)
    ]
