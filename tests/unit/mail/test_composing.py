"""Whatever a letter holds, its message is one mail with its own headers and no other."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from annuaire.mail.composing import compose
from annuaire.mail.letters import Letter, one_line
from annuaire.mail.servers import From
from annuaire.mail.service import _storable

ORIGIN = From('Ville "de" Lille, achats', "a@annuaire.example.org")
NOW = datetime(2026, 5, 4, 8, tzinfo=UTC)
HEADERS = [
    "List-Unsubscribe", "List-Unsubscribe-Post", "From", "To", "Subject", "Date", "Message-ID",
    "Auto-Submitted", "Reply-To", "MIME-Version", "Content-Type",
]  # fmt: skip


def row(letter: Letter) -> Any:
    """A letter as it is kept."""
    return SimpleNamespace(
        id=1,
        message_id="0" * 32,
        recipient=letter.to,
        subject=one_line(letter.subject),
        text=_storable(letter.text),
        html=_storable(letter.html),
        reply_to=letter.reply_to,
        unsubscribe=letter.unsubscribe,
    )


@given(st.text(max_size=300), st.text(max_size=300), st.text(max_size=300))
def test_what_is_written_is_what_is_read(subject: str, text: str, html: str) -> None:
    letter = Letter(
        "a@exemple.fr", subject, text, html, "1", "alert",
        "acheteur@ville.fr", "https://annuaire.example.org/q/" + "x" * 400,
    )  # fmt: skip
    content = compose(row(letter), ORIGIN, NOW).content
    assert content.isascii()
    assert max(map(len, content.split(b"\r\n"))) <= 998
    assert b"\n" not in content.replace(b"\r\n", b"")
    mail = message_from_bytes(content, policy=default)
    expected = HEADERS if _storable(html) else [*HEADERS[:-2], *mail.keys()[9:]]
    assert mail.keys() == expected
    assert str(mail["Subject"]) == one_line(subject)
    assert mail["From"].addresses[0].display_name == ORIGIN.name
    assert [each.addr_spec for each in mail["To"].addresses] == ["a@exemple.fr"]
    part = mail.get_body(("plain",))
    assert part is not None
    assert lines(part.get_content()) == lines(_storable(text))


def lines(text: str) -> list[str]:
    """The lines of a text, whatever ends them."""
    return text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n").split("\n")
