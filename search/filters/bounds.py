"""Filters whose value is typed: days, amounts, hours, between bounds that are both included."""

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from math import isfinite

from search.engine import Filter, Range
from search.filters.kinds import FilterKind
from search.schema import date_number

Build = Callable[[str, Sequence[str], date], Filter | None]

MAX_NUMBER = 1e12
MAX_DAYS = 3_650
FIRST_YEAR, LAST_YEAR = 1990, 2100
_FRENCH = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")
DAY = "une date, par exemple 31/05/2026"
NUMBER = "un nombre positif, par exemple 25 000"
DAYS = f"un nombre de jours de 0 à {MAX_DAYS}"


def day_of(value: str) -> date | None:
    """The day that « 2026-05-31 » or « 31/05/2026 » names; None for anything else."""
    text = value.strip()
    if match := _FRENCH.fullmatch(text):
        text = f"{match[3]}-{match[2]:0>2}-{match[1]:0>2}"
    try:
        day = date.fromisoformat(text) if text.isascii() and len(text) == 10 else None
    except ValueError:
        return None
    return day if day and FIRST_YEAR <= day.year <= LAST_YEAR else None


def number_of(value: str) -> float | None:
    """The positive number that « 25 000,50 € » names; None for anything else."""
    text = re.sub(r"[\s\u00a0\u202f€]", "", value).replace(",", ".")
    if not re.fullmatch(r"[0-9]{1,13}(?:\.[0-9]{1,4})?", text):
        return None
    number = float(text)
    return number if isfinite(number) and number <= MAX_NUMBER else None


def days_of(value: str) -> int | None:
    """A number of days; None for anything else."""
    text = value.strip()
    if not re.fullmatch(r"[0-9]{1,4}", text):
        return None
    return int(text) if int(text) <= MAX_DAYS else None


def from_day(key: str, name: str, field: str, sentence: str) -> FilterKind:
    """A filter that keeps what is on a day or after it."""
    return _typed(key, name, field, sentence, _day_label, _since, DAY)


def to_day(key: str, name: str, field: str, sentence: str) -> FilterKind:
    """A filter that keeps what is on a day or before it."""
    return _typed(key, name, field, sentence, _day_label, _until, DAY)


def in_days(key: str, name: str, field: str, sentence: str) -> FilterKind:
    """A filter that keeps what is between today and so many days later."""
    return _typed(key, name, field, sentence, _days_label, _coming, DAYS)


def at_least(key: str, name: str, field: str, sentence: str) -> FilterKind:
    """A filter that keeps numbers from a bound on; what has no number is left out."""
    return _typed(key, name, field, sentence, _number_label, _minimum, NUMBER)


def at_most(key: str, name: str, field: str, sentence: str) -> FilterKind:
    """A filter that keeps numbers up to a bound; what has no number is left out."""
    return _typed(key, name, field, sentence, _number_label, _maximum, NUMBER)


def _typed(
    key: str, name: str, field: str, sentence: str, label: Callable[[str], str | None],
    build: Build, expected: str,
) -> FilterKind:  # fmt: skip
    return FilterKind(key, name, field, label, sentence, build, single=True, expected=expected)


def _day_label(value: str) -> str | None:
    day = day_of(value)
    return f"{day:%d/%m/%Y}" if day else None


def _days_label(value: str) -> str | None:
    days = days_of(value)
    return None if days is None else f"{days} jour{'s' if days > 1 else ''}"


def _number_label(value: str) -> str | None:
    number = number_of(value)
    if number is None:
        return None
    whole, _, cents = f"{number:,.2f}".partition(".")
    return whole.replace(",", "\u202f") + (f",{cents}" if cents != "00" else "")


def _number_of_day(day: date) -> float:
    return date_number(day.isoformat())


def _since(field: str, values: Sequence[str], _today: date) -> Filter:
    return Range(field, minimum=max(_number_of_day(d) for v in values if (d := day_of(v))))


def _until(field: str, values: Sequence[str], _today: date) -> Filter:
    return Range(field, maximum=min(_number_of_day(d) for v in values if (d := day_of(v))))


def _coming(field: str, values: Sequence[str], today: date) -> Filter:
    last = today + timedelta(days=min(days_of(value) or 0 for value in values))
    return Range(field, _number_of_day(today), _number_of_day(last))


def _minimum(field: str, values: Sequence[str], _today: date) -> Filter:
    return Range(field, minimum=max(number_of(value) or 0.0 for value in values))


def _maximum(field: str, values: Sequence[str], _today: date) -> Filter:
    return Range(field, maximum=min(number_of(value) or 0.0 for value in values))
