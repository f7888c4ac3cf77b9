"""What a server or a mail program sends back of a letter: a failure to deliver it (RFC 3464), or
the complaint of who received it (ARF, RFC 5965). Anything else is nobody's report.

Whoever knows our letters' address can forge one, so a report counts by the Message-ID that it
quotes: nobody but the server and who received the letter knows it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from typing import Final

from annuaire.mail.statuses import Kind, kind_of, status_in

MAX_SIZE: Final = 10_000_000  # bytes; a report holds a letter and a few lines
MAX_PARTS: Final = 50
MAX_DETAIL: Final = 500
_OURS: Final = re.compile(rb"\b([0-9a-f]{32})@")
_CODE: Final = re.compile(r"\b([45]\d\d)\b")


@dataclass(frozen=True, slots=True)
class Report:
    """What came back: the letters that it may speak of, and what it says of the address, None when
    nothing (the letter or we were refused, not the mailbox)."""

    message_ids: tuple[str, ...]
    kind: Kind | None
    status: str | None
    detail: str


def read_report(content: bytes) -> Report | None:
    """The report that a mail is; None for another mail, or one that tells of a success or a delay.
    Never raises for what a mail holds."""
    if len(content) > MAX_SIZE:
        return None
    try:
        parts = list(_parts(BytesParser(policy=compat32).parsebytes(content)))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None  # no mail at all, or one made to hurt its reader
    kinds = {part.get_content_type(): part for part in parts}
    ids = tuple(dict.fromkeys(found.decode() for found in _OURS.findall(_texts(content, parts))))
    if part := kinds.get("message/feedback-report"):
        return _complaint(part, ids)
    if part := kinds.get("message/delivery-status") or kinds.get("message/global-delivery-status"):
        return _failure(part, ids)
    return None


def _parts(mail: Message) -> Iterator[Message]:
    """Parts of a mail, the outer ones first, without going down for ever."""
    waiting = [mail]
    for _ in range(MAX_PARTS):
        if not waiting:
            return
        part = waiting.pop(0)
        yield part
        payload = part.get_payload()
        if isinstance(payload, list):
            waiting += [each for each in payload if isinstance(each, Message)]


def _texts(content: bytes, parts: list[Message]) -> bytes:
    """The mail and its parts as they read once decoded: headers may come back in base64."""
    decoded = (part.get_payload(decode=True) for part in parts if not part.is_multipart())
    return b"\n".join([content, *(each for each in decoded if isinstance(each, bytes))])


def _complaint(part: Message, ids: tuple[str, ...]) -> Report | None:
    fields = _fields(part)
    kind = next((each["feedback-type"] for each in fields if "feedback-type" in each), "")
    if kind.lower() == "not-spam":
        return None
    agent = next((each["user-agent"] for each in fields if "user-agent" in each), "")
    return Report(ids, "complaint", None, f"Plainte ({kind}) {agent}".strip()[:MAX_DETAIL])


def _failure(part: Message, ids: tuple[str, ...]) -> Report | None:
    for fields in _fields(part):
        if fields.get("action", "").lower() != "failed":
            continue
        said = fields.get("diagnostic-code", "")
        status = status_in(fields.get("status", "")) or status_in(said)
        if status in {None, "5.0.0", "4.0.0"}:  # nothing, said at length
            status = status_in(said)
        code = _CODE.search(said)
        kind = kind_of(status, int(code.group(1)) if code else None)
        return Report(ids, kind, status, f"{status or ''} {said}".strip()[:MAX_DETAIL])
    return None


def _fields(part: Message) -> list[dict[str, str]]:
    """The groups of fields of a report; a part that came encoded is read as text."""
    payload = part.get_payload()
    groups = payload if isinstance(payload, list) else [payload]
    read = BytesParser(policy=compat32)
    found: list[dict[str, str]] = []
    for group in groups:
        if not isinstance(group, Message):
            text = part.get_payload(decode=True)
            blocks = re.split(rb"\r?\n\r?\n", text) if isinstance(text, bytes) else []
            found += [_values(read.parsebytes(block)) for block in blocks]
        elif group.keys():
            found.append(_values(group))
        else:
            found.append(_values(read.parsebytes(str(group.get_payload()).encode())))
    return found


def _values(group: Message) -> dict[str, str]:
    return {name.lower(): " ".join(str(value).split()) for name, value in group.items()}
