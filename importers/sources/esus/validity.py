"""From when to when an agreement holds, from what the list says of it.

Code du travail R3332-21-3: five years, two when the company was created less than three years
before. An end that is written goes before the rule.
"""

from dataclasses import dataclass
from datetime import date

from importers.files.fields import Warnings, shown
from importers.files.periods import anniversary, last_day
from importers.rows import Warned
from importers.sources.esus.dates import Written, find_dates, find_years

YEARS, YEARS_YOUNG = 5, 2  # R3332-21-3
YOUNG = 3  # years since the company's creation
OLDEST = date(2001, 1, 1)  # the label « entreprise solidaire » is of the law of 19 February 2001


@dataclass(frozen=True, slots=True)
class Agreement:
    """First and last day, None where the list does not tell."""

    first: date | None
    last: date | None


def read_agreement(
    start: str, renewal: str, end: str, duration: str, created: str, warnings: Warnings
) -> Agreement:
    """The agreement of a row: the texts of its columns, empty where the list has none."""
    starts = _dates(start, "date de début", warnings)
    renewals = _dates(renewal, "date de renouvellement", warnings)
    ends = _dates(end, "date de fin", warnings)
    creation = _dates(created, "date de création", warnings, oldest=None)
    first = starts[0].first if starts else renewals[0].first if renewals else None
    latest = max([first, *(one.first for one in renewals)]) if first else None
    last = ends[-1].last if ends else starts[-1].last if len(starts) > 1 else None
    if latest and last and last < latest:
        message = f"L'agrément finirait le {last}, avant de commencer le {latest} : fin ignorée."
        warnings.append(Warned("date de fin", "date", message))
        last = None
    if latest and not last:
        years = find_years(duration, bare=True) or find_years(end) or find_years(start)
        last = last_day(latest, years or _legal_years(latest, creation))
    return Agreement(first, last)


def _legal_years(first: date, creation: list[Written]) -> int:
    young = bool(creation) and first < anniversary(creation[0].first, YOUNG)
    return YEARS_YOUNG if young else YEARS


def _dates(
    text: str, field: str, warnings: Warnings, oldest: date | None = OLDEST
) -> list[Written]:
    """The dates of a cell; what is odd in them is said."""
    if not text.strip():
        return []
    found = [one for one in find_dates(text) if not oldest or one.first >= oldest]
    if not found and not find_years(text):
        message = f"La date {shown(text)} est illisible, elle est ignorée."
        warnings.append(Warned(field, "date", message))
    elif any(one.first != one.last for one in found):
        message = f"La date {shown(text)} ne dit pas le jour."
        warnings.append(Warned(field, "date_imprecise", message))
    return found
