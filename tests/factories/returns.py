"""Reports of non-delivery and complaints as servers write them, about a letter of ours."""

from base64 import b64encode


def letter_headers(message_id: str) -> str:
    return (
        "From: annuaire <ne-pas-repondre@annuaire.example.org>\r\nTo: jeanne@exemple.fr\r\n"
        f"Subject: Bonjour\r\nMessage-ID: <{message_id}@annuaire.example.org>\r\n"
    )


def postfix(message_id: str, status: str, said: str, action: str = "failed") -> bytes:
    """A Postfix non-delivery notification: the whole letter comes back."""
    return _report(
        "delivery-status",
        "message/delivery-status",
        "Reporting-MTA: dns; mx.exemple.fr\r\nX-Postfix-Queue-ID: 4F2\r\n\r\n"
        "Final-Recipient: rfc822; jeanne@exemple.fr\r\n"
        f"Action: {action}\r\nStatus: {status}\r\nRemote-MTA: dns; mx.exemple.fr\r\n"
        f"Diagnostic-Code: smtp; {said}\r\n",
        "message/rfc822",
        letter_headers(message_id) + "\r\nBonjour\r\n",
    )


def exchange(message_id: str, status: str, said: str) -> bytes:
    """An Exchange notification: headers alone come back, in base64, as in some versions."""
    headers = b64encode(letter_headers(message_id).encode()).decode()
    return _report(
        "delivery-status",
        "message/delivery-status",
        "Reporting-MTA: dns;EX01.exemple.fr\r\n\r\nOriginal-Recipient: rfc822;jeanne@exemple.fr\r\n"
        f"Final-Recipient: rfc822;jeanne@exemple.fr\r\nAction: failed\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: smtp;{said}\r\n\r\n",
        "text/rfc822-headers\r\nContent-Transfer-Encoding: base64",
        headers + "\r\n",
    )


def complaint(message_id: str, kind: str = "abuse") -> bytes:
    """An ARF report, the recipient's address taken off, as most providers do."""
    return _report(
        "feedback-report",
        "message/feedback-report",
        f"Feedback-Type: {kind}\r\nUser-Agent: Exemple-FBL/1.0\r\nVersion: 1\r\n"
        "Source-IP: 192.0.2.1\r\n",
        "message/rfc822",
        letter_headers(message_id) + "\r\nBonjour\r\n",
    )


def absence(message_id: str) -> bytes:
    """The answer of a person who is away: no report at all."""
    return (
        "From: jeanne@exemple.fr\r\nSubject: Absente\r\nAuto-Submitted: auto-replied\r\n"
        f"In-Reply-To: <{message_id}@annuaire.example.org>\r\n\r\nJe reviens lundi.\r\n"
    ).encode()


def _report(kind: str, second: str, fields: str, third: str, returned: str) -> bytes:
    parts = (
        ("text/plain; charset=utf-8", "Votre message n’a pas été remis.\r\n"),
        (second, fields),
        (third, returned),
    )
    body = "".join(f"--X\r\nContent-Type: {type_}\r\n\r\n{content}\r\n" for type_, content in parts)
    return (
        "From: MAILER-DAEMON@mx.exemple.fr\r\nTo: ne-pas-repondre@annuaire.example.org\r\n"
        "Subject: Undelivered Mail Returned to Sender\r\nMIME-Version: 1.0\r\n"
        f'Content-Type: multipart/report; report-type={kind}; boundary="X"\r\n\r\n{body}--X--\r\n'
    ).encode()
