"""One letter handed to a server, step by step, and what came of it.

The steps are ours rather than `smtplib.sendmail`'s: we must know whether a connection was lost
before the content left (the letter did not arrive) or after it (nobody can know).
"""

import smtplib
from dataclasses import dataclass
from typing import Final, Literal

from annuaire.mail.composing import Message
from annuaire.mail.statuses import Kind, kind_of, status_in

Result = Literal["sent", "refused", "delayed", "lost"]
CLOSING: Final = 421  # the server is about to close the connection, whatever the step
TOO_BIG: Final = 552
MAX_ANSWER: Final = 500


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an attempt: the server took the letter, refuses it for good, or for now, or the
    connection was lost. `doubtful`: the content had left, the answer did not come. `kind` is what
    a refusal says of the address."""

    result: Result
    answer: str
    doubtful: bool = False
    kind: Kind | None = None
    status: str | None = None


def present(connection: smtplib.SMTP, message: Message, sender: str) -> Outcome | None:
    """Say who the letter is from and for, and ask to hand its content: None when the server waits
    for it."""
    try:
        return (
            _from(connection, message, sender)
            or _to(connection, message)
            or _step(connection, connection.docmd("DATA"), "DATA", {354})
        )
    except smtplib.SMTPNotSupportedError:
        return Outcome(
            "refused", "Le serveur d'envoi ne connaît pas les adresses accentuées (SMTPUTF8)."
        )
    except (OSError, smtplib.SMTPException) as error:
        return lost(connection, error)


def hand(connection: smtplib.SMTP, message: Message, timeout: float) -> Outcome:
    """Hand the content that the server waits for."""
    usual = connection.timeout
    try:
        _patience(connection, timeout)
        connection.send(_dotted(message.content))
        code, words = connection.getreply()
        _patience(connection, usual)
    except (OSError, smtplib.SMTPException) as error:
        return lost(connection, error, doubtful=True)
    if 200 <= code < 300:
        return Outcome("sent", _said(code, words))
    if not 400 <= code < 600:  # neither yes nor no
        return lost(connection, ValueError(_said(code, words)), doubtful=True)
    return _failure(connection, (code, words), "contenu")


def lost(connection: smtplib.SMTP, error: Exception, *, doubtful: bool = False) -> Outcome:
    """What a broken connection is; it is closed."""
    connection.close()
    return Outcome("lost", f"Connexion perdue : {_plain(error)}", doubtful)


def _from(connection: smtplib.SMTP, message: Message, sender: str) -> Outcome | None:
    options = ["SMTPUTF8", "BODY=8BITMIME"] if message.utf8 else []
    if connection.has_extn("size"):
        options.append(f"SIZE={len(message.content)}")
    reply = connection.mail(sender, options)
    failed = _step(connection, reply, "MAIL", {250})
    if failed and failed.result == "refused" and reply[0] != TOO_BIG:
        # It is our own address that the server refuses, or us: the letter is not at fault.
        return Outcome("delayed", failed.answer)
    return failed


def _to(connection: smtplib.SMTP, message: Message) -> Outcome | None:
    reply = connection.rcpt(message.recipient)
    failed = _step(connection, reply, "RCPT", {250, 251})
    if failed and failed.result == "refused":
        return Outcome(
            "refused", failed.answer, kind=kind_of(failed.status, reply[0]), status=failed.status
        )
    return failed


def _step(
    connection: smtplib.SMTP, reply: tuple[int, bytes], step: str, fine: set[int]
) -> Outcome | None:
    """None when the answer is fine; else what it means."""
    return None if reply[0] in fine else _failure(connection, reply, step)


def _failure(connection: smtplib.SMTP, reply: tuple[int, bytes], step: str) -> Outcome:
    """What an answer means that is not the one hoped for, the connection ready for the next letter
    or closed."""
    code, words = reply
    answer = f"{step} : {_said(code, words)}"
    if code == CLOSING or not 400 <= code < 600:
        connection.close()
        return Outcome("lost", answer)
    if step != "contenu":
        _reset(connection)
    result: Result = "refused" if code >= 500 else "delayed"
    return Outcome(result, answer, status=status_in(_said(code, words)))


def _reset(connection: smtplib.SMTP) -> None:
    try:
        if connection.rset()[0] != 250:
            connection.close()
    except (OSError, smtplib.SMTPException):
        connection.close()


def _patience(connection: smtplib.SMTP, seconds: float) -> None:
    if connection.sock is not None:
        connection.sock.settimeout(seconds)


def _dotted(content: bytes) -> bytes:
    """A content with its end (RFC 5321, 4.5.2): lines that begin with a dot have one more."""
    body = content if content.endswith(b"\r\n") else content + b"\r\n"
    doubled = body.replace(b"\r\n.", b"\r\n..")
    return (b"." + doubled if doubled.startswith(b".") else doubled) + b".\r\n"


def _said(code: int, words: bytes) -> str:
    return " ".join(f"{code} {words.decode('utf-8', 'replace')}".split())[:MAX_ANSWER]


def _plain(error: Exception) -> str:
    return " ".join(str(error).split())[:MAX_ANSWER] or type(error).__name__
