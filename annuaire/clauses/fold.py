"""Text made plain for the rules, with the way back to the original offsets."""

import html
import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from annuaire.clauses import errata, numbers, ocr

_SIGNS = r" \t\xa0_\"«»*'`´°,/|+=~#\-·\u2000-\u206f"  # of rulers, and of blanks to be filled
# What the slow path mends: HTML entities and tags, UTF-8 read as Latin-1, soft hyphens,
# words cut at the end of a line.
_BROKEN = re.compile(
    r"&(?:#\d{1,6}|#x[0-9a-fA-F]{1,5}|[a-zA-Z]{2,8});"
    r"|</?[a-zA-Z][^<>]{0,200}>"
    r"|(?:Ã[\x80-\xbf\u0152-\u2122]|Â[\xa0-\xbf]|â€[\x80-\xbf\u0152-\u2122])"
    r"|\xad|[\u200b\u200c\u200d\ufeff]"
    r"|[-\u2010¬](?<=[a-zà-ÿ].)\r?\n[ \t]*(?=[a-zà-ÿ])"
    r"|[-\u2010](?<=[A-ZÀ-Ý]{2}.)\r?\n[ \t]*(?=[A-ZÀ-Ý]{2})"
    r"|([^\w\s])\1{15,}"  # rulers, leaders
    # Columns drawn with blanks; « - - - », « ____ »: a pattern may take time by the cube of a run.
    rf"|[{_SIGNS}](?:(?<=[ \t\xa0])[ \t\xa0]{{7,}}|[{_SIGNS}]{{15,}})"
    r"|(?<!\S)[^\W\d](?: [^\W\d'’]| ['’]){5,}(?!\S)"  # l e t t e r s   s e t   a p a r t
)
# A letter that the source lost: an apostrophe before a vowel, else most likely an « é ».
_LOST = re.compile(r"(?<=\w)[?\ufffd](?=\w)|\ufffd")
_LOST_ANYWHERE = re.compile(r"(?<=\w)[?\ufffd](?=\w|\s[a-z])|\ufffd")  # « march? est r?serv? »
_LOST_INSIDE = re.compile(r"[a-z]\?[a-z]")
_FOLDED = 3  # lines from which a folding shows
_NARROWEST = 50  # characters of the narrowest column that texts are folded at
_LOST_SIGN = re.compile(r"(?<=\b[nN])\?(?=\s?\d)")  # « lot n? 2 »
_ELISION = re.compile(r"(?:^|[^a-z])(?:[cdjlmnst]|qu|lorsqu|jusqu)$")
_SAME = {"œ": "o", "æ": "a", "ß": "s", "’": "'", "‘": "'", "`": "'", "´": "'", "ʼ": "'"}
_SAME |= {"–": "-", "—": "-", "‑": "-", "‐": "-", "−": "-", "º": "°", "\xa0": " ", "\u202f": " "}
# Windows-1252 bytes that a source kept as they were.
_SAME |= {"\x91": "'", "\x92": "'", "\x93": '"', "\x94": '"', "\x96": "-", "\x97": "-", "\x9c": "o"}
# Rules read across the lines of a sentence; where sentences end is read from `clean`.
_SAME |= {"\n": " ", "\r": " ", "\t": " ", "_": " "}


@dataclass(frozen=True, slots=True)
class Plain:
    """`clean` is readable text, `folded` the same without accents nor capitals, both of the same
    length; `origin` gives, for each of their offsets, that of the original (None: the same)."""

    clean: str
    folded: str
    origin: tuple[int, ...] | None

    def original(self, offset: int) -> int:
        """The offset in the original text."""
        return offset if self.origin is None else self.origin[offset]


@cache
def _fold_char(char: str) -> str:
    lower = char.lower()
    if lower in _SAME:
        return _SAME[lower]
    base = unicodedata.normalize("NFD", lower)[:1]
    return base if len(base) == 1 else " "


class _Table(dict[int, str]):
    def __missing__(self, code: int) -> str:
        folded = _fold_char(chr(code))
        self[code] = folded
        return folded


_TABLE = _Table()


def fold(text: str) -> str:
    """Lower case without accents, typographic marks made plain; the length stays the same."""
    return text.translate(_TABLE)


def _mended(piece: str) -> str:
    if piece.startswith("&"):
        return html.unescape(piece)
    if piece.startswith("<"):
        return "\n" if re.match(r"</?(?:br|p|li|div|tr)\b", piece, re.IGNORECASE) else " "
    if piece[0] in "ÃÂâ":
        try:
            return piece.encode("cp1252").decode("utf-8")
        except (UnicodeEncodeError, UnicodeDecodeError):
            return "'" if piece.startswith("â") else "é"
    if len(piece) > 7 and "\n" not in piece and not any(map(str.isalnum, piece)):
        signs = "".join(dict.fromkeys(piece))
        return signs if len(signs) > 1 else signs * 3
    if piece[0].isalpha():
        return piece.replace(" ", "")
    return ""


def _restore_lost(clean: str) -> str:
    clean = _LOST_SIGN.sub("°", clean)

    def guess(match: re.Match[str]) -> str:
        before = fold(clean[max(0, match.start() - 8) : match.start()])
        after = fold(clean[match.end() : match.end() + 1])
        return "'" if after in tuple("aeiouyh") and _ELISION.search(before) else "é"

    lost = _LOST_ANYWHERE if _LOST_INSIDE.search(clean) else _LOST
    return lost.sub(guess, clean)


def _unfolded(clean: str) -> str:
    """The text with blanks for the line breaks of a paragraph folded at a width, where no word of
    a line would have stood on the one above; the length stays the same."""
    lines = clean.split("\n")
    widest = max(map(len, lines))
    heads = [line.split(" ", 1)[0] for line in lines]
    if len(lines) < _FOLDED or widest < _NARROWEST or len({*heads}) < len(heads) - 1:
        return clean  # lines of a list begin alike
    for above, first in zip(lines, heads[1:], strict=False):
        if not first or len(above) + 1 + len(first) <= widest:
            return clean
    return clean.replace("\n", " ")


def plain(text: str) -> Plain:
    """Prepare a text for the rules. Never fails, whatever the text holds."""
    clean, origin = text, None
    if _BROKEN.search(text):
        pieces: list[str] = []
        offsets: list[int] = []
        last = 0
        for match in _BROKEN.finditer(text):
            pieces.append(text[last : match.start()])
            offsets.extend(range(last, match.start()))
            mended = _mended(match.group())
            pieces.append(mended)
            spread = match.group().replace(" ", "") == mended
            step = 2 if spread else 0
            offsets.extend(match.start() + step * index for index in range(len(mended)))
            last = match.end()
        pieces.append(text[last:])
        offsets.extend(range(last, len(text) + 1))
        clean, origin = "".join(pieces), tuple(offsets)
    if "\n" in clean:
        clean = _unfolded(clean)
    if "\ufffd" in clean or "?" in clean:
        clean = _restore_lost(clean)
    return Plain(clean, numbers.plain_hours(errata.without(ocr.repair(fold(clean)))), origin)
