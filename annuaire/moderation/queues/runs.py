"""Readings that were held: whether what their file lacks is gone. A job ends it, or keeps it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from annuaire.errors import InvalidInputError
from annuaire.moderation.items import ALL, By, Decided, Item, Waits
from annuaire.runs import STATE_WORDS, ImportRun, run_by_id
from annuaire.sql import plain
from annuaire.structures import held_removals
from annuaire.wording import nombre

NAMED = 20  # structures that the page names
NOTE = (
    "Une lecture retenue a gardé des fiches que son fichier ne contient plus. Accepter les clôt "
    "à la date du jour, à la prochaine heure (« annuaire tend ») ; refuser les garde. Les deux "
    "s’annulent tant que la source n’a pas été lue de nouveau."
)


class RunsQueue:
    """Accepting ends what the file lacks; refusing keeps it, also when the same file is read
    again."""

    name = "lectures"
    title = "Lectures retenues"
    accept = "Accepter les retraits"
    refuse = "Refuser les retraits"
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
        run = run_by_id(session, item_id)
        count = held_removals.count_held(session, run.id)
        named = session.execute(held_removals.names_held(run.id, NAMED)).all()
        facts = [("État", STATE_WORDS[run.state]), ("Fiches absentes du fichier", nombre(count))]
        if count > NAMED:
            facts.append(("Nommées ici", f"les {NAMED} premières par leur nom"))
        links = [(name, f"/structures/{key}") for key, name in named]
        return _item(run, facts, links)

    def decide(self, session: Session, item: Item, verdict: str, by: By) -> dict[str, Any]:
        moves = held_removals.ACCEPT if verdict == "accept" else held_removals.REFUSE
        held_removals.decide(session, item.id, moves)
        return {}

    def undo(self, session: Session, decided: Decided, by: By) -> None:
        if run_by_id(session, decided.item_id).state == "done" and decided.verdict == "refuse":
            raise InvalidInputError(held_removals.NOT_THERE)
        held_removals.decide(session, decided.item_id, held_removals.UNDO)


def _held() -> Select[ImportRun]:
    """The newest reading of each source, where it was held."""
    newest = select(func.max(ImportRun.id)).group_by(plain(ImportRun.source))
    return select(ImportRun).where(ImportRun.id.in_(newest), ImportRun.state == "held")


def _item(
    run: ImportRun,
    facts: Sequence[tuple[str, str]] = (),
    links: Sequence[tuple[str, str]] = (),
) -> Item:
    return Item(
        run.id,
        run.started_at,
        f"{run.source} : {run.file_name}",
        (("Pourquoi", run.message or "non dit"), *facts),
        (("Les remarques de cette lecture", f"/sources/{run.source}"), *links),
    )
