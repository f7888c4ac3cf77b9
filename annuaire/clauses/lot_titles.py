"""Lots that a buyer only wrote in words: « Lot n° 3 : espaces verts »."""

import re
from collections.abc import Iterator

_MARK = re.compile(
    r"(?:(?<![\w-])lots?|(?<=[a-zà-ÿ).])(?-i:L(?:ot|OT)))"  # the word, even glued to the last one
    r"\s*(?:[-–]\s*)?(?P<sign>n\s*(?:[°º.]|o\s*(?=\d)|um[ée]ro)?\s*)?"
    r"0*(?P<number>\d{1,3})(?P<letter>[a-z]\b)?"
    r"\s*(?P<separator>[:=.\-–—_]+|['\"«(]+(?=\w))?\s*",
    re.IGNORECASE,
)
# « lots 3 - étanchéité et 6 - électricité »: the next of several, without the word.
_NEXT = re.compile(
    r"(?:[,;/]|\bet\b)\s*(?:n\s*[°ºo.]\s*)?0*(?P<number>\d{1,3})(?P<letter>[a-z]\b)?"
    r"\s*(?P<separator>[:=\-–—(]+)\s*(?=[^\W\d_]{3})",
    re.IGNORECASE,
)
_END = re.compile(r"[;\n]|\((?:rectificatif|annulation|relance)\)|\bsuite (?:à|a)\b", re.IGNORECASE)
_LISTED = re.compile(r"\d+[a-z]?\s*(?:,|et\b|à\b|/|\d|$)", re.IGNORECASE)  # « lots 2, 3 et 5 »
_CLOSING = {"(": ")", "«": "»", '"': '"', "'": "'"}
_FIRST_WORD = re.compile(r"[\w']+")
# Words after a lot's number that begin no title: « lot 3 et lot 5 », « lot 2 infructueux ».
# fmt: off
_NO_TITLE = frozenset((
    "a", "à", "au", "aux", "après", "apres", "avec", "concernant", "dans", "de", "déclaré",
    "declare", "déclarée", "des", "du", "en", "est", "et", "euro", "euros", "fait", "sera",
    "ht", "infructueux", "infructueuse", "ou", "par", "pour", "puis", "relance", "relatif",
    "sans", "sont", "suite", "sur", "suivant", "lot", "lots", "uniquement", "d", "l", "qui",
    "que",
))
# fmt: on
TITLE_LIMIT = 300


def lots_in_title(title: str) -> list[tuple[str, str]]:
    """(number, title) of each lot named in a notice's title, in order, each number once."""
    return _unique(_lots(title, strict=False))


def lots_in_description(text: str) -> list[tuple[str, str]]:
    """(number, title) of the lots listed in a description, one at the head of each line.

    Elsewhere in a description « lot 3 » speaks of a lot, it does not name it.
    """
    heads = (re.sub(r"^[\s•*·–-]+", "", line) for line in text.split("\n"))
    listed = (lot for line in heads if _MARK.match(line) for lot in _lots(line, strict=True))
    return _unique(listed)


def _lots(text: str, *, strict: bool) -> Iterator[tuple[str, str]]:
    marks = list(_marks(text))
    ends = [*(m.start() for m in marks[1:]), len(text)][: len(marks)]
    for mark, end in zip(marks, ends, strict=True):
        title = _within(mark, _END.split(text[mark.end() : end], maxsplit=1)[0])
        title = re.sub(r"[\s,/-]+(?:et|puis|ou)?(?:\s+(?:le|du|pour le))?$", "", title)
        if (mark["separator"] is None and strict) or not _is_title(title, mark):
            continue
        yield mark["number"] + (mark["letter"] or "").lower(), title[:TITLE_LIMIT]


def _marks(text: str) -> Iterator[re.Match[str]]:
    """Where the lots are named: by the word, and by their numbers alone after « lots »."""
    found = list(_MARK.finditer(text))
    for mark, end in zip(found, [*(m.start() for m in found[1:]), len(text)], strict=False):
        yield mark
        if mark["separator"] and mark.group().lower().startswith("lots"):
            yield from _NEXT.finditer(text, mark.end(), end)


def _within(mark: re.Match[str], text: str) -> str:
    """The title up to the quote or bracket that closes the one opened before it."""
    opened = text.lstrip()[:1] if not mark["separator"] else mark["separator"][-1]
    if closing := _CLOSING.get(opened):
        text = text.lstrip(opened).split(closing, 1)[0]
    elif 0 <= text.find(")") < (text.find("(") if "(" in text else len(text)):
        text = text.split(")", 1)[0]  # the bracket was opened before « lot »
    text = text.strip(" \t'\"«».,:-–—_/")
    return text.rstrip(" (") if text.count("(") <= text.count(")") else text.strip("( ")


def _is_title(title: str, mark: re.Match[str]) -> bool:
    if sum(c.isalpha() for c in title) < 3 or _LISTED.match(title):
        return False
    if mark["separator"]:
        return True
    word = _FIRST_WORD.search(title)
    return bool(word and word.group().casefold().split("'")[0] not in _NO_TITLE)


def _unique(lots: Iterator[tuple[str, str]]) -> list[tuple[str, str]]:
    found: dict[str, str] = {}
    for number, title in lots:
        found.setdefault(number, title)
    return list(found.items())
