"""A letter as bytes that a server takes: headers, text and page, 7 bits and CRLF throughout."""

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address, HeaderRegistry
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from typing import Any, Final

from annuaire.mail.letters import on_the_wire
from annuaire.mail.servers import From


class _Headers(HeaderRegistry):
    """The library's kinds of headers, each made once: it makes a class anew for every header of
    every mail, a quarter of the time that a mail takes."""

    def __init__(self) -> None:
        super().__init__()
        self._made: dict[str, type] = {}

    def __getitem__(self, name: str) -> type:
        if name not in self._made:
            self._made[name] = super().__getitem__(name)
        return self._made[name]


_ASCII: Final = SMTP.clone(header_factory=_Headers())
_UTF8: Final = SMTPUTF8.clone(header_factory=_Headers())


@dataclass(frozen=True, slots=True)
class Message:
    """What is handed: to whom, the bytes, and whether the server must know SMTPUTF8 (RFC 6531),
    which an address needs whose part before the @ is not ASCII."""

    id: int
    recipient: str
    content: bytes
    utf8: bool


def compose(row: Any, sender: From, now: datetime) -> Message:
    """The message of a letter's row (queries.letters_held)."""
    recipient, utf8 = on_the_wire(row.recipient)
    mail = EmailMessage(policy=_UTF8 if utf8 else _ASCII)
    mail["From"] = Address(sender.name, addr_spec=sender.address)
    mail["To"] = _address(recipient)
    mail["Subject"] = row.subject
    mail["Date"] = now
    mail["Message-ID"] = f"<{row.message_id}@{sender.domain}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no answering machine answers it
    if row.reply_to:
        mail["Reply-To"] = _address(on_the_wire(row.reply_to)[0])
    mail.set_content(row.text or "", cte="quoted-printable")
    if row.html:
        mail.add_alternative(row.html, subtype="html", cte="quoted-printable")
    return Message(row.id, recipient, _leaving(row.unsubscribe) + mail.as_bytes(), utf8)


def _leaving(address: str | None) -> bytes:
    """How to leave in one click (RFC 8058). Written by hand: the library would cut a long address
    into encoded words, which no program would follow."""
    if not address:
        return b""
    return (
        f"List-Unsubscribe: <{address}>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
    ).encode("ascii")


def _address(address: str) -> Address:
    """An address for a header: given whole, the library refuses what is not ASCII."""
    username, _, domain = address.rpartition("@")
    return Address(username=username, domain=domain)
