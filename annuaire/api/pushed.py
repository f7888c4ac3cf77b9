"""What is answered to a platform that pushed a consultation: clauses found, structures proposed."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from annuaire.api.contracts import contract_values, finding_values
from annuaire.api.schemas.pushed import SUGGESTED, SUGGESTED_LOTS
from annuaire.contracts.models import Contract
from annuaire.matching.need import need_from_lot
from annuaire.matching.service import as_json, suggest
from annuaire.platforms.consultations import Pushed
from search.engine import Engine

SAID = ("reference", "url", "social", "environmental", "clause_types", "hours")


def pushed_values(
    session: Session, engine: Engine, pushed: Pushed, today: date, public_url: str
) -> dict[str, Any]:
    """The answer, in plain values. Raises EngineUnavailable."""
    contract = pushed.contract
    values = contract_values(contract, today, public_url)
    names = {notice.id: f"{notice.source}-{notice.source_key}" for notice in contract.notices}
    return {name: values[name] for name in SAID} | {
        "result": pushed.result,
        "official": pushed.official,
        "findings": [finding_values(f) | {"notice": names[f.notice_id]} for f in contract.findings],
        "lots": list(_lots(session, engine, contract, today)),
    }


def _lots(session: Session, engine: Engine, contract: Contract, today: date) -> Any:
    if contract.state == "cancelled":
        return
    for lot in contract.standing_lots[:SUGGESTED_LOTS]:
        answer = suggest(session, engine, need_from_lot(contract, lot), today, limit=SUGGESTED)
        yield {"lot": lot.number, "suggestions": as_json(answer)["suggestions"]}
