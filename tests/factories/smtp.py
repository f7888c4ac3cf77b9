"""A mail server of the tests' own: what it received, and faults that it makes on demand."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass(frozen=True)
class Received:
    """A message that the server took for its own."""

    sender: str
    to: str
    content: bytes

    @property
    def mail(self) -> EmailMessage:
        """The message, read."""
        found = message_from_bytes(self.content, policy=default)
        assert isinstance(found, EmailMessage)
        return found

    @property
    def text(self) -> str:
        return self._part("plain")

    @property
    def html(self) -> str:
        return self._part("html")

    @property
    def subject(self) -> str:
        return str(self.mail["Subject"])

    def _part(self, kind: str) -> str:
        part = self.mail.get_body((kind,))
        assert part is not None
        return str(part.get_content()).replace("\r\n", "\n")


#: Says what the server does at a step ("door", "EHLO", "MAIL", "RCPT", "DATA", "content", "taken")
#: for a word (an address, from RCPT on the recipient's): an answer of its own, "drop" to cut the
#: connection, seconds to wait, or None. At "taken" it has the letter, and has not said so.
Fault = Callable[[str, str], "str | float | None"]


@dataclass
class Mailbox:
    """A server that runs, and what it took, in order."""

    host: str
    port: int
    letters: list[Received] = field(default_factory=list)
    connections: int = 0
    fault: Fault | None = None

    @property
    def url(self) -> str:
        return f"smtp://{self.host}:{self.port}"

    def to(self, address: str) -> list[Received]:
        """What was sent to an address."""
        return [letter for letter in self.letters if letter.to == address]

    def times(self) -> Counter[str]:
        """How many times each Message-ID was received."""
        return Counter(str(letter.mail["Message-ID"]) for letter in self.letters)


class _Handler:
    def __init__(self, mailbox: Mailbox) -> None:
        self.mailbox = mailbox

    async def step(self, server: SMTP, step: str, word: str) -> str | None:
        """What a fault answers at a step; None goes on."""
        fault = self.mailbox.fault and self.mailbox.fault(step, word)
        if isinstance(fault, float):
            await asyncio.sleep(fault)
            return None
        if fault == "drop":
            if server.transport is not None:
                server.transport.abort()
            raise asyncio.CancelledError  # aiosmtpd closes in silence
        return fault or None

    async def handle_EHLO(  # noqa: N802 - its name there
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, answers: list[str]
    ) -> list[str]:
        self.mailbox.connections += 1
        session.host_name = hostname
        answer = await self.step(server, "EHLO", hostname)
        return [answer] if answer else answers

    async def handle_MAIL(  # noqa: N802 - its name there
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = await self.step(server, "MAIL", address)
        if answer:
            return answer
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - its name there
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = await self.step(server, "RCPT", address)
        if answer:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - its name there
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        to = envelope.rcpt_tos[0]
        answer = await self.step(server, "content", to)
        if answer:
            return answer
        content = envelope.original_content or b""
        self.mailbox.letters.append(Received(envelope.mail_from or "", to, content))
        return await self.step(server, "taken", to) or "250 2.0.0 OK"


class _Server(SMTP):
    """aiosmtpd's server, which may also be rude at its door, or refuse the word DATA itself."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        fault = self.event_handler.mailbox.fault
        answer = fault("door", "") if fault else None
        if answer:
            assert isinstance(transport, asyncio.Transport)
            if answer != "drop":
                transport.write(f"{answer}\r\n".encode())
            transport.close()
            self.transport = transport
            return
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        if self.session is not None:
            super().connection_lost(error)

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - its name there
        envelope = self.envelope
        to = envelope.rcpt_tos[0] if envelope and envelope.rcpt_tos else ""
        answer = await self.event_handler.step(self, "DATA", to)
        if answer:
            await self.push(answer)
        else:
            await super().smtp_DATA(arg)


class _Controller(Controller):
    """On a port that the system chooses."""

    def factory(self) -> SMTP:
        return _Server(self.handler, **self.SMTP_kwargs)

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def mail_server(port: int = 0, **options: Any) -> Iterator[Mailbox]:
    """A server on the loopback, on a free port or a given one, until the end."""
    mailbox = Mailbox("127.0.0.1", port)
    controller = _Controller(_Handler(mailbox), hostname=mailbox.host, port=port, **options)
    controller.start()
    mailbox.port = controller.port
    try:
        yield mailbox
    finally:
        controller.stop()
