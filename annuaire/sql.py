"""What both databases are asked alike: a long list, a number from outside, an order of text.

A statement takes at most 65,535 parameters in PostgreSQL, and 32,766 in SQLite as its authors set
it; a list that may be long is therefore one parameter: an array there, JSON here.
"""

from collections.abc import Iterable
from typing import Any, Final, TypeVar

import orjson
from sqlalchemy import BigInteger, ColumnElement, Integer, Select, Text, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

from annuaire.db import Base

BIGGEST: Final = 2**31 - 1  # the columns that number rows are of 32 bits in PostgreSQL

ModelT = TypeVar("ModelT", bound=Base)
TextColumn = ColumnElement[str] | ColumnElement[str | None] | InstrumentedAttribute[Any]


class _Members(TypeDecorator[list[Any]]):
    """Integers or texts, whole in one parameter."""

    impl = Text
    cache_ok = True

    def __init__(self, item: TypeEngine[Any]) -> None:
        super().__init__()
        self.item = item

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(ARRAY(self.item) if _is_array(dialect) else Text())

    def process_bind_param(self, value: list[Any] | None, dialect: Dialect) -> Any:
        return value if _is_array(dialect) else orjson.dumps(value or []).decode()


def _is_array(dialect: Dialect) -> bool:
    return dialect.name == "postgresql"


class _Among(FunctionElement[Any]):
    # No Boolean: SQLAlchemy would write « … = 1 » for SQLite, which then uses no index.
    name = "among"
    inherit_cache = True


@compiles(_Among, "postgresql")
def _any(element: _Among, compiler: SQLCompiler, **kw: Any) -> str:
    column, members = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"({column} = ANY ({members}))"


@compiles(_Among, "sqlite")
def _json_each(element: _Among, compiler: SQLCompiler, **kw: Any) -> str:
    column, members = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"({column} IN (SELECT value FROM json_each({members})))"  # noqa: S608 - compiled parts


def among(
    column: ColumnElement[Any] | InstrumentedAttribute[Any], values: Iterable[int | str | None]
) -> ColumnElement[bool]:
    """Whether a column of integers or texts holds one of `values`, however many they are: `in_` is
    for a few that the code itself names. None is never held."""
    kept = [value for value in values if value is not None]
    return _Among(column, bindparam(None, kept, type_=_Members(_item(column)), unique=True))


def among_given(
    column: ColumnElement[Any] | InstrumentedAttribute[Any], name: str
) -> ColumnElement[bool]:
    """The same for a statement that is made once: the list comes with each execution, as the
    parameter of this name."""
    return _Among(column, bindparam(name, type_=_Members(_item(column))))


def _item(column: ColumnElement[Any] | InstrumentedAttribute[Any]) -> TypeEngine[Any]:
    return BigInteger() if isinstance(column.type, Integer) else Text()


def possible(number: int) -> bool:
    """Whether a row may have this number, which someone typed: a database refuses to look for a
    greater one."""
    return 0 < number <= BIGGEST


def typed_number(text: str) -> int:
    """The number that someone typed, or that a hidden field holds; 0, which no row bears, for what
    no row may have."""
    found = int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(BIGGEST)) else 0
    return found if possible(found) else 0


def numbered(session: Session, model: type[ModelT], number: int) -> ModelT | None:
    """The row of this number, which someone typed; None when there is none."""
    return session.get(model, number) if possible(number) else None


def count_rows(session: Session, wanted: Select[Any]) -> int:
    """How many rows a question gives."""
    return session.scalar(select(func.count()).select_from(wanted.order_by(None).subquery())) or 0


class _Plain(FunctionElement[str]):
    type = Text()
    name = "plain"
    inherit_cache = True


@compiles(_Plain, "postgresql")
def _collate_c(element: _Plain, compiler: SQLCompiler, **kw: Any) -> str:
    return f'{compiler.process(element.clauses, **kw)} COLLATE "C"'


@compiles(_Plain, "sqlite")
def _collate_binary(element: _Plain, compiler: SQLCompiler, **kw: Any) -> str:
    return f"{compiler.process(element.clauses, **kw)} COLLATE BINARY"


def plain(column: TextColumn) -> ColumnElement[str]:
    """A text that sorts by its characters' numbers, as Python's `sorted`, whatever language the
    database sorts in: for keys, codes and whatever a result's order must not change with."""
    return _Plain(column)
