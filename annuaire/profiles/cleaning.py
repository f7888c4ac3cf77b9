"""Typed text made plain: no markup, nothing that cannot be seen; pure."""

import html
import re
import unicodedata

import nh3

_BLANKS = re.compile(r"[^\S\n]+")
_BREAKS = re.compile(r"\n{3,}")


def paragraphs(text: str) -> str:
    """A text in NFC with its lines: markup is taken away (what a script or a style holds with
    it), and so are controls, marks of direction and characters without width."""
    if nh3.is_html(text):
        text = html.unescape(nh3.clean(text, tags=set()))
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    seen = "".join(_seen(character) for character in text)
    lines = (_BLANKS.sub(" ", line).strip() for line in seen.split("\n"))
    return _BREAKS.sub("\n\n", "\n".join(lines)).strip()


def line(text: str) -> str:
    """The same on one line."""
    return " ".join(paragraphs(text).split())


def _seen(character: str) -> str:
    if character == "\n" or character.isprintable():
        return character
    # A no-break space is not printable for Python; a control, a bidi mark or a joiner is nothing.
    return " " if character.isspace() or unicodedata.category(character) == "Zs" else ""
