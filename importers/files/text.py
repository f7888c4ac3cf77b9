"""Text damaged on its way, repaired only where the repair is sure."""

import html
import re

from importers.files.fields import clean

# What a byte of UTF-8 or cp1252 looks like once read as cp1252, or as latin-1 where that fails.
_BYTE_OF = {
    bytes([b]).decode("cp1252"): b for b in range(256) if b not in (129, 141, 143, 144, 157)
}
_BYTE_OF |= {chr(b): b for b in range(128, 160)}
_C1 = {b: bytes([b]).decode("cp1252", "replace").replace("\ufffd", "") for b in range(128, 160)}
_SUSPECT = re.compile("[ÂÃÅâ][^\x00-\x7f]")
_FRENCH = re.compile("^[\x00-\x7f\xa0-ÿŒœŸ‐-‧‰‹›€\u202f]*$")
_HAS_C1 = re.compile("[\x80-\x9f]")


def repair(text: str) -> str:
    """UTF-8 that was read as Windows-1252 read right (`Ã©` → `é`), and C1 controls (`\\x96` → `–`).

    The whole text must come out as French, else it stays as it is: `BÂTIMENT` is no damage.
    """
    if text.isascii():
        return text
    if _SUSPECT.search(text):
        try:
            whole = bytes(_BYTE_OF[c] for c in text).decode("utf-8")
        except (KeyError, UnicodeDecodeError):
            whole = ""
        if whole and _FRENCH.match(whole):
            text = whole
    return text.translate(_C1) if _HAS_C1.search(text) else text


def unescape(text: str) -> str:
    """HTML entities decoded once: `&#039;` → `'`, `&amp;lt;` → `&lt;`."""
    return html.unescape(text) if "&" in text else text


def tidy(text: str) -> str:
    """A line of text: entities decoded, repaired, blanks made single spaces."""
    return clean(repair(unescape(text)))


def tidy_lines(text: str) -> str:
    """A text of several lines, each tidied; empty lines dropped."""
    lines = (clean(line) for line in repair(unescape(text)).splitlines())
    return "\n".join(line for line in lines if line)
