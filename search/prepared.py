"""A document checked against its schema, the same for every engine: what is wrong is refused."""

import hashlib
import math
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import orjson

from search.engine import Document, InvalidDocument
from search.ranking import QUALITY_LEVELS, TURNS
from search.schema import YES, Field, IndexSchema, Kind, date_number
from search.text import fold

MAX_KEYWORD = 500  # characters
SORT_NAME = 200  # characters of a title that sorts


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document that fits: texts in NFC, keywords without repetition, dates as numbers."""

    key: str
    texts: Mapping[str, str | list[str]]
    keywords: Mapping[str, list[str]]
    numbers: Mapping[str, float]
    place: tuple[float, float] | None
    stored: object


def identifier(document: Document) -> str:
    """The id of a document. Raises InvalidDocument."""
    value = document.get("id")
    if not isinstance(value, str) or not 0 < len(value) <= MAX_KEYWORD:
        raise InvalidDocument(f"id: a text is needed, not {value!r}")
    return value


def prepared(schema: IndexSchema, document: Document) -> Prepared:
    """The document's values by kind. Raises InvalidDocument, naming id and field."""
    key = identifier(document)
    unknown = document.keys() - schema.known
    if unknown:
        raise InvalidDocument(f"{key}: no such field: {', '.join(sorted(unknown))}")
    texts: dict[str, str | list[str]] = {}
    keywords: dict[str, list[str]] = {}
    numbers: dict[str, float] = {}
    for field in schema.fields:
        value = document.get(field.name)
        if value is None or value == "" or value == ():
            continue
        try:
            if field.kind is Kind.TEXT:
                texts[field.name] = (
                    _composed(value) if isinstance(value, str) else _all_composed(field, value)
                )
            elif field.kind is Kind.KEYWORD:
                keywords[field.name] = _words(field, value)
            else:
                numbers[field.name] = _number(field, value)
        except (ValueError, TypeError) as error:
            raise InvalidDocument(f"{key}: {field.name}: {error}") from error
    place = _place(key, document)
    return Prepared(key, texts, keywords, numbers, place, document.get("_stored") or {})


def as_json(key: str, value: object) -> bytes:
    """A value as JSON. Raises InvalidDocument when `_stored` holds what JSON has no form for."""
    try:
        return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS)
    except TypeError as error:
        raise InvalidDocument(f"{key}: _stored: {error}") from error


def level(schema: IndexSchema, document: Prepared) -> int:
    """The step of a document among those of one text: that of its quality, from 0 to
    QUALITY_LEVELS - 1, and QUALITY_LEVELS more while it is valid."""
    share = document.numbers.get(schema.quality, 0.0) if schema.quality else 0.0
    valid = not schema.valid or document.keywords.get(schema.valid) == [YES]
    step = round(min(1.0, max(0.0, share)) * (QUALITY_LEVELS - 1))
    return step + QUALITY_LEVELS * valid


def turn_parts(key: str) -> list[float]:
    """Where a document stands among its equals in each of the TURNS orders: 0 to 1, drawn from
    its id."""
    drawn = hashlib.blake2b(key.encode(), digest_size=8 * TURNS).digest()
    return [int.from_bytes(drawn[8 * t : 8 * t + 6]) / 2**48 for t in range(TURNS)]


def sort_name(schema: IndexSchema, texts: Mapping[str, str | list[str]]) -> str:
    """What a document sorts by when it is sorted by name."""
    return fold(str(texts.get(schema.title, "")))[:SORT_NAME]


def values_of(text: str | list[str]) -> list[str]:
    """The values of a text field, which may have one or many."""
    return [text] if isinstance(text, str) else text


def _composed(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _all_composed(field: Field, value: object) -> list[str]:
    """The words of an activity or of a place come back by thousands, as one tuple."""
    if field.many and isinstance(value, tuple):
        return list(_remembered(value))
    return [_composed(text) for text in _strings(field, value)]


@lru_cache(maxsize=4096)
def _remembered(words: tuple[object, ...]) -> tuple[str, ...]:
    return tuple(_composed(text) for text in _only_strings(words))


def _strings(field: Field, value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if not field.many or not isinstance(value, Iterable):
        raise TypeError(f"a text is needed, not {value!r}")
    return _only_strings(value)


def _only_strings(values: Iterable[object]) -> list[str]:
    given = list(values)
    found = [value for value in given if isinstance(value, str)]
    if len(found) != len(given):
        raise TypeError(f"texts are needed, not {given!r}")
    return found


def _words(field: Field, value: object) -> list[str]:
    if isinstance(value, str) and len(value) <= MAX_KEYWORD:
        return [value]
    found = [word for word in _strings(field, value) if word]
    if any(len(word) > MAX_KEYWORD for word in found):
        raise ValueError(f"longer than {MAX_KEYWORD} characters")
    return list(dict.fromkeys(found))


def _number(field: Field, value: object) -> float:
    if field.kind is Kind.DATE and isinstance(value, str):
        return date_number(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise TypeError(f"a finite number is needed, not {value!r}")
    return float(value)


def _place(key: str, document: Document) -> tuple[float, float] | None:
    lat, lon = document.get("lat"), document.get("lon")
    if lat is None and lon is None:
        return None
    if not isinstance(lat, int | float) or not isinstance(lon, int | float):
        raise InvalidDocument(f"{key}: lat, lon: two numbers or none")
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise InvalidDocument(f"{key}: lat, lon: ({lat}, {lon}) is not on Earth")
    return float(lat), float(lon)
