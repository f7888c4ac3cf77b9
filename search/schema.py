"""What the two indexes hold: fields declared once, read by every engine."""

import hashlib
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

from search.engine import IndexName

YES, NO = "oui", "non"


class Kind(StrEnum):
    """What a field holds. DATE is an ISO date, compared and sorted as the number yyyymmdd."""

    TEXT = "text"
    KEYWORD = "keyword"
    NUMBER = "number"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Column:
    """Text fields that are searched together; `weight` (0 to 1) ranks a word found there.

    `stemmed` columns find « nettoyages » for « nettoyage »; `phrases` keep the order of words,
    so that words found side by side rank higher.
    """

    name: str
    weight: float
    stemmed: bool = True
    phrases: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a document. TEXT fields name the column that they are searched in."""

    name: str
    kind: Kind
    column: str = ""
    many: bool = False


@dataclass(frozen=True, slots=True)
class Numbers:
    """Fields that a number in the free text is sought in: « 59 », « 69003 », a SIREN or a SIRET."""

    departement: str
    postcode: str
    siret: str = ""


@dataclass(frozen=True)
class IndexSchema:
    """One index. Every document also has `id` (text, unique), may have `lat` and `lon` (WGS84
    degrees, both or neither) and `_stored`: a mapping of JSON values handed back with each hit.

    `title` is the field that sorts by name, `town` the one whose whole name counts more.
    `browse` is the order without text: "quality" (then by turns) or the name of a sort. `quality`
    is a field from 0 to 1 that has a small weight, `valid` a keyword that says "oui" of what is
    valid today.
    `sorts` ties the sorts of `Query` to date fields. `suggested` ties a kind of suggestion to the
    text fields that it comes from; `alike` are the keywords that make documents similar, the most
    telling first.
    """

    name: IndexName
    columns: tuple[Column, ...]
    fields: tuple[Field, ...]
    title: str
    numbers: Numbers
    town: str = ""
    browse: str = "quality"
    quality: str = ""
    valid: str = ""
    sorts: tuple[tuple[str, str], ...] = ()
    suggested: tuple[tuple[str, tuple[str, ...]], ...] = ()
    alike: tuple[str, ...] = ("activities", "groups")

    @cached_property
    def by_name(self) -> dict[str, Field]:
        return {field.name: field for field in self.fields}

    @cached_property
    def texts(self) -> tuple[Field, ...]:
        return tuple(f for f in self.fields if f.kind is Kind.TEXT)

    @cached_property
    def column_of(self) -> dict[str, Column]:
        """By text field, the column in which it is searched."""
        columns = {column.name: column for column in self.columns}
        return {field.name: columns[field.column] for field in self.texts}

    @cached_property
    def known(self) -> frozenset[str]:
        """What a document may hold."""
        return frozenset((*self.by_name, "id", "lat", "lon", "_stored"))

    @cached_property
    def sort_fields(self) -> dict[str, str]:
        return dict(self.sorts)

    def digest(self, version: str) -> str:
        """A short name of what this schema writes, in this version of an engine's format."""
        said = repr((version, replace(self, suggested=(), alike=())))
        return hashlib.sha256(said.encode()).hexdigest()[:12]


def _text(name: str, column: str, *, many: bool = False) -> Field:
    return Field(name, Kind.TEXT, column, many)


def _word(name: str, *, many: bool = False) -> Field:
    return Field(name, Kind.KEYWORD, "", many)


STRUCTURES = IndexSchema(
    name="structures",
    columns=(
        Column("title", 1.0, phrases=True),
        Column("activity", 0.85, phrases=True),
        Column("inferred", 0.75, phrases=True),
        Column("place", 0.7, stemmed=False),
        Column("body", 0.5),
    ),
    fields=(
        _text("name", "title"),
        _text("brand", "title"),
        _text("activity_words", "activity", many=True),
        _text("inferred_words", "inferred", many=True),
        _text("status_words", "activity", many=True),
        _text("offers", "activity", many=True),
        _text("city", "place"),
        _text("place_words", "place", many=True),
        _text("description", "body"),
        _text("naf_label", "body"),
        _word("siret"),
        _word("postcode"),
        _word("code_insee"),
        _word("departement"),
        _word("region"),
        _word("epci", many=True),
        _word("activities", many=True),
        _word("groups", many=True),
        _word("kinds", many=True),
        _word("families", many=True),
        _word("networks", many=True),
        _word("labels", many=True),
        _word("serves", many=True),
        _word("served", many=True),
        _word("cocontract"),
        _word("active"),
        Field("completeness", Kind.NUMBER),
    ),
    title="name",
    numbers=Numbers("departement", "postcode", "siret"),
    town="city",
    quality="completeness",
    valid="active",
    suggested=(
        ("activity", ("activity_words", "inferred_words")),
        ("place", ("city",)),
        ("name", ("name", "brand")),
    ),
)

CONTRACTS = IndexSchema(
    name="contracts",
    columns=(
        Column("title", 1.0, phrases=True),
        Column("lots", 0.9, phrases=True),
        Column("activity", 0.8),
        Column("buyer", 0.75, stemmed=False),
        Column("place", 0.7, stemmed=False),
        Column("body", 0.5),
    ),
    fields=(
        _text("title", "title"),
        _text("lot_titles", "lots", many=True),
        _text("activity_words", "activity", many=True),
        _text("buyer", "buyer"),
        _text("city", "place"),
        _text("place_words", "place", many=True),
        _text("descriptions", "body", many=True),
        _word("reference"),
        _word("buyer_key"),
        _word("buyer_named"),
        _word("buyer_siret"),
        _word("buyer_ids", many=True),
        _word("postcode"),
        _word("code_insee"),
        _word("epci", many=True),
        _word("departements", many=True),
        _word("regions", many=True),
        _word("activities", many=True),
        _word("groups", many=True),
        _word("cpv", many=True),
        _word("state"),
        _word("nature"),
        _word("procedure"),
        _word("types", many=True),
        _word("social"),
        _word("environment"),
        _word("clause_types", many=True),
        _word("reserved", many=True),
        _word("source", many=True),
        _word("allotted"),
        _word("amount_known"),
        _word("placed"),
        Field("published", Kind.DATE),
        Field("deadline", Kind.DATE),
        Field("amount", Kind.NUMBER),
        Field("hours", Kind.NUMBER),
    ),
    title="title",
    numbers=Numbers("departements", "postcode", "buyer_siret"),
    town="city",
    browse="newest",
    sorts=(("newest", "published"), ("deadline", "deadline"), ("hours", "hours")),
    suggested=(
        ("activity", ("activity_words",)),
        ("buyer", ("buyer",)),
        ("name", ("title",)),
    ),
)

SCHEMAS: dict[IndexName, IndexSchema] = {"structures": STRUCTURES, "contracts": CONTRACTS}


def date_number(iso: str) -> float:
    """« 2026-01-31 » (or a longer ISO instant) as 20260131. Raises ValueError."""
    year, month, day = iso[:10].split("-")
    return float(int(year) * 10_000 + int(month) * 100 + int(day))
