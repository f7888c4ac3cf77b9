"""Where a structure stands: the choice between the points that its sources give; pure.

The rule, first that applies:
1. a true point (of a number or a street) given by a directory, in the commune of the kept address,
   the most trusted first;
2. the point that the national address base (BAN) gave for that very address, when it is a true one;
3. the centre of the commune given by a directory, the most trusted first;
4. the centre of the commune given by the BAN for that very address.
A true point of a less trusted directory thus goes before a centre of a more trusted one; and a
point never outlives the address for which it was found.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol, TypeVar

BAN: Final = "ban"
TRUE_POINTS: Final = frozenset({"number", "street"})


class Saying(Protocol):
    """What the choice reads of a source's record."""

    @property
    def source(self) -> str: ...

    @property
    def data(self) -> dict[str, Any]: ...


SayingT = TypeVar("SayingT", bound=Saying)


def best_point(ranked: Sequence[SayingT], values: Mapping[str, Any]) -> SayingT | None:
    """The record, among records from the most trusted to the least, whose point is the
    structure's; None when none has any. `values` holds the address that was kept."""
    placed = [
        record
        for record in ranked
        if record.data.get("lat") is not None
        and record.data.get("lon") is not None
        and _of_this_address(record, values)
    ]
    return min(placed, key=_rank, default=None)


def looked_up(ranked: Sequence[SayingT], values: Mapping[str, Any]) -> SayingT | None:
    """The record of the BAN's true point of the address in `values`; None when it gave none."""
    return next(
        (
            record
            for record in ranked
            if record.source == BAN
            and record.data.get("geo_precision") in TRUE_POINTS
            and _of_this_address(record, values)
        ),
        None,
    )


def _rank(record: Saying) -> tuple[bool, bool]:
    """Smaller is better; equals stay in the order of trust."""
    return record.data.get("geo_precision") not in TRUE_POINTS, record.source == BAN


def _of_this_address(record: Saying, values: Mapping[str, Any]) -> bool:
    """The BAN's answer counts for the address that was asked, a directory's in its commune."""
    if record.source == BAN:
        return bool(record.data.get("asked") == address_asked(values))
    here, theirs = values.get("code_insee"), record.data.get("code_insee")
    return here is None or theirs is None or here == theirs


def address_asked(values: Mapping[str, Any]) -> str:
    """The address of a structure in one line, as the BAN is asked: « 1 rue X 59000 Lille »."""
    parts = (values.get("address"), values.get("postcode"), values.get("city"))
    return " ".join(" ".join(str(part).split()) for part in parts if part)
