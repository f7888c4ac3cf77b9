"""Numbers of lots as texts write them (« 02 », « 3A », « III », « trois »); folded text."""

import re

LARGEST = 400  # beyond, it is a year, a price or a reference, not a lot
WIDEST_RANGE = 120
WORDS = {
    "un": "1", "deux": "2", "trois": "3", "quatre": "4", "cinq": "5", "six": "6", "sept": "7",
    "huit": "8", "neuf": "9", "dix": "10", "onze": "11", "douze": "12",
}  # fmt: skip
RANKS = {
    "premier": "1", "deuxieme": "2", "second": "2", "troisieme": "3",
    "quatrieme": "4", "cinquieme": "5", "sixieme": "6",
}  # fmt: skip
_ROMAN = {
    "i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10,
    "xi": 11, "xii": 12, "xiii": 13, "xiv": 14, "xv": 15, "xvi": 16,
}  # fmt: skip
_SUB_LOT = re.compile(r"0*([1-9]\d?)\.0*(\d{1,2})")


def clean_number(raw: str) -> str | None:
    """« 02 » → « 2 », « 10 a » → « 10A », « trois » and « III » → « 3 »; None for zero or an
    absurd one."""
    token = re.sub(r"\s", "", raw)
    token = WORDS.get(token, str(_ROMAN.get(token, token)))
    if (part := _SUB_LOT.fullmatch(token)) is not None:
        return ".".join(part.groups())
    if (again := re.fullmatch(r"0*([1-9]\d?)(bis|ter)", token)) is not None:
        return "".join(again.groups())
    match = re.fullmatch(r"0*(\d{0,4})([a-z]?)", token)
    if match is None or (not match.group(1) and not match.group(2)):
        return None
    if match.group(1) and not 1 <= int(match.group(1)) <= LARGEST:
        return None
    return (match.group(1) + match.group(2).upper()) or None


def expand(first: str, last: str) -> list[str]:
    """The numbers between two ends, both included."""
    if first.isdigit() and last.isdigit() and 0 < int(last) - int(first) <= WIDEST_RANGE:
        return [str(n) for n in range(int(first), int(last) + 1)]
    if len(first) == len(last) == 1 and first.isalpha() and last.isalpha() and first < last:
        return [chr(code) for code in range(ord(first), ord(last) + 1)]
    return [first, last]


def sort_key(number: str) -> tuple[int, str]:
    """Natural order of lot numbers: 1, 1A, 2, 10."""
    digits = re.match(r"\d*", number)
    return (int(digits.group() or 0) if digits else 0, number)
