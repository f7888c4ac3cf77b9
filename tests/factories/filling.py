"""Rows for every table of a database, whatever its form: what a migration must not lose."""

import re
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Date,
    DateTime,
    Float,
    Inspector,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    String,
    Table,
    Text,
    inspect,
    select,
)

from annuaire.sql import plain

ROWS = 4  # of a table without a parent; a table whose numbers must follow another's has one less
_LENGTH = re.compile(r"length\((?:CAST\()?\W*(\w+)\W[^=<>]*=\s*(\d+)", re.IGNORECASE)
_QUOTED = re.compile(r"'([^']*)'")
_AFTER = re.compile(r"^\W*(\w+)\W*<\W*(\w+)\W*$")

_NEXT = "next"

#: A table's rows by column, in the order of their numbers.
Content = dict[str, list[dict[str, Any]]]


def tables(connection: Connection) -> MetaData:
    """The tables that stand, without Alembic's own."""
    found = MetaData()
    found.reflect(connection, only=lambda name, _: name != "alembic_version")
    return found


def fill(connection: Connection) -> None:
    """Write some rows in every empty table, parents first, every column filled."""
    inspector = inspect(connection)
    written: dict[str, int] = {}
    for table in tables(connection).sorted_tables:
        rules = _rules(inspector, table)
        parents = {key.column.table.name for key in table.foreign_keys} - {table.name}
        rows = min((written[name] for name in parents), default=ROWS)
        rows -= _NEXT in rules.values()
        written[table.name] = rows
        if connection.execute(select(table).limit(1)).first() is None:
            connection.execute(table.insert(), [_row(table, n, rules) for n in range(1, rows + 1)])


def content(connection: Connection) -> Content:
    """All that every table holds."""
    return {
        table.name: [
            dict(row)
            for row in connection.execute(
                select(table).order_by(*map(_order, table.primary_key))
            ).mappings()
        ]
        for table in tables(connection).sorted_tables
    }


def _order(column: Column[Any]) -> ColumnElement[Any]:
    return plain(column) if isinstance(column.type, String) else column


def lost(before: Content, after: Content) -> list[str]:
    """What was known before and is not after, of the tables and columns that stand in both."""
    return [
        f"{name}, row {number}: {column} was {row[column]!r}, is {kept.get(column)!r}"
        for name, rows in before.items()
        if name in after
        for number, row in enumerate(rows)
        for kept in [after[name][number] if number < len(after[name]) else {}]
        for column in row
        if (not kept or column in kept) and kept.get(column) != row[column]
    ]


def _rules(inspector: Inspector, table: Table) -> dict[str, Any]:
    """By column, what its CHECK constraint asks: a length, words to choose from, or a number
    after another column's."""
    rules: dict[str, Any] = {}
    for check in inspector.get_check_constraints(table.name):
        told = str(check["sqltext"])
        if match := _LENGTH.search(told):
            rules[match[1]] = int(match[2])
            continue
        if match := _AFTER.search(told):
            rules[match[2]] = _NEXT
            continue
        for column in table.columns:
            words = _QUOTED.findall(told)
            if words and re.search(rf"\b{column.name}\b", told):
                rules[column.name] = words
                break
    return rules


def _row(table: Table, number: int, rules: dict[str, Any]) -> dict[str, Any]:
    return {column.name: _value(column, number, rules.get(column.name)) for column in table.columns}


def _ruled(rule: Any, number: int) -> Any:
    if rule == _NEXT:
        return number + 1
    return rule[number % len(rule)] if isinstance(rule, list) else str(number).zfill(rule)


def _value(column: Column[Any], number: int, rule: Any) -> Any:
    kind = column.type
    if rule is not None:
        return _ruled(rule, number)
    if column.foreign_keys or (column.primary_key and isinstance(kind, Integer)):
        return number if isinstance(kind, Integer) else f"{column.name} {number}"
    if isinstance(kind, Boolean):
        return bool(number % 2)
    if isinstance(kind, DateTime):
        aware = datetime(2026, 3, number, 12, 30, tzinfo=UTC)
        return aware if kind.timezone else aware.replace(tzinfo=None)
    if isinstance(kind, Date):
        return date(2026, 3, number)
    if isinstance(kind, JSON):
        return {"é": [number, None, "œ"]}
    if isinstance(kind, Integer):
        return number
    if isinstance(kind, Float | Numeric):
        return number + 0.5
    if isinstance(kind, LargeBinary):
        return b"\x00\xff" * number
    assert isinstance(kind, Text) or kind.python_type is str, (
        f"say here what a {kind!r} is filled with"
    )
    return f"{column.name} {number} é"
