"""How a declared schema lives in tantivy: its fields, its analyzers, its documents."""

import hashlib
import math
import unicodedata
from collections.abc import Iterable
from functools import cache

import orjson
import tantivy

from search.engine import Document, InvalidDocument
from search.ranking import QUALITY_LEVELS, TURNS
from search.schema import Field, IndexSchema, Kind, date_number
from search.text import MAX_WORD, STOP_WORDS, fold, fold_word, tokens

VERSION = "1"  # raise it when anything below changes what is written
SURFACE, STEM = "surface", "stem"
ORDER_SCALE = 1e-3  # order_* hold (quality level + turn) times this: small enough to weigh nothing
MAX_KEYWORD = 500
REMEMBERED = 80  # characters of a text whose folded form is kept
LAST_DATE = 99_999_999.0  # where a missing deadline sorts


def stem_column(column: str) -> str:
    """The name of the stemmed twin of a column."""
    return f"{column}_stem"


@cache
def analyzers() -> dict[str, tantivy.TextAnalyzer]:
    """What cuts texts that are already folded; to be registered whenever an index is opened."""

    def builder() -> tantivy.TextAnalyzerBuilder:
        return (
            tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.regex(r"[\p{L}\p{N}]+"))
            .filter(tantivy.Filter.custom_stopword(sorted(STOP_WORDS)))
            .filter(tantivy.Filter.remove_long(MAX_WORD + 1))
        )

    return {
        SURFACE: builder().build(),
        STEM: builder().filter(tantivy.Filter.stemmer("french")).build(),
    }


@cache
def tantivy_schema(schema: IndexSchema) -> tantivy.Schema:
    """The fields that tantivy keeps for a declared schema."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", tokenizer_name="raw", index_option="basic")
    builder.add_bytes_field("json", stored=True)
    builder.add_text_field("whole_title", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("whole_town", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("sort_name", fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("number", fast=True)
    builder.add_text_field("handle", tokenizer_name="raw", index_option="basic")
    for column in schema.columns:
        option = "position" if column.phrases else "basic"
        builder.add_text_field(column.name, tokenizer_name=SURFACE, index_option=option)
        if column.stemmed:
            builder.add_text_field(
                stem_column(column.name), tokenizer_name=STEM, index_option=option
            )
    for field in schema.fields:
        if field.kind is Kind.KEYWORD:
            builder.add_text_field(
                field.name, fast=True, tokenizer_name="raw", index_option="basic"
            )
        elif field.kind in (Kind.NUMBER, Kind.DATE):
            builder.add_float_field(field.name, indexed=True, fast=True)
    for name in ("lat", "lon"):
        builder.add_float_field(name, indexed=True, fast=True)
    for turn in range(TURNS):
        builder.add_float_field(f"order_{turn}", fast=True)
    for sort in schema.sort_fields:
        builder.add_float_field(f"sort_{sort}", fast=True)
    return builder.build()


def open_index(schema: IndexSchema, path: str | None) -> tantivy.Index:
    """Open or create an index (in memory without a path). Raises ValueError or OSError."""
    index = tantivy.Index(tantivy_schema(schema), path)
    for name, analyzer in analyzers().items():
        index.register_tokenizer(name, analyzer)
    return index


def identifier(document: Document) -> str:
    """The id of a document. Raises InvalidDocument."""
    value = document.get("id")
    if not isinstance(value, str) or not 0 < len(value) <= MAX_KEYWORD:
        raise InvalidDocument(f"id: a text is needed, not {value!r}")
    return value


def tantivy_document(schema: IndexSchema, document: Document) -> tantivy.Document:
    """A document as tantivy stores it. Raises InvalidDocument, naming id and field."""
    key = identifier(document)
    unknown = document.keys() - schema.by_name.keys() - {"id", "lat", "lon", "_stored"}
    if unknown:
        raise InvalidDocument(f"{key}: no such field: {', '.join(sorted(unknown))}")
    number = _handle(key)
    values: dict[str, list[object]] = {"id": [key], "number": [number], "handle": [str(number)]}
    texts: dict[str, object] = {}
    for field in schema.fields:
        value = document.get(field.name)
        if value is None or value == "" or value == ():
            continue
        try:
            if field.kind is Kind.TEXT:
                texts[field.name] = _add_text(schema, values, field, value)
            elif field.kind is Kind.KEYWORD:
                values[field.name] = list(_words(field, value))
            else:
                values[field.name] = [_number(field, value)]
        except (ValueError, TypeError) as error:
            raise InvalidDocument(f"{key}: {field.name}: {error}") from error
    _add_place(key, values, document)
    _add_orders(schema, values, key, texts)
    stored = {"id": key, "stored": document.get("_stored") or {}, "texts": texts}
    values["json"] = [_json(key, stored)]
    return tantivy.Document(**values)


def _handle(key: str) -> int:
    """A number for an id, that can be read in bulk: the id itself when it is a number, else
    one below zero."""
    if key.isascii() and key.isdigit() and len(key) < 19 and str(int(key)) == key:
        return int(key)
    return -1 - int.from_bytes(hashlib.blake2b(key.encode(), digest_size=7).digest())


def _json(key: str, stored: dict[str, object]) -> bytes:
    try:
        return orjson.dumps(stored, option=orjson.OPT_NON_STR_KEYS)
    except TypeError as error:
        raise InvalidDocument(f"{key}: _stored: {error}") from error


def _strings(field: Field, value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if not field.many or not isinstance(value, Iterable):
        raise TypeError(f"a text is needed, not {value!r}")
    found = list(value)
    if not all(isinstance(item, str) for item in found):
        raise TypeError(f"texts are needed, not {value!r}")
    return found


def _add_text(
    schema: IndexSchema, values: dict[str, list[object]], field: Field, value: object
) -> str | list[str]:
    found = [
        text if text.isascii() else unicodedata.normalize("NFC", text)
        for text in _strings(field, value)
    ]
    # Labels, towns and buyers come back by thousands: what is short is remembered.
    folded = [fold_word(text) if len(text) < REMEMBERED else fold(text) for text in found]
    column = next(c for c in schema.columns if c.name == field.column)
    values.setdefault(column.name, []).extend(folded)
    if column.stemmed:
        values.setdefault(stem_column(column.name), []).extend(folded)
    if column is schema.columns[0]:
        values.setdefault("whole_title", []).extend(whole_text(text) for text in found)
    if field.name == schema.town:
        values["whole_town"] = [whole_text(text) for text in found]
    return found[0] if isinstance(value, str) else found


def whole_text(text: str) -> str:
    """A title or a town as one term: its words that say something."""
    return " ".join(tokens(text))[:MAX_KEYWORD]


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


def _add_place(key: str, values: dict[str, list[object]], document: Document) -> None:
    lat, lon = document.get("lat"), document.get("lon")
    if lat is None and lon is None:
        return
    if not isinstance(lat, int | float) or not isinstance(lon, int | float):
        raise InvalidDocument(f"{key}: lat, lon: two numbers or none")
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise InvalidDocument(f"{key}: lat, lon: ({lat}, {lon}) is not on Earth")
    values["lat"], values["lon"] = [float(lat)], [float(lon)]


def _add_orders(
    schema: IndexSchema, values: dict[str, list[object]], key: str, texts: dict[str, object]
) -> None:
    drawn = hashlib.blake2b(key.encode(), digest_size=8 * TURNS).digest()
    quality = values.get(schema.quality, [0.0])[0] if schema.quality else 0.0
    share = min(1.0, max(0.0, float(quality)))  # type: ignore[arg-type]  # `_number` made it a float
    level = round(share * (QUALITY_LEVELS - 1))
    parts = [int.from_bytes(drawn[8 * t : 8 * t + 6]) / 2**48 for t in range(TURNS)]
    for turn, part in enumerate(parts):
        values[f"order_{turn}"] = [(level + part) * ORDER_SCALE]
    title = texts.get(schema.title, "")
    values["sort_name"] = [f"{fold(str(title))[:200]}\x00{key}"]
    for sort, field in schema.sort_fields.items():
        missing = LAST_DATE if sort == "deadline" else 0.0
        values[f"sort_{sort}"] = [values.get(field, [missing])[0] + parts[0]]  # type: ignore[operator]
