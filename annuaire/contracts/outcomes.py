"""Why a procedure found no holder, where a notice only says so in words; pure.

« Infructueux »: no good tender came (article R2185-1 and R2122-2 of the code de la commande
publique); « sans suite »: the buyer gave up (article R2185-1).
"""

import re
from collections.abc import Iterator
from typing import Final

from annuaire.contracts.records import NoticeRecord
from annuaire.words import fold

#: Only these end something; elsewhere the words tell of a procedure before this one.
ENDING: Final = ("award", "cancellation")
READ: Final = 5_000  # characters of one text

_END = r"(?P<end>infructueu\w*|sans suite)"
_WHOLE = re.compile(
    r"\b(?:marches?|procedure|consultation|appel d'offres|accord-cadre|avis|contrat|concours)\b"
    rf"(?:(?!\blots?\b|\bnon\b|\bpas\b)[^.;\n]){{0,80}}?\b{_END}"
)
_LOT = re.compile(
    r"\blot\s*(?:n\s*[°ºo.]*\s*)?0*(?P<number>\d{1,4}[a-z]?)\b"
    rf"(?:(?!\blots?\b|\bnon\b|\bpas\b)[^.;\n]){{0,80}}?\b{_END}"
)
_OF_LOT = re.compile(r"\blots?\b[^.;\n]{0,40}$")  # « le lot 3 de la procédure sans suite »
_TITLE = re.compile(rf"(?:[(:-]\s*|\bdeclaree?\s+){_END}\)?\s*$")
_AGAIN = re.compile(r"\brelance|\bsuite a\b|\bapres\b|puis attribue")


def outcome_of(record: NoticeRecord) -> str | None:
    """Why the whole ended without holder: "unsuccessful", "abandoned", or None when it may have
    found one, or when nothing says so."""
    if record.outcome or record.nature not in ENDING or record.awards:
        return record.outcome
    title = fold(record.title)
    if not _AGAIN.search(title) and (match := _TITLE.search(title)):
        return _kind(match)
    for text in _texts(record):
        match = _WHOLE.search(text)
        if match and not _AGAIN.search(match[0]) and not _OF_LOT.search(text[: match.start()]):
            return _kind(match)
    return None


def outcome_of_lot(record: NoticeRecord, number: str) -> str | None:
    """Why a lot found no holder, where an award notice says so of its number in words."""
    if record.nature not in ENDING or any(a.lot_number == number for a in record.awards):
        return None
    for text in _texts(record):
        for match in _LOT.finditer(text):
            if match["number"].upper() == number and not _AGAIN.search(match[0]):
                return _kind(match)
    return None


def _texts(record: NoticeRecord) -> Iterator[str]:
    for text in (record.title, record.description or "", *(t.text for t in record.texts)):
        if "infructueu" in text.casefold() or "sans suite" in text.casefold():
            yield fold(text[:READ])


def _kind(match: re.Match[str]) -> str:
    return "unsuccessful" if match["end"].startswith("infructueu") else "abandoned"
