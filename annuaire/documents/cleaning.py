"""Letters made fit to be read and shown; offsets refer to what comes out of here."""

import re
import unicodedata

_BULLETS = str.maketrans(
    {"\uf0b7": "•", "\uf0a7": "•", "\uf0d8": "•", "\uf02d": "-", "\uf0e8": "→"}
)
#: Controls but line feeds and tabs; invisible marks; halves of pairs; what is no character.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
    "\ufff0-\uffff\ud800-\udfff]"
)
_LINE_ENDS = re.compile("\r\n?|[\x85\u2028\u2029]")


def clean(text: str) -> str:
    """Composed accents, line feeds alone, no control nor invisible mark."""
    text = _LINE_ENDS.sub("\n", text.translate(_BULLETS))
    return unicodedata.normalize("NFC", _UNSEEN.sub("", text))


def decoded(data: bytes) -> str:
    """The letters of a file of text: by its mark, as UTF-8, else as Windows writes French."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")
