"""Lot numbers in folded text: « lots 6 et 7 », « lots 1 à 4 », « lot n° 3 », « lots 1A, 10 B »."""

import re
from dataclasses import dataclass
from itertools import pairwise

from annuaire.clauses.lot_exceptions import is_excepted, is_excluded
from annuaire.clauses.lot_numbers import RANKS, WORDS, clean_number, expand, sort_key

_FAR = 30  # after « lot » in the singular, a number so much larger counts something else

# What follows a number that counts something else than lots.
_OTHER_UNIT = (
    r"(?!\d|\.\d|,\d+\s?(?:%|€|k|m2|ml|ha\b|km|t\b|h\b|euros?)|(?:\s?\d{3})*\s*(?:h\b|hs\b|hrs?\b"
    r"|heures?\b|heurs\b|%|euros?\b|eur\b|€|m2\b|ml\b"
    r"|(?<=[2-9]\d)\saux?\slots?\b|(?:pour|par|sur|dans|au titre|dans le cadre)\s(?:(?:celui|ceux"
    r"|celles?)\s)?(?:d[eu]s?\s)?"
    r"(?:les?\s)?lots?\b"
    r"|ans?\b|mois\b|jours?\b|journees?\b|points?\b|semaines?\b|etp\b|contrats\b|personnes\b"
    r"|salaries\b|postes\b|apprentis\b|stagiaires\b|jeunes\b|embauches\b|recrutements\b"
    r"|agents\b|bons\b))"
)
_SIGN = r"(?:n\s?[°\"]s?|n°?s?\s?(?=\d)|no?s?\s?(?=\d)|nos?\b\.?|numeros?\b|n\.\s?|#)?\s*"
_ITEM = (
    r"(?:\d{1,2}\.\d{1,2}(?![\d.]|\s?(?:h\b|heures?|%|€|k?euros?))"  # a lot of a lot
    r"|\d{1,3}"
    + _OTHER_UNIT
    + r"(?:bis\b|ter\b|[a-f](?![a-z0-9'])|\s[a-f](?=\s*(?:[,;)]|et\s|$)))?"
    r"|(?:" + "|".join(WORDS) + r")\b(?=\s*(?:,|et\b|a\b|$|\)|:|[.;]|-(?!vingt)|est\b|sont\b"
    r"|comport|f(?:ont|ait)\b|doi|devr|ser(?:a|ont)\b|exclusive|unique|seule))"
    r"|(?:[bcefg]|[ivx]{1,5})(?![a-z0-9'])"
    r"|(?:[a-h]|[ivx]{1,5})(?![a-z'])(?=\s*(?:\d|[,(«):;=/-]|\.(?:\s|$)|a [b-h]\b|et\b|$"
    r"|est\b|sont\b|compren|comport|fait|font)))"
)
# What may stand between a number and the next: « 1 (gros oeuvre), 3 (peinture) : 35 heures ».
_NAME = (
    r"(?:\s*(?:\((?![^()]*\d\s?h(?:eures?)?\b[^()]*\)\s*[,;]?\s*(?:et\s)?(?:(?:le|du"
    r"|au)\s)?lots?\b)(?!\s?reserv)"
    r"[^()]{1,60}\)|«[^»]{1,60}»|\"[^\"]{1,60}\"|[-:]?\s*[a-z][a-z' /-]{2,50}?"
    r"(?:\([^()]{1,60}\)\s?)?"
    r"(?=\s?(?:,|;|et)\s?(?:et\s)?(?:n\s?°\s?\d|no\s?\d|\d{1,2}\s?[-:]\s?[a-z]"
    r"|\d{1,2}" + _OTHER_UNIT + r"\s[a-z]{2}))))?"
    r"(?:\s+(?:inclus|compris))?(?:\s?\(\s?\d[\d ]{0,6}\s?(?:h|heures)\b[^()]{0,30}\)(?=\s?(?:,"
    r"|et)\s?n\s?°))?"
    r"(?:\s*[:=]\s*\d[\d ]{0,6}\s?(?:h\b|heures\b)(?=\s*(?:,|et)\s*\d{1,3}\s*\())?"
)
_TO = (
    r"\s*(?:(?:jusqu'au|jusqu'a|au|a)\b|→(?=\s?(?:lots?\s?)?\d{1,2}(?!\d)))\s*(?:les?\s|du\s)?"
    r"(?:lots?\s*)?"
)
_AND = (
    # « A (terrassement) B (gros oeuvre) »: brackets alone part the numbers
    r"(?<=\))\s+(?=(?:n\s?°\s?)?\w{1,3}\s?\([a-z])"
    r"|(?<=\d)\s(?=\d{1,2}(?:\s\d{1,2})+(?:[.,;)]|$|\s[a-z])|\d{1,2}(?:\s?(?:[.;:,)](?!\d)|$)"
    r"|\s[a-z]))"
    r"|\s*(?:et suivants?\s?\(|,?\s*et\b|,?\s*ou\b|,?\s*ainsi qu(?:e|'(?=aux?))|,|/|&|\+|-|;)\s*"
    r"(?:(?:sur|pour|de|dans)\s+)?(?:les?\s|du\s|des\s|au\s|aux\s|l')?(?:(?:macro-)?lots?\s*)?"
)
# « L1 VRD = 154 hrs »
_TRADE_NEXT = r"\d{1,2}\s[a-z][a-z ./'-]{1,30}?\s?[=:]\s?\d[\d ]*\s?h"
# « lot », « lots n° », « lots concernés par la clause : », then the first number.
_OPENS = re.compile(
    r"(?:(?<![a-z])|(?<=\ble)|(?<=\bles)|(?<=\bdu)|(?<=heures)|(?<=\dh)|(?<=\d\sh)"
    r"|(?<=[a-z]{5})(?=lots?\s+(?:n°\s?)?\d))"
    r"(?P<word>(?:lots?(?:\(s\))?|l(?=\d{1,2}\s?[=:(]|0\d\b|" + _TRADE_NEXT + r")))"
    r"(?:(?:\ssur\s\w+)?(?:\s(?:sont|est))?"
    r"\s(?:concernes?|vises?|soumis|assujettis?|reserves?|avec|portant|comportant|ayant)"
    r"(?:\(s\)|\b)[^.;:\d]{0,80}:\s*(?:les?\s)?"
    r"|(?:\s(?:suivants?|concernes?|vises?|reserves?|ci-apres|ci-dessous|numerotes|designes"
    r"|portant(?: les)?(?= n)"
    r"|impairs|pairs)(?:\(s\))?){0,2}"
    r"(?:(?<=reserves)\s?\((?:[^()]{1,60})\)\s?:\s?)?(?:\s[a-z][a-z' -]{1,40}?\s\((?=n\s?°"
    r"|nos?\s?\d"
    r"|numeros?))?(?:\sde(?=\s\d)|\sdu(?=\s(?:numero|n\s?°)))?"
    r"(?:\s*[«\"][^»\"]{1,60}[»\"]\s*\(?(?=n\s?°|\d{1,2}\)))?\s*[(:]?\s*(?:(?<=\()les?\s)?)"
    + _SIGN
    + rf"(?P<item>(?<=lot )\d{{1,2}}(?=\s(?:\d{{1,3}}\s)?\d{{2,3}}\s?(?:h\b|heures))|{_ITEM})"
)
_NEXT = re.compile(
    _NAME + r"(?:(?P<to>" + _TO + r")|(?P<and>" + _AND + r"))" + _SIGN + rf"(?P<item>{_ITEM})"
)
# « lots A, B et D réaliseront »: among letters, one that is also a word is a letter
_NEXT_LETTER = re.compile(
    r"(?:(?P<to>\s?a\s)|(?P<and>\s?(?:,|et|&|/)\s?))(?P<item>[a-h])(?![a-z0-9'])"
)
_APART = re.compile(r"\s[-+]\s")  # « lot 1 - 90 heures », where « lots 1 - 3 - 4 » is a list
_NOT_A_NUMBER = re.compile(r"(?:nombre|total) (?:de|des) $|(?:\bmaximum|minimum) (?:de|des) $")
_EACH = re.compile(r"\b(?:par|chaque) $")  # « par lot : 200 heures »
# « - lot A terrassements : 910 h », where a letter that is also a word begins a line
_LETTERED = re.compile(r"(?:^|[-•;:,.(]\s?)lot (?P<letter>[ad])\s(?=[a-z])")
# « les lots de gros œuvre (1), de plâtrerie (4) et de peinture (7) »
_BRACKETED = re.compile(
    r"\blots (?:de |d')?[a-z][a-z' -]{1,40} \(\d{1,2}\)"
    r"(?:(?:,| et|, et) (?:de |d')?[a-z][a-z' -]{1,40} \(\d{1,2}\))+"
)
# « cinq lots sur quatorze comportent une clause : 2, 3, 7, 10 et 11 »
_BARE_LIST = re.compile(
    r"(?:\b(?:comport\w+|concern\w+|port\w+|soumis\w*|assujetti\w*|vis\w+|clauses?|insertion)\b"
    r"[^.;:()\d]{0,40}[:(]\s?(?:les?\s|nos?\s|n°s?\s?)?"
    r"|\blots\b(?:\s\w+){0,4}\s?\((?:les?\s|n°s?\s))(?P<item>\d{1,2})(?=\s?(?:,|et\b))"
)
# « deux lots sont concernés : le 2 (faux plafonds, 40 heures) et le 4 (sols souples, 35 heures) »
_PRONOUNS = re.compile(r"(?:[:,]\s|\bet\s)(?:pour\s)?le (?P<item>\d{1,2})(?=\s?\([a-z])")
_ABOVE_A_LIST = 80  # characters before a list of numbers where « non concernés » may stand
_DENIES = re.compile(r"\bnon\b|\bne\b|\bn'|\bsans\b|\bhors\b")
_LIST_ENDS = re.compile(r"\s*(?:[.;)](?!\d)|$)")
# « les lots 2 à 5, sauf le 3 »
_LOT_SAID = re.compile(r"\blots\b")
_EXCEPT_NUMBER = re.compile(
    r"\b(?:sauf|excepte|hormis|a l.?exception d(?:u|es))\s(?:pour\s|sur\s)?(?:les?\s)?"
    rf"(?:n\s?°\s?)?(?P<item>\d{{1,2}}{_OTHER_UNIT})"
)
_ORDINAL = re.compile(
    rf"\b(?P<rank>{'|'.join(RANKS)}|(?P<digits>\d{{1,2}})(?:er|e|eme|nd))\s+lot\b"
)
_SHORT = re.compile(rf"\bl(?:\d{{1,2}}\s?[=:(]|0\d\b|{_TRADE_NEXT})")  # « L2 = 150 »


@dataclass(frozen=True, slots=True)
class LotMention:
    """Lots named at a place; `excluded` when the text sets them apart (« sauf le lot 3 »)."""

    numbers: tuple[str, ...]
    start: int
    end: int
    excluded: bool = False


@dataclass(frozen=True, slots=True)
class _Item:
    """A number of a list: what stands between it and the one before, and where it ends."""

    number: str
    gap: str
    is_range: bool
    start: int
    end: int


def _items(folded: str, opening: re.Match[str], end: int) -> list[_Item]:
    """The numbers of the list that « lot » opens, as they are written."""
    start, stop = opening.span("item")
    found: list[_Item] = []
    if (number := clean_number(opening["item"])) is not None:
        found.append(_Item(number, "", False, start, stop))
    while (following := _following(folded, found, stop, end)) is not None:
        number = clean_number(following["item"])
        gap = folded[stop : following.start("item")]
        start, stop = following.span("item")
        if number is not None:
            found.append(_Item(number, gap, following["to"] is not None, start, stop))
    return found


def _following(folded: str, found: list[_Item], position: int, end: int) -> re.Match[str] | None:
    if found and found[-1].number.isalpha() and found[-1].end == position:
        letter = _NEXT_LETTER.match(folded, position, end)
        if letter is not None:
            return letter
    following = _NEXT.match(folded, position, end)
    if following is not None and following["item"] == "a" and found and found[-1].number.isdigit():
        return None  # « 5 % pour les lots 1 et 2 et à 3 % pour »
    return following


def _spread(items: list[_Item]) -> tuple[str, ...]:
    """The lots that the items of a list mean, ranges included."""
    dashes = [item for item in items if item.gap.strip() == "-"]
    found: list[str] = []
    for item in items:
        is_range = item.is_range or (item.gap == "-" and len(dashes) == 1)
        if is_range and found:
            found.extend(expand(found.pop(), item.number))
        else:
            found.append(item.number)
    return tuple(dict.fromkeys(found))


def mentions(folded: str, start: int = 0, end: int | None = None) -> list[LotMention]:
    """The lots named between two offsets, in order."""
    end = len(folded) if end is None else end
    if folded.find("lot", start, end) < 0 and _SHORT.search(folded, start, end) is None:
        return []
    found = []
    position = start
    while (match := _OPENS.search(folded, position, end)) is not None:
        before = folded[max(start, match.start() - 64) : match.start()]
        items = _items(folded, match, end)
        position = items[-1].end if items else match.end()
        if _NOT_A_NUMBER.search(before):
            continue
        if match["word"] == "lot":
            if _EACH.search(before):
                continue
            items = _of_one_lot(items)
            position = items[-1].end if items else position
        if len(items) > 1 and is_excepted(folded, position) and "lot " in items[-1].gap:
            last = items.pop()  # « les lots 1 à 8, lot 4 excepté »
            found.append(LotMention((last.number,), last.start, last.end, excluded=True))
            found.append(LotMention(_spread(items), match.start(), items[-1].end))
            continue
        if items:
            excluded = is_excluded(folded, (start, end), match.start(), position)
            found.append(LotMention(_spread(items), match.start(), position, excluded))
    found += _otherwise(folded, start, end)
    return sorted(found, key=lambda mention: mention.start)


def _of_one_lot(items: list[_Item]) -> list[_Item]:
    """« lot 1 - 90 heures », « lot 1, 480 portes »: what a dash sets apart from one lot's number is
    none, nor a large number."""
    for index, item in enumerate(items):
        far = not item.is_range and _is_far(items[index - 1].number, item.number)
        if index and (far or _APART.fullmatch(item.gap)):
            return items[:index]
    return items


def _is_far(number: str, following: str) -> bool:
    """Whether a number is too large to go on with the list that another begins."""
    return number.isdigit() and following.isdigit() and int(following) - int(number) >= _FAR


def _otherwise(folded: str, start: int, end: int) -> list[LotMention]:
    """Lots told by their rank, by a letter at the head of a line, or in brackets after a name."""
    found = [
        LotMention((match["digits"] or RANKS[match["rank"]],), match.start(), match.end())
        for match in _ORDINAL.finditer(folded, start, end)
    ]
    found += [
        LotMention((match["letter"].upper(),), match.start(), match.end() - 1)
        for match in _LETTERED.finditer(folded, start, end)
    ]
    found += [
        LotMention(_cleaned(re.findall(r"\((\d+)", match.group())), *match.span())
        for match in _BRACKETED.finditer(folded, start, end)
    ]
    if found or _LOT_SAID.search(folded, start, end):
        found += [
            LotMention(_spread(items), match.start("item"), items[-1].end)
            for match in _BARE_LIST.finditer(folded, start, end)
            if _is_bare_list(folded, items := _items(folded, match, end))
        ]
        found += [
            LotMention(_cleaned([match["item"]]), match.start("item"), match.end())
            for match in _PRONOUNS.finditer(folded, start, end)
        ]
        found += [
            LotMention(_spread(_items(folded, match, end)), match.start(), match.end(), True)
            for match in _EXCEPT_NUMBER.finditer(folded, start, end)
        ]
    return [mention for mention in found if mention.numbers]


def _cleaned(raw: list[str]) -> tuple[str, ...]:
    """The numbers of lots among those written: « 0 » is none."""
    return tuple(number for item in raw if (number := clean_number(item)) is not None)


def _is_bare_list(folded: str, items: list[_Item]) -> bool:
    """Whether numbers that follow « lots » from afar are those of lots: rising, to the end of
    their sentence or bracket."""
    numbers = [int(item.number) for item in items if item.number.isdigit()]
    rising = all(a < b for a, b in pairwise(numbers)) and len(numbers) == len(items) > 1
    if not rising or _DENIES.search(folded, max(0, items[0].start - _ABOVE_A_LIST), items[0].start):
        return False
    return _LIST_ENDS.match(folded, items[-1].end) is not None


def union(named: list[LotMention]) -> tuple[str, ...]:
    """All lots of several mentions, without those that are set apart, sorted by number."""
    apart = {number for mention in named if mention.excluded for number in mention.numbers}
    kept = {n for mention in named if not mention.excluded for n in mention.numbers} - apart
    return tuple(sorted(kept, key=sort_key))
