"""Networks and labels of structures: le marché alone tells them, in the rest of its records."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from annuaire.sql import among
from annuaire.structures.models import SourceRecord

#: The source whose records tell them: when one changes, so does what is found of its structure.
SOURCE = "marche"
_CUT = 500  # characters that importers.sources.marche keeps of a list: its last name may be cut


@dataclass(frozen=True, slots=True)
class Memberships:
    """The networks and the labels that a structure declares, each once."""

    networks: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()


NONE = Memberships()


def memberships(session: Session, ids: Sequence[int]) -> dict[int, Memberships]:
    """By structure, what its living records tell; in one query."""
    found: dict[int, Memberships] = {}
    for structure_id, networks, labels in session.execute(_told(ids)):
        known = found.get(structure_id, NONE)
        found[structure_id] = Memberships(
            _once(known.networks, _names(networks)), _once(known.labels, _names(labels))
        )
    return found


def _told(ids: Sequence[int]) -> Select[int, str | None, str | None]:
    extra = SourceRecord.data["extra"]
    return (
        select(
            SourceRecord.structure_id,
            extra["networks"].as_string(),
            extra["labels"].as_string(),
        )
        .where(
            among(SourceRecord.structure_id, ids),
            SourceRecord.source == SOURCE,
            SourceRecord.ended_on.is_(None),
        )
        .order_by(SourceRecord.id)
    )


def _names(told: str | None) -> Iterator[str]:
    names = told.split(", ") if told else []
    if told and len(told) >= _CUT:
        names.pop()
    yield from (name.strip() for name in names if name.strip())


def _once(known: Iterable[str], more: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*known, *more)))
