"""What a server's answer or a report of non-delivery says of an address (RFC 3463, RFC 5321)."""

import re
from typing import Final, Literal

Kind = Literal["hard", "soft", "complaint"]

_STATUS: Final = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
#: There is no such mailbox, or there is none any more.
_GONE: Final = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"})
#: Of the address, the mailbox or the way to it; other subjects (5.3, 5.5, 5.6, 5.7) tell of us, of
#: our server or of the letter.
_OF_THE_ADDRESS: Final = ("5.1.", "5.2.", "5.4.", "4.")


def status_in(text: str) -> str | None:
    """The first enhanced status code (« 5.1.1 ») of an answer; None when it has none."""
    found = _STATUS.search(text)
    return found.group() if found else None


def kind_of(status: str | None, code: int | None = None) -> Kind | None:
    """Whether a failure says that the mailbox is gone ("hard"), that it fails now ("soft"), or
    nothing of the address (None). `code` is the answer's three digits, for servers that give no
    enhanced status: 550, 551 and 553 are then about the mailbox, and prove nothing alone."""
    if status is None:
        return "soft" if code in {550, 551, 553} else None
    if status in _GONE:
        return "hard"
    return "soft" if status.startswith(_OF_THE_ADDRESS) else None
