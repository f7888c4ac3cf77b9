"""Dates and durations as people type them: « 12/03/2021 », « mars 2021 », 44267, « 5 ans »."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from importers.files.listings import header_key

FIRST_YEAR, LAST_YEAR = 1900, 2100
_SERIAL_DAY_0 = date(1899, 12, 30)  # of Excel's calendar
_MONTHS = {
    name: rank
    for rank, names in enumerate(
        (
            ("janvier", "janv", "jan"), ("fevrier", "fevr", "fev"), ("mars", "mar"),
            ("avril", "avr"), ("mai",), ("juin",), ("juillet", "juil"), ("aout",),
            ("septembre", "sept", "sep"), ("octobre", "oct"), ("novembre", "nov"),
            ("decembre", "dec"),
        ),
        1,
    )
    for name in names
}  # fmt: skip
_NUMBERS = {"un": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
# After `header_key`: only lower-case letters, digits and single spaces are left.
_DATE = re.compile(
    r"\b(?:(?P<y1>\d{4}) (?P<m1>\d{1,2}) (?P<d1>\d{1,2})"
    r"|(?P<d2>\d{1,2}) (?P<m2>\d{1,2}) (?P<y2>\d{4}|\d{2})"
    rf"|(?P<d3>\d{{1,2}})(?: ?er)? (?P<m3>{_MONTH}) (?P<y3>\d{{4}}|\d{{2}})"
    rf"|(?P<m4>{_MONTH}) (?P<y4>\d{{4}}|\d{{2}})"
    r"|(?P<m5>\d{1,2}) (?P<y5>\d{4})"
    r"|(?P<serial>[3-6]\d{4})"
    r"|(?P<y6>(?:19|20)\d{2}))\b",
    re.ASCII,
)
_TIME = re.compile(r"[ T]\d{1,2}[:h]\d{2}(:\d{2})?\s*$")
_SPAN = re.compile(r"\b(\d{1,3}|un|deux|trois|quatre|cinq) (ans?|annees?|mois)\b", re.ASCII)


@dataclass(frozen=True, slots=True)
class Written:
    """A date found in a text: its first and last possible day, the same when it is precise."""

    first: date
    last: date


def find_dates(text: str) -> list[Written]:
    """The dates of a text, in order; none for what cannot be one (31/02/2021, year 0021)."""
    key = header_key(_TIME.sub("", text[:200]))
    found = (_written(match) for match in _DATE.finditer(key))
    return [one for one in found if one]


def find_years(text: str, *, bare: bool = False) -> int | None:
    """A duration in years, « 5 ans », « cinq ans », « 24 mois »; with `bare`, « 5 » is one too."""
    key = header_key(text[:200])
    if bare and re.fullmatch(r"\d", key):
        return int(key) or None
    match = _SPAN.search(key)
    if not match:
        return None
    count = _NUMBERS.get(match[1]) or int(match[1])
    years, rest = divmod(count, 12) if match[2] == "mois" else (count, 0)
    return years if not rest and 0 < years <= 10 else None


def _written(match: re.Match[str]) -> Written | None:
    part: Callable[[str], int] = lambda name: int(match[name]) if match[name] else 0  # noqa: E731
    if serial := part("serial"):
        day = _SERIAL_DAY_0 + timedelta(days=serial)
        return Written(day, day)
    year = next((part(f"y{i}") for i in range(1, 7) if match[f"y{i}"]), 0)
    name = match["m3"] or match["m4"]
    month = _MONTHS[name] if name else part("m1") or part("m2") or part("m5")
    day_of_month = part("d1") or part("d2") or part("d3")
    if year < 100 and not match["y1"]:
        year += 1900 if year >= 70 else 2000
    whole_year, whole_month = bool(match["y6"]), bool(match["m4"] or match["m5"])
    try:
        if not FIRST_YEAR <= year <= LAST_YEAR:
            return None
        if whole_year:
            return Written(date(year, 1, 1), date(year, 12, 31))
        if whole_month:
            following = date(year + month // 12, month % 12 + 1, 1)
            return Written(date(year, month, 1), following - timedelta(days=1))
        day = date(year, month, day_of_month)
    except ValueError:
        return None
    return Written(day, day)
