"""What tells that rows come in an order of text that another database would not give."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ClauseElement, Column, String
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import Label, UnaryExpression


def refuse_own_order(
    _connection: object,
    _cursor: object,
    statement: str,
    _parameters: object,
    context: Any,
    _m: object,
) -> None:
    """For `before_cursor_execute`: raises AssertionError for a SELECT sorted by a column of text
    that is not `annuaire.sql.plain`."""
    compiled = getattr(context, "compiled", None)
    state = getattr(compiled, "compile_state", None)
    for clause in getattr(getattr(state, "statement", None), "_order_by_clauses", ()):
        for bare in _bare(clause):
            if isinstance(bare, Column) and isinstance(bare.type, String):
                raise AssertionError(
                    f"{bare} sorts as the database likes (annuaire.sql.plain): {statement}"
                )


def _bare(clause: ClauseElement) -> Iterator[ClauseElement]:
    """What is sorted by, whatever its direction."""
    while isinstance(clause, UnaryExpression) and clause.modifier in _DIRECTIONS:
        clause = clause.element
    yield clause.element if isinstance(clause, Label) else clause


_DIRECTIONS = (
    operators.asc_op, operators.desc_op, operators.nulls_first_op, operators.nulls_last_op,
)  # fmt: skip
