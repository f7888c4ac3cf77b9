"""From what a form sends to a profile's values, and back to what the form shows; pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from marshmallow import Schema, ValidationError, fields

from annuaire.profiles.fields import fields_of
from annuaire.profiles.forms import FORMS
from search.filters import InputError

MAX_SENT_ROWS: Final = 100
_ROW = re.compile(r"([a-z_]+)-(\d{1,3})-([a-z_]+)")

#: What a form sends: values by name.
Sent = Mapping[str, Sequence[str]]
Values = dict[str, Any]


def read(subject: str, sent: Sent, day: date) -> tuple[Values | None, list[InputError]]:
    """The values of a subject's fields (None for what is left empty), or the errors, one a field.
    A word on availability is of the day on which it is said, or said again."""
    form = FORMS[subject](day)
    try:
        loaded = form.load(given(subject, sent, day))
    except ValidationError as error:
        return None, [*_errors(error.messages)]
    values = {field.name: loaded.get(field.name) or None for field in fields_of(subject)}
    if subject == "moyens":
        numbers = ("people", "teams", "delay_days", "amount_min", "amount_max")
        values |= {name: loaded.get(name) for name in numbers}
        values["available_on"] = day.isoformat() if values["available"] else None
    for name in ("activities", "offers", "networks", "ways"):
        if chosen := values.get(name):
            values[name] = list(dict.fromkeys(chosen))
    return values, []


def given(subject: str, sent: Sent, day: date) -> Values:
    """What was typed, in the form's shape, empty answers and empty rows left out."""
    shape: Values = {}
    for name, field in FORMS[subject](day).fields.items():
        key = field.data_key or name
        if isinstance(field, fields.List):
            inner = field.inner
            if isinstance(inner, fields.Nested):
                found: Any = [*_rows(key, sent)]
            else:
                found = [text for value in sent.get(key, ()) for text in _split(key, value)]
        else:
            found = next((value for value in sent.get(key, ()) if value.strip()), None)
        if found:
            shape[key] = found
    return shape


def typed(subject: str, content: Mapping[str, Any], day: date) -> Values:
    """What the form shows of a profile, in the form's shape."""
    schema: Schema = FORMS[subject](day)
    shown = schema.dump({field.name: content.get(field.name) for field in fields_of(subject)})
    return {key: value for key, value in shown.items() if value not in (None, "", [])}


#: Lists that are typed one a line.
LINES: Final = ("offres", "reseaux")


def _split(key: str, value: str) -> Iterator[str]:
    parts = value.splitlines()[: MAX_SENT_ROWS * 2] if key in LINES else [value]
    yield from (part for part in parts if part.strip())


def _rows(key: str, sent: Sent) -> Iterator[dict[str, str]]:
    rows: dict[int, dict[str, str]] = {}
    for name, values in sent.items():
        match = _ROW.fullmatch(name)
        if match and match[1] == key and values and values[0].strip():
            rows.setdefault(int(match[2]), {})[match[3]] = values[0]
    for number in sorted(rows)[:MAX_SENT_ROWS]:
        if rows[number].keys() - {"genre", "accord"}:  # what is chosen beforehand says nothing
            yield rows[number]


def _errors(messages: Any, prefix: str = "") -> Iterator[InputError]:
    """« references-0-annee »: the answers that are wrong, each with its first message; of a list
    of plain answers, the first that is."""
    for key, found in messages.items():
        name = f"{prefix}{key}"
        first = found if isinstance(found, list) else next(iter(found.values()))
        if isinstance(first, list):
            yield InputError(name, str(first[0]))
        else:
            for number, row in found.items():
                yield from _errors(row, f"{name}-{number}-")
