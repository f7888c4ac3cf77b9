"""How a declared schema lives in tantivy: its fields, its analyzers, its documents."""

import hashlib
from functools import cache, lru_cache

import tantivy

from search.engine import Document
from search.prepared import (
    MAX_KEYWORD,
    Prepared,
    as_json,
    level,
    prepared,
    sort_name,
    turn_parts,
    values_of,
)
from search.ranking import TURNS
from search.schema import Field, IndexSchema, Kind
from search.text import MAX_WORD, REMEMBERED, STOP_WORDS, fold, fold_word, tokens

VERSION = "4"  # raise it when anything below changes what is written
SURFACE, STEM = "surface", "stem"
ORDER_SCALE = 1e-3  # order_* hold (level + turn) times this: small enough to weigh nothing
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


def tantivy_document(schema: IndexSchema, document: Document) -> tantivy.Document:
    """A document as tantivy stores it. Raises InvalidDocument, naming id and field."""
    ready = prepared(schema, document)
    number = _handle(ready.key)
    values: dict[str, list[object]] = {
        "id": [ready.key],
        "number": [number],
        "handle": [str(number)],
        **{name: list(words) for name, words in ready.keywords.items()},
        **{name: [value] for name, value in ready.numbers.items()},
    }
    for field in schema.texts:
        if field.name in ready.texts:
            _add_text(schema, values, field, values_of(ready.texts[field.name]))
    if ready.place:
        values["lat"], values["lon"] = [ready.place[0]], [ready.place[1]]
    _add_orders(schema, values, ready)
    stored = {"id": ready.key, "stored": ready.stored, "texts": ready.texts}
    values["json"] = [as_json(ready.key, stored)]
    return tantivy.Document(**values)


def _handle(key: str) -> int:
    """A number for an id, that can be read in bulk: the id itself when it is a number, else
    one below zero."""
    if key.isascii() and key.isdigit() and len(key) < 19 and str(int(key)) == key:
        return int(key)
    return -1 - int.from_bytes(hashlib.blake2b(key.encode(), digest_size=7).digest())


def _add_text(
    schema: IndexSchema, values: dict[str, list[object]], field: Field, found: list[str]
) -> None:
    # Labels, towns and buyers come back by thousands: what is short is remembered.
    folded = _folded(tuple(found)) if len(found) > 1 else [_folded_one(text) for text in found]
    column = schema.column_of[field.name]
    values.setdefault(column.name, []).extend(folded)
    if column.stemmed:
        values.setdefault(stem_column(column.name), []).extend(folded)
    if column is schema.columns[0]:
        values.setdefault("whole_title", []).extend(whole_text(text) for text in found)
    if field.name == schema.town:
        values["whole_town"] = [whole_text(text) for text in found]


@lru_cache(maxsize=4096)
def _folded(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_folded_one(text) for text in texts)


def _folded_one(text: str) -> str:
    return fold_word(text) if len(text) < REMEMBERED else fold(text)


def whole_text(text: str) -> str:
    """A title or a town as one term: its words that say something."""
    return " ".join(tokens(text))[:MAX_KEYWORD]


def _add_orders(schema: IndexSchema, values: dict[str, list[object]], ready: Prepared) -> None:
    step, parts = level(schema, ready), turn_parts(ready.key)
    for turn, part in enumerate(parts):
        values[f"order_{turn}"] = [(step + part) * ORDER_SCALE]
    values["sort_name"] = [f"{sort_name(schema, ready.texts)}\x00{ready.key}"]
    for sort, field in schema.sort_fields.items():
        missing = LAST_DATE if sort == "deadline" else 0.0
        values[f"sort_{sort}"] = [ready.numbers.get(field, missing) + parts[0]]
