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
    rf"(?:(?!\blots?\b|\bnon\b|\bpas\b)[^.;]){{0,80}}?\b{_END}"
)
_LOT = re.compile(
    r"\blot\s*(?:n\s*[°ºo.]*\s*)?0*(?P<number>\d{1,4}[a-z]?)\b"
    rf"(?:(?!\blots?\b|\bnon\b|\bpas\b)[^.;]){{0,80}}?\b{_END}"
)
_OF_LOT = re.compile(r"\blots?\b[^.;]{0,40}$")  # « le lot 3 de la procédure sans suite »
_TITLE = re.compile(rf"(?:[(:-]\s*|\bdeclaree?\s+){_END}\)?\s*$")
#: What tells of a procedure before this one: « relance suite à appel d'offres infructueux ».
FORMER: Final = re.compile(
    r"\brelanc|\breconsult|preceden|anterieur|a l'issue|puis attribue|"
    r"(?:premiere|nouvelle|seconde|deuxieme|2e(?:me)?) (?:consultation|procedure)|"
    r"\b(?:(?<!sans )suite(?: aux?| a| d'| de)?|apres)\s?(?:une? |la |l'|les? |sa )?(?:\w+ ){0,2}?"
    r"(?:declar|class|infructu|sans suite|consult|procedure|appel|premi|marche)"
)
_BEFORE = 90  # characters before the words found, in their sentence, that may tell so


def outcome_of(record: NoticeRecord) -> str | None:
    """Why the whole ended without holder: "unsuccessful", "abandoned", or None when it may have
    found one, or when nothing says so."""
    if record.outcome or record.nature not in ENDING or record.awards:
        return record.outcome
    title = fold(record.title)
    if not FORMER.search(title) and (match := _TITLE.search(title)):
        return _kind(match)
    for text in _texts(record):
        for match in _WHOLE.finditer(text):
            if not _is_former(text, match) and not _OF_LOT.search(text[: match.start()]):
                return _kind(match)
    return None


def outcome_of_lot(record: NoticeRecord, number: str) -> str | None:
    """Why a lot found no holder, where an award notice says so of its number in words."""
    if record.nature not in ENDING or any(a.lot_number == number for a in record.awards):
        return None
    for text in _texts(record):
        for match in _LOT.finditer(text):
            if match["number"].upper() == number and not _is_former(text, match):
                return _kind(match)
    return None


def _is_former(text: str, match: re.Match[str]) -> bool:
    """Whether the words found, or those before them in the sentence, are of a former procedure."""
    before = re.split(r"[.;]", text[max(0, match.start() - _BEFORE) : match.start()])[-1]
    return FORMER.search(before + match[0]) is not None


def _texts(record: NoticeRecord) -> Iterator[str]:
    for text in (record.title, record.description or "", *(t.text for t in record.texts)):
        if "infructueu" in text.casefold() or "sans suite" in text.casefold():
            yield fold(text[:READ])


def _kind(match: re.Match[str]) -> str:
    return "unsuccessful" if match["end"].startswith("infructueu") else "abandoned"
