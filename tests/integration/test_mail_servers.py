"""Servers of mails as settings name them: ciphered, signed in, or not used at all."""

import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.smtp import AuthResult
from sqlalchemy.orm import Session

from annuaire.mail.policy import Sender
from annuaire.mail.sending import Counts, send_waiting
from annuaire.mail.servers import ServerAway, read_server
from tests.factories.letters import ORIGIN, queue_for, rows
from tests.factories.smtp import mail_server


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[trustme.CA]:
    """Who signs the servers of tests, trusted here."""
    signer = trustme.CA()
    signer.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    return signer


@pytest.mark.database("sqlite")
def test_letters_leave_ciphered_and_signed_in_or_not_at_all(
    session: Session, authority: trustme.CA
) -> None:
    queue_for(session, [f"n{i}@exemple.fr" for i in range(2)])
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    stranger = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(stranger)

    def authenticator(*given: Any) -> AuthResult:
        login = given[-1]
        good = (login.login, login.password) == (b"moi", b"m@t/")
        return AuthResult(success=good, handled=False)

    signed = {"authenticator": authenticator, "auth_required": True}
    cases = [
        ({}, "starttls://127.0.0.1", "STARTTLS"),
        ({"tls_context": stranger}, "starttls://127.0.0.1", "CERTIFICATE"),
        ({"ssl_context": stranger}, "smtps://127.0.0.1", "CERTIFICATE"),
        ({"tls_context": context, **signed}, "starttls://moi:faux@127.0.0.1", "535"),
    ]
    for options, url, why in cases:
        with mail_server(**options) as mailbox:
            server = read_server(f"{url}:{mailbox.port}")
            with pytest.raises(ServerAway, match=why):
                send_waiting(session, server, ORIGIN, Sender("test"))
        assert mailbox.letters == []
        assert "faux" not in str([row.answer for row in rows(session)])
    with mail_server(tls_context=context, **signed) as mailbox:
        url = f"starttls://moi:m%40t%2F@127.0.0.1:{mailbox.port}"
        assert send_waiting(session, read_server(url), ORIGIN, Sender("t")) == Counts(sent=2)
    queue_for(session, ["autre@exemple.fr"])
    with mail_server(ssl_context=context) as mailbox:
        server = read_server(f"smtps://127.0.0.1:{mailbox.port}")
        assert send_waiting(session, server, ORIGIN, Sender("t")) == Counts(sent=1)
