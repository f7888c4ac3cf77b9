"""The names that a text gives to the lots of its contract, by which a clause may call them (« le
lot peinture »), and all of them but some; folded text."""

import re
from collections import Counter
from functools import lru_cache

from annuaire.clauses import numbers
from annuaire.clauses.lot_numbers import RANKS, WIDEST_RANGE, clean_number
from annuaire.clauses.lots import LotMention, mentions

# « lot 1 : démolition », « lot n° 2 (peinture) »
_CALLED = re.compile(
    r"\blot\s(?:n\s?°\s?)?0?(?P<number>\d{1,2}|[a-h](?=\s?[-:=.(\"«]))"
    r"\s?[-:=.(\"«]*\s?(?P<name>[a-z][a-z' -]{2,50})"
)
# « Lots : 01 Curage / 02 Gros œuvre », « Liste des lots : 1 cloisons, 2 menuiseries »
_LIST = re.compile(r"\b(?:lots?|allotissement)\b[^.;:\d]{0,40}:\s?(?=0?1\b[\s.:)-]*[a-z])")
_ITEM = re.compile(
    r"[\s,;/|.-]*(?:et\s)?0?(?P<number>\d{1,2})\s?[-:.)]*\s?(?P<name>[a-z][a-z' -]{2,50}?"
    r"(?:, [a-z][a-z' -]{2,40}(?=\s?;))?)(?=\s*(?:[,;/|.(]|et\s\d|$))(?:\s?\([^()]{1,40}\))?"
)
# Words that begin no name of a lot.
_NO_NAME = re.compile(
    r"(?:est|sont|sera|seront|a|ont|et|ou|au|aux|comport\w*|qui|pour|avec|sans|uniquement|seulement"
    r"|fait|doit|devra|reserv\w*|concern\w*|soumis\w*|il|elle|non|oui|neant|de|du|d'|l'|la|le|les"
    r"|un|une|dont|clause\w*|prevoi\w*|heures?|h)\b"
)
_SPLIT = re.compile(r"\s?[-/+]\s?|,\s?| et ")
_CALLS = re.compile(
    r"\b(?:(?:macro-)?lots?|chargees?|titulaires?)\s(?P<names>(?:de |du |des "
    r"|d')?[\"«]?[a-z][a-z'\"«» ,-]{2,160})"
)
_ENDS = re.compile(
    r"\b(?:sont|est|ser(?:a|ont)|ont|a|comport\w*|devr\w*|doi\w*|realis\w*|fait|font|consacr\w*"
    r"|reserver\w*|porte\w*|a raison|pour un|en|qui|dans|uniquement)\b"
)
# « tous les lots », « aux dix lots », of which some are set apart
_ALL = re.compile(
    rf"\b(?:les|aux|des) (?P<count>{numbers.NUMBER}) lots\b(?! (?:suivants|ci-|concernes))"
    r"|\b(?:tous|toutes|chacun|ensemble|totalite)\b[^.;\d]{0,12}\blots\b|\bchaque lot\b"
    r"|\blots (?:comportent|sont|font) tous\b|\btous\b(?= (?:comportent|sont|font|portent))"
)
# « l'opération est divisée en 10 lots », « six lots numérotés », « les lots sont au nombre de 8 »
_COUNTED = re.compile(
    rf"\b(?:en|comprend|comporte|compte|comptent|prevoit|composee? de"
    rf"|il y a) "
    rf"(?P<count>{numbers.NUMBER}) "
    r"(?:[a-z-]+ )?lots\b(?! (?:comport|soumis|concern|reserv|assort|assujet|avec|sont))"
    rf"|\((?P<brackets>{numbers.NUMBER}) lots\)|\b(?P<numbered>{numbers.NUMBER}) lots (?:separes"
    rf"|distincts|numerotes|techniques|de travaux)"
    rf"\b|\bles (?P<these>{numbers.NUMBER}) lots (?:sont|seront|font|du marche)\b"
    rf"|\blots\b[^.;\d]{{0,12}}\bau nombre de (?P<told>{numbers.NUMBER})\b"
)
_FROM_ONE = re.compile(
    r"(?:^|[.:;(]\s?)(?:les )?lots (?:n\s?°\s?)?0?1 a (?:n\s?°\s?)?(?P<last>\d\d?)\b"
)
_FIRST_ONES = re.compile(rf"\bles (?P<count>{numbers.NUMBER}) premiers lots\b")
_RANKED = re.compile(
    rf"\blots\b[^.;\d]{{0,60}}?(?P<ranks>\b(?:le |du |au )?(?:{'|'.join(RANKS)})"
    rf"(?:(?:, | et )(?:le |du |au )?(?:{'|'.join(RANKS)}))+)\b(?! (?:annee|tranche|periode"
    rf"|heures))"
)
_NAMES_AFTER = 40  # characters after the last figure in which its trade is named
_LONG = 6  # letters of a first word that is enough to tell a name


@lru_cache(maxsize=4)
def all_of(folded: str) -> tuple[str, ...]:
    """Every lot of the contract, when the text names each one or counts them; for « tous les
    lots, sauf le lot 3 »."""
    listed = {number for _, number in named(folded)}
    whole = {str(number + 1) for number in range(len(listed))}
    if len(listed) > 2 and listed == whole:
        return tuple(sorted(whole, key=int))
    counts = {lots for match in _COUNTED.finditer(folded) if (lots := _counted(match))}
    counts |= {_up_to(int(match["last"])) for match in _FROM_ONE.finditer(folded)}
    return counts.pop() if len(counts) == 1 else ()


@lru_cache(maxsize=4)
def named(folded: str) -> tuple[tuple[str, str], ...]:
    """The names that a text gives to its lots, each with the number of its lot."""
    found: list[tuple[str, str]] = []
    for match in _CALLED.finditer(folded):
        found += _names(match["name"], match["number"])
    for header in _LIST.finditer(folded):
        position = header.end()
        while (item := _ITEM.match(folded, position)) is not None:
            found += _names(item["name"], item["number"])
            position = item.end()
    return tuple(dict.fromkeys(found))


def _names(raw: str, number: str) -> list[tuple[str, str]]:
    """The names in a title: « démolition - gros œuvre » gives two."""
    clean = clean_number(number)
    if clean is None or _NO_NAME.match(raw):
        return []
    pieces = (piece.strip(" '").replace("oeuvre", "ouvre") for piece in _SPLIT.split(raw))
    return [(piece, clean) for piece in pieces if len(piece) > 2 and not _NO_NAME.match(piece)]


def called(folded: str, start: int, end: int) -> list[LotMention]:
    """The lots that the words between two offsets call by names given elsewhere in the text."""
    found: list[LotMention] = []
    for match in _CALLS.finditer(folded, start, end):
        words = match["names"]
        if (ending := _ENDS.search(words)) is not None:
            words = words[: ending.start()]
        numbers_called = tuple(dict.fromkeys(_told_by(folded, words)))
        if numbers_called:
            stop = match.start("names") + len(words.rstrip())
            found.append(LotMention(numbers_called, match.start(), stop))
    return found


def by_names(folded: str, start: int, figures: list[tuple[int, int]]) -> list[tuple[str, ...]]:
    """The lot that the words before each figure name, or those after it (« voirie (140 heures),
    plantations (210 heures) »), when each names one of its own; else nothing. `figures` are their
    offsets, in a part that begins at `start`."""
    if len(figures) < 2:
        return []
    starts = [start, *(end for _, end in figures)]
    ends = [*(begin for begin, _ in figures), figures[-1][1] + _NAMES_AFTER]
    gaps = [
        tuple(dict.fromkeys(_told_by(folded, folded[slice(*gap)])))
        for gap in zip(starts, ends, strict=True)
    ]
    for told in (gaps[:-1], gaps[1:]):
        if len({lots for lots in told if len(lots) == 1}) == len(told) > 1:
            return told
    return []


@lru_cache(maxsize=4)
def _tellers(folded: str) -> tuple[tuple[tuple[str, ...], str], ...]:
    """What tells each name of a lot, with its number: the name whole, and its first word when it
    is long and begins no other name."""
    firsts = Counter(name.split()[0] for name, _ in named(folded))
    return tuple(
        ((name, *([first] if len(first) >= _LONG and firsts[first] == 1 else [])), number)
        for name, number in named(folded)
        for first in name.split()[:1]
    )


def _told_by(folded: str, words: str) -> list[str]:
    """The numbers of the lots whose name, or the first long word of it, is among the words."""
    words = words.replace("oeuvre", "ouvre")  # as « œ » is folded
    return [
        number
        for told, number in _tellers(folded)
        if any(name in words and re.search(rf"\b{re.escape(name)}\b", words) for name in told)
    ]


def ranked(folded: str, start: int, end: int) -> list[LotMention]:
    """« sur les cinq lots, seuls le premier et le quatrième »."""
    match = _RANKED.search(folded, start, end)
    if match is None:
        return []
    ranks = [RANKS[rank] for rank in re.findall(r"\w+", match["ranks"]) if rank in RANKS]
    return [LotMention(tuple(dict.fromkeys(ranks)), match.start("ranks"), match.end())]


def first_ones(folded: str, start: int, end: int) -> list[LotMention]:
    """« les trois premiers lots »."""
    match = _FIRST_ONES.search(folded, start, end)
    lots = _counted(match) if match is not None else ()
    return [] if match is None or not lots else [LotMention(lots, *match.span())]


def mentioned(folded: str, start: int, end: int) -> list[LotMention]:
    """The lots of a part by their numbers, or else by their names; « tous les lots, sauf le lot
    3 » are all the others when the text tells how many there are."""
    if folded.find("lot", start, end) < 0:
        return mentions(folded, start, end)  # « L2 = 150 »
    found = mentions(folded, start, end) or called(folded, start, end)
    found = found or ranked(folded, start, end) or first_ones(folded, start, end)
    if found and all(mention.excluded for mention in found):
        everyone = _ALL.search(folded, start, end)
        apart = {number for mention in found for number in mention.numbers}
        lots = (_counted(everyone) or all_of(folded)) if everyone is not None else ()
        if everyone is not None and (rest := tuple(lot for lot in lots if lot not in apart)):
            found.append(LotMention(rest, *everyone.span()))
            found.sort(key=lambda mention: mention.start)
    return found


def _counted(match: re.Match[str]) -> tuple[str, ...]:
    """The lots of « les dix lots »."""
    count = numbers.parse(match[match.lastgroup]) if match.lastgroup else None
    if count is None or not 2 <= count <= WIDEST_RANGE:
        return ()
    return _up_to(int(count))


def _up_to(last: int) -> tuple[str, ...]:
    return tuple(str(number + 1) for number in range(last))
