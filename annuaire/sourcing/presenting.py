"""Requests as pages and files show them: plain values in French."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import quote, urlencode

from annuaire.accounts.domains import is_personal
from annuaire.sourcing import rules, wording
from annuaire.sourcing.models import AskedStructure, SourcingRequest
from annuaire.sourcing.origin import origin_url
from annuaire.sourcing.service import silent_of
from annuaire.takeaway.paper import Block, Bullets, Grid, Heading, Paragraph
from annuaire.takeaway.sourcing_file import Searched
from annuaire.takeaway.tables import Column, Cover, Row
from annuaire.wording import PARIS, date_fr, date_heure_fr, pluriel

MAX_MAILTO: Final = 1_800  # characters of an address that mail programs all open

Event = tuple[datetime, str]

COLUMNS: Final = (
    Column("structure", "Structure", 36),
    Column("key", "SIRET ou numéro", 18),
    Column("email", "Courriel", 30),
    Column("asked", "Contactée le", 22),
    Column("unasked", "Non contactée, non remis", 36),
    Column("reminded", "Relance automatique", 22),
    Column("nudged", "Relance à la main", 22),
    Column("answer", "Réponse", 18),
    Column("answered", "Répondu le", 22),
    Column("message", "Message", 50),
    Column("contact", "Contact donné", 30),
)


@dataclass(frozen=True, slots=True)
class Line:
    """A structure of a request, on the buyer's page."""

    key: str
    name: str
    email: str | None
    unasked: str | None
    asked_at: datetime | None
    reminded_at: datetime | None
    nudged_at: datetime | None
    state: str
    message: str | None
    contact: str | None
    answered_at: datetime | None
    trouble: str | None = None


def lines_of(
    request: SourcingRequest, troubles: Mapping[int, str] = MappingProxyType({})
) -> list[Line]:
    """The structures of a request: those that are interested first, the silent ones next;
    `troubles` says by asked structure why its letter did not arrive."""
    order = {wording.INTERESTED: 0, None: 1, wording.DECLINED: 2}
    asked = sorted(request.asked, key=lambda a: (a.asked_at is None, order[a.answer], a.id))
    return [
        Line(
            a.key,
            a.name,
            a.email,
            wording.UNASKED[a.unasked] if a.unasked else None,
            a.asked_at,
            a.reminded_at,
            a.nudged_at,
            state_of(a),
            a.message,
            a.contact,
            a.answered_at,
            troubles.get(a.id),
        )
        for a in asked
    ]


def state_of(asked: AskedStructure) -> str:
    """What a structure answered, or that it did not."""
    if asked.answer:
        return wording.ANSWERS[asked.answer]
    return "pas de réponse" if asked.asked_at else "non contactée"


def summary(request: SourcingRequest, now: datetime) -> dict[str, Any]:
    """A request as its pages show it."""
    over = rules.is_over(request.deadline, now)
    return {
        "kind": rules.KINDS[request.kind].label,
        "state": wording.STATES["closed" if over and request.state == "open" else request.state],
        "open": request.state == "open" and not over,
        "subject": request.subject,
        "text": request.text,
        "documents": request.documents,
        "deadline": request.deadline,
        "sender": request.sender_name,
        "organisation": request.sender_organisation,
        "email": request.sender_email,
        "personal": is_personal(request.sender_email),
        "confirmed_at": request.confirmed_at,
        "closed_at": request.closed_at,
        "need_url": origin_url(request.origin),
        "told": counted(request),
        "silent": len(silent_of(request)),
        "nudged": any(asked.nudged_at for asked in request.asked),
    }


def counted(request: SourcingRequest) -> str:
    """« 3 structures contactées : 1 intéressée, 2 sans réponse »."""
    asked = [a for a in request.asked if a.asked_at]
    counts = [
        (sum(a.answer == answer for a in asked), words) for answer, words in wording.ANSWERS.items()
    ]
    counts.append((len(silent_of(request)), "sans réponse"))
    told = ", ".join(f"{count} {words}" for count, words in counts if count)
    head = pluriel(len(asked), "structure contactée")
    return f"{head} : {told}" if told else head


def event_lines(rows: Iterable[Any]) -> list[Event]:
    """What happened, each with its moment."""
    return [(row.at, _event(row)) for row in rows]


def _event(row: Any) -> str:
    said = wording.EVENTS[row.kind]
    if row.answer:
        said = f"{said} : {wording.ANSWERS[row.answer]}"
    if row.kind == "unasked" and row.unasked:
        said = f"{said} ({wording.UNASKED[row.unasked]})"
    if row.message:
        said = f"{said}, « {row.message} »"
    return f"{row.name} : {said}" if row.name else f"{said[:1].upper()}{said[1:]}"


def rows(request: SourcingRequest, troubles: Mapping[int, str]) -> Iterator[Row]:
    """The structures of a request as rows of a file, moments in Paris."""
    for line in lines_of(request, troubles):
        yield Row(
            (
                line.name,
                line.key,
                line.email,
                _moment(line.asked_at),
                line.unasked or line.trouble,
                _moment(line.reminded_at),
                _moment(line.nudged_at),
                line.state,
                _moment(line.answered_at),
                line.message,
                line.contact,
            )
        )


def _moment(moment: datetime | None) -> str | None:
    return moment.astimezone(PARIS).strftime("%Y-%m-%d %H:%M") if moment else None


def cover_of(request: SourcingRequest, events: Sequence[Event], made_at: datetime) -> Cover:
    """What is said before the rows: the request, then its journal."""
    lines = [
        ("Demande", f"{rules.KINDS[request.kind].label} : {request.subject}"),
        ("Expéditeur", f"{request.sender_name}, {request.sender_organisation}"),
        ("Envoyée", date_heure_fr(request.confirmed_at)),
        ("Dernier jour pour répondre", date_fr(request.deadline)),
        ("Résultat", counted(request)),
        *((date_heure_fr(at), said) for at, said in events),
    ]
    return Cover("Journal d'une demande à des structures", made_at, tuple(lines))


def contacted(request: SourcingRequest) -> dict[str, str]:
    """By structure, what the sourcing file says of its contact."""
    return {
        a.key: f"{date_fr(a.asked_at)} : {state_of(a)}"
        if a.asked_at
        else wording.UNASKED.get(a.unasked or "", "non contactée")
        for a in request.asked
    }


def with_request(found: Searched, request: SourcingRequest, events: Sequence[Event]) -> Searched:
    """The search with the request that came of it."""
    return replace(found, contacted=contacted(request), log=log_blocks(request, events))


def log_blocks(request: SourcingRequest, events: Sequence[Event]) -> tuple[Block, ...]:
    """The request and its answers, for the sourcing file."""
    table = tuple(
        (
            line.name,
            date_heure_fr(line.asked_at) or (line.unasked or "non contactée"),
            " ; ".join(date_heure_fr(at) for at in (line.reminded_at, line.nudged_at) if at),
            line.state,
            date_heure_fr(line.answered_at),
            " – ".join(part for part in (line.message, line.contact) if part),
        )
        for line in lines_of(request)
    )
    columns = ("Structure", "Contactée", "Relancée", "Réponse", "Répondu", "Message, contact")
    return (
        Heading("Demande envoyée et réponses"),
        Bullets(
            (
                f"{rules.KINDS[request.kind].label} : {request.subject}",
                f"De {request.sender_name}, {request.sender_organisation}",
                f"Envoyée le {date_heure_fr(request.confirmed_at)}",
                f"Dernier jour pour répondre : {date_fr(request.deadline)}",
                counted(request),
            )
        ),
        *(Paragraph(part) for part in request.text.splitlines() if part.strip()),
        Grid("Qui a été contacté, qui a répondu", columns, table),
        Heading("Journal de la demande", 2),
        Bullets(tuple(f"{date_heure_fr(at)} : {said}" for at, said in events)),
    )


def mailto(emails: Sequence[str], subject: str, body: str) -> str:
    """An address that opens one's own mail, the structures in blind copy: they must not see each
    other. A body too long for an address is cut."""
    said = {"bcc": ",".join(emails), "subject": subject, "body": body.replace("\n", "\r\n")}
    found = f"mailto:?{urlencode(said, quote_via=quote, safe='@,')}"
    while len(found) > MAX_MAILTO and len(said["body"]) > 100:
        said["body"] = said["body"][: -max(50, len(said["body"]) // 10)] + "…"
        found = f"mailto:?{urlencode(said, quote_via=quote, safe='@,')}"
    return found
