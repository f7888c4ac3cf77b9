"""Readings that were held: what their file lacks is ended by the operator alone, who has it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from annuaire.errors import InvalidInputError
from annuaire.moderation.items import ALL, By, Decided, Item, Waits
from annuaire.runs import ImportRun, run_by_id
from annuaire.sql import plain

NOTE = (
    "Une lecture retenue a gardé des fiches que son fichier ne contient plus. Qui administre le "
    "serveur relance la lecture avec --accept-removals si ces retraits sont voulus."
)


class RunsQueue:
    """Nothing is decided here: it is read, and told to the operator."""

    name = "lectures"
    title = "Lectures retenues"
    accept = ""
    refuse = ""
    note = NOTE
    writes: frozenset[str] = ALL

    def waits(self, session: Session) -> Waits:
        held = _held().subquery()
        wanted = select(func.count(), func.min(held.c.started_at)).select_from(held)
        return Waits(*session.execute(wanted).one())

    def page(self, session: Session, offset: int, limit: int) -> Sequence[Item]:
        wanted = _held().order_by(ImportRun.started_at, ImportRun.id)
        return [_item(run) for run in session.scalars(wanted.offset(offset).limit(limit))]

    def item(self, session: Session, item_id: int) -> Item:
        return _item(run_by_id(session, item_id))

    def decide(self, session: Session, item: Item, verdict: str, by: By) -> dict[str, Any]:
        raise InvalidInputError(NOTE)

    def undo(self, session: Session, decided: Decided, by: By) -> None:
        raise InvalidInputError(NOTE)


def _held() -> Select[ImportRun]:
    """The newest reading of each source, where it was held."""
    newest = select(func.max(ImportRun.id)).group_by(plain(ImportRun.source))
    return select(ImportRun).where(ImportRun.id.in_(newest), ImportRun.state == "held")


def _item(run: ImportRun) -> Item:
    return Item(
        run.id,
        run.started_at,
        f"{run.source} : {run.file_name}",
        (("Pourquoi", run.message or "non dit"),),
        (("Les remarques de cette lecture", f"/sources/{run.source}"),),
    )
