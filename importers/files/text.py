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
_HIDDEN = re.compile(
    r"<(script|style)\b[^>]{0,500}>.{0,20000}?</\1\s*>|<!--.{0,5000}?-->", re.IGNORECASE | re.DOTALL
)
_BREAK = re.compile(r"<\s*(?:br|/p|/div|/li|/tr|/h[1-6])\b[^<>]{0,500}>", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:a|abbr|address|article|b|big|blockquote|br|center|code|col|dd|div|dl|dt|em|embed|font|form"
    r"|h[1-6]|hr|i|iframe|img|input|li|link|meta|object|ol|p|pre|s|script|section|small|span|strike"
    r"|strong|style|sub|sup|svg|table|tbody|td|tfoot|th|thead|tr|tt|u|ul)\b[^<>]{0,2000}>",
    re.IGNORECASE,
)
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


def untagged(text: str) -> str:
    """A text without the HTML that editors leave in it: paragraphs and lines become lines, scripts
    and styles go with what they hold; « < 90 °C » stays."""
    if "<" not in text:
        return text
    text = _BREAK.sub("\n", _HIDDEN.sub(" ", text))
    return _TAG.sub("", text)


def plain(text: str) -> str:
    """A line of text that may be HTML: entities decoded once, tags taken away, tidied."""
    return clean(repair(untagged(unescape(text))))


def plain_lines(text: str) -> str:
    """A text of several lines that may be HTML, each tidied; empty lines dropped."""
    lines = (clean(line) for line in repair(untagged(unescape(text))).splitlines())
    return "\n".join(line for line in lines if line)


def tidy(text: str) -> str:
    """A line of text: entities decoded, repaired, blanks made single spaces."""
    return clean(repair(unescape(text)))


def tidy_lines(text: str) -> str:
    """A text of several lines, each tidied; empty lines dropped."""
    lines = (clean(line) for line in repair(unescape(text)).splitlines())
    return "\n".join(line for line in lines if line)
