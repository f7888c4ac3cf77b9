"""What won lots say of trades, told to the register as a source of its own: « attributions »."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy.orm import Session

from annuaire import runs
from annuaire.db import reading, writing
from annuaire.matching import queries
from annuaire.matching.inferring import won_activities
from annuaire.structures import additions

SOURCE: Final = "attributions"
PAGE: Final = 500


@dataclass(frozen=True, slots=True)
class _Lot:
    on: date
    reference: str
    title: str
    activities: Sequence[str]


def teach(session: Session, today: date) -> int:
    """Tell the register which activities the lots won by each structure prove; returns how many
    structures changed. Writes nothing, not even a run, when nothing is new; each page is one
    short transaction, so that a run that is killed is finished by the next one."""
    run = _Run(session)
    taught: set[int] = set()
    for page in _pages(session):
        taught |= page.keys()
        found = additions.additions(session, SOURCE, page)
        session.rollback()
        if found:
            with writing(session):
                additions.add(session, SOURCE, run.number(), found, today)
            run.changed += len(found)
    gone = additions.others(reading(session), SOURCE, taught)
    session.rollback()
    if gone:
        with writing(session):
            additions.take_back(session, gone, today)
            run.number()
        run.ended = len(gone)
    run.close(len(taught))
    return run.changed + run.ended


@dataclass(slots=True)
class _Run:
    """The run under which additions are kept, opened with the first of them."""

    session: Session
    id: int | None = None
    changed: int = 0
    ended: int = 0

    def number(self) -> int:
        if self.id is None:
            self.id = runs.open_run(self.session, SOURCE, "avis d'attribution lus")
        return self.id

    def close(self, taught: int) -> None:
        if self.id is None:
            return
        counts = {"read": taught, "accepted": taught, "updated": self.changed, "ended": self.ended}
        with writing(self.session):
            runs.close_run(self.session, self.id, "done", counts)


def _pages(session: Session) -> Iterator[dict[int, dict[str, Any]]]:
    """What lots say of structures, by pages; a structure of whose trade they say nothing is not
    in them."""
    last = 0
    while ids := reading(session).scalars(queries.wins_after(last, PAGE)).all():
        lots: defaultdict[int, list[_Lot]] = defaultdict(list)
        for id_, on, reference, title, activities in session.execute(queries.wins_of_all(ids)):
            lots[id_].append(_Lot(on, reference, title, activities))
        said = {id_: won_activities(found) for id_, found in lots.items()}
        yield {
            id_: {"won_activities": [[h.code, h.evidence, h.weight] for h in held]}
            for id_, held in said.items()
            if held
        }
        last = ids[-1]
