"""Consultations that platforms push: read and published as notices are, each once."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

import orjson
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from annuaire.contracts.facts import PUSHED
from annuaire.contracts.models import Contract
from annuaire.contracts.publishing import Changes, publish
from annuaire.contracts.records import BuyerRecord, CodeField, LotRecord, NoticeRecord, TextField
from annuaire.contracts.service import by_reference
from annuaire.errors import InvalidInputError, NotFoundError
from annuaire.geo.departements import departement_of_postcode
from annuaire.geo.zones import PARIS
from annuaire.platforms.models import DoneRequest, PushedConsultation
from annuaire.runs import ImportRun, close_run, open_run

CREATED: Final = "created"
UPDATED: Final = "updated"
UNCHANGED: Final = "unchanged"
KEPT: Final = timedelta(days=1)  # how long a request is not done twice


class ConflictError(InvalidInputError):
    """What is asked contradicts what was asked before."""


@dataclass(frozen=True, slots=True)
class Pushed:
    """What became of a consultation; `official` is whether its contract is also published by an
    official source, which is then believed alone."""

    result: str
    contract: Contract
    official: bool


def push(
    session: Session, platform: str, body: Mapping[str, Any], now: datetime, *, replace: bool
) -> Pushed:
    """Take in a consultation, in the caller's transaction. The same twice changes nothing.

    Raises ConflictError when the identifier is taken by another state and `replace` is off,
    NotFoundError when there is nothing to replace, InvalidInputError for a date that goes back.
    """
    key = f"{platform}.{body['id']}"
    known = session.get(PushedConsultation, key)
    if replace and known is None:
        raise NotFoundError(f"La consultation « {body['id']} » n’a pas été déposée : POST le fait.")
    record = record_of(key, body, known.published_on if known else now.astimezone(PARIS).date())
    if known is not None and record.published_on < known.published_on:
        raise InvalidInputError("La date de publication ne peut pas reculer.", "published_on")
    digest = hashlib.sha256(orjson.dumps(record)).hexdigest()
    if known is not None and not replace and digest != known.digest:
        raise ConflictError(
            f"La consultation « {body['id']} » a déjà été déposée, et dit autre chose : PUT la "
            "remplace.",
            "id",
        )
    session.merge(
        PushedConsultation(key=key, digest=digest, published_on=record.published_on, pushed_at=now)
    )
    changes = Changes()
    run_id = _run_of_day(session, platform, now)
    publish(session, run_id, [record], changes)
    _count(session, run_id, changes)
    session.expire_all()
    contract = by_reference(session, f"{PUSHED}-{key}")
    official = any(notice.source != PUSHED for notice in contract.notices)
    result = CREATED if changes.created else UPDATED if changes.updated else UNCHANGED
    return Pushed(result, contract, official)


def record_of(key: str, body: Mapping[str, Any], published_on: date) -> NoticeRecord:
    """The notice of a body that holds (`ConsultationSent`).

    It names one official thing at most, so that it can join no two contracts: the notice that it
    follows, else the procedure, else the buyer's reference.
    """
    notice, folder = body.get("notice"), body.get("folder")
    cited = notice.replace("-", ":", 1) if notice else None
    buyer = _buyer(body["buyer"])
    return NoticeRecord(
        source=PUSHED,
        source_key=key,
        title=body["title"],
        nature=body["nature"],
        buyer=buyer,
        published_on=body.get("published_on", published_on),
        deadline=body.get("deadline"),
        procedure=body.get("procedure"),
        types=tuple(body["types"]),
        description=body.get("description"),
        cpv=_cpv(body.get("cpv")),
        departements=_departements(body, buyer),
        linked_keys=(cited,) if cited else (),
        folder=None if cited else folder,
        reference=None if cited or folder else body.get("reference"),
        url=body["url"],
        lots=tuple(map(_lot, body["lots"])),
        texts=tuple(TextField(t["kind"], t["text"], t.get("lot")) for t in body["texts"]),
        codes=tuple(CodeField(c["field"], c["value"], c.get("lot")) for c in body["codes"]),
    )


def _departements(body: Mapping[str, Any], buyer: BuyerRecord) -> tuple[str, ...]:
    """Where it is: as told of the whole or of lots, else where the buyer is."""
    if body["departements"] or any("departement" in lot for lot in body["lots"]):
        return tuple(body["departements"])
    return (buyer.departement,) if buyer.departement else ()


def _buyer(sent: Mapping[str, Any]) -> BuyerRecord:
    postcode, city = sent.get("postcode"), sent.get("city")
    where = departement_of_postcode(postcode, city) if postcode else None
    return BuyerRecord(sent["name"], sent.get("siret"), postcode, city, where)


def _lot(sent: Mapping[str, Any]) -> LotRecord:
    amount = sent.get("amount_eur")
    return LotRecord(
        number=sent["number"],
        title=sent["title"],
        description=sent.get("description"),
        cpv=_cpv(sent.get("cpv")),
        departement=sent.get("departement"),
        city=sent.get("city"),
        amount_eur=amount,
        amount_kind="estimated" if amount else None,
        deadline=sent.get("deadline"),
    )


def _cpv(code: str | None) -> str | None:
    return code[:8] if code else None


def _run_of_day(session: Session, platform: str, now: datetime) -> int:
    """The reading under which a platform's consultations of this day are kept."""
    name = f"{platform}, {now.astimezone(PARIS).date()}"
    known = session.scalar(
        select(ImportRun.id)
        .where(ImportRun.source == PUSHED, ImportRun.file_name == name)
        .order_by(ImportRun.id.desc())
        .limit(1)
    )
    return known if known is not None else open_run(session, PUSHED, name)


def _count(session: Session, run_id: int, changes: Changes) -> None:
    counts = dict(session.get_one(ImportRun, run_id).counts)
    known = {name: counts.get(name, 0) for name in ("created", "updated", "unchanged")}
    now = {name: count + getattr(changes, name) for name, count in known.items()}
    counts |= now | dict.fromkeys(("read", "accepted"), sum(now.values()))
    close_run(session, run_id, "done", counts)


def once(session: Session, family: str, value: str, body: bytes, now: datetime) -> None:
    """Note a request under the name that its sender gave it (`Idempotency-Key`), in the caller's
    transaction; the same again is no error. Raises ConflictError when another bore that name."""
    fingerprint = hashlib.sha256(body).hexdigest()
    session.execute(delete(DoneRequest).where(DoneRequest.done_at < now - KEPT))
    known = session.scalar(
        select(DoneRequest.fingerprint).where(
            DoneRequest.family == family, DoneRequest.value == value
        )
    )
    if known is None:
        session.add(DoneRequest(family=family, value=value, fingerprint=fingerprint, done_at=now))
        session.flush()
    elif known != fingerprint:
        raise ConflictError(
            "Cet « Idempotency-Key » a servi à un autre envoi depuis moins d’un jour.",
            "Idempotency-Key",
        )
