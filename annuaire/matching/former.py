"""The lots that structures won before: what a need, an open lot or an alert may learn from."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    bindparam,
    cast,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from annuaire.matching.candidates import Won
from annuaire.matching.models import Win
from annuaire.sql import among_given
from annuaire.structures.models import Structure

_NUMBER, _DAY = itemgetter(0), itemgetter(3)  # of a row of `_newest`


class Former(NamedTuple):
    """A lot that a living structure won, with that structure's number and SIRET."""

    structure_id: int
    siret: str | None
    won: Won


def wins_before(
    session: Session,
    structure_ids: Sequence[int],
    day: date,
    limit: int,
    *,
    departements: Sequence[str] = (),
    buyer_key: str | None = None,
    only_theirs: bool = False,
) -> list[Former]:
    """Lots known to be won before a day by these structures, from this buyer or in these
    départements, the newest first; only those of living structures. `only_theirs`: those of other
    structures take their place among the `limit` and are not told, which is quicker."""
    given: dict[str, Any] = {"structures": list(structure_ids), "day": day, "most": limit}
    given |= {f"departement_{at}": code for at, code in enumerate(departements)}
    if buyer_key:
        given["buyer"] = buyer_key
    asked = _newest(len(departements), buyer=bool(buyer_key), others=not only_theirs)
    found = session.execute(asked, given).all()
    whole = {row[0]: row for row in found if row.activities is not None}
    once = {row[0]: row for row in found} | whole
    # By number, then, among those of one day in that order, the newest first.
    newest = sorted(sorted(once.values(), key=_NUMBER), key=_DAY, reverse=True)[:limit]
    return [
        Former(number, siret, Won(on, tuple(codes), *rest))
        for _, number, siret, on, codes, *rest in newest
        if codes is not None
    ]


@cache  # a statement of this size takes as long to write as to answer
def _newest(departements: int, *, buyer: bool, others: bool) -> CompoundSelect[*tuple[Any, ...]]:
    """Each condition is asked apart for its newest, by its own index, and a lot may come twice: a
    large city's lots are thousands, which are then not all read and sorted for a few. Without
    `others`, what other structures won has its number and its day alone."""
    wanted = [among_given(Win.structure_id, "structures")]
    wanted += [Win.departement == bindparam(f"departement_{at}") for at in range(departements)]
    if buyer:
        wanted.append(Win.buyer_key == bindparam("buyer"))
    told = (
        Structure.siret,
        Win.won_on,
        Win.activities,
        Win.departement,
        Win.buyer_key,
        Win.buyer_name,
        Win.title,
        Win.lot_reference,
    )
    bare = [each if each is Win.won_on else _nothing(each) for each in told]
    shown = [told, *[told if others else bare] * (len(wanted) - 1)]
    lots = [_lots(clause, columns) for clause, columns in zip(wanted, shown, strict=True)]
    return union_all(*(select(*each.subquery().c) for each in lots))


def _nothing(column: InstrumentedAttribute[Any]) -> ColumnElement[Any]:
    return cast(null(), column.type).label(column.key)


def _lots(wanted: ColumnElement[bool], columns: Sequence[Any]) -> Select[*tuple[Any, ...]]:
    most: Any = bindparam("most")
    return (
        select(Win.id, Win.structure_id, *columns)
        .join(Structure, Structure.id == Win.structure_id)
        .where(Win.won_on < bindparam("day"), Structure.ended_on.is_(None), wanted)
        .order_by(Win.won_on.desc(), Win.id)
        .limit(most)
    )
