"""Readings with remarks: rows refused, or kept with a warning. Seen, one waits no more; the next
reading of its source, if it has some too, waits again."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from annuaire.errors import InvalidInputError, NotFoundError
from annuaire.moderation.items import ALL, By, Decided, Item, Waits
from annuaire.moderation.queues.accepted import accepted
from annuaire.paging import address
from annuaire.runs import READ, ImportIssue, ImportRun, run_by_id
from annuaire.sql import among, plain
from annuaire.wording import pluriel

NAME: Final = "remarques"
MOST_CODES: Final = 8  # kinds of remarks named, the most frequent first
NOTE: Final = (
    "La dernière lecture de chaque source, quand elle a refusé des lignes ou en a gardé avec un "
    "avertissement. « Vu » la retire d’ici, avec la raison ; la lecture suivante y revient si elle "
    "a encore des remarques."
)


class RemarksQueue:
    """Accepting says that the remarks were seen; nothing else changes, so there is no refusing."""

    name = NAME
    title = "Remarques des lectures"
    accept = "Marquer comme vu"
    refuse = ""
    note = NOTE
    writes: frozenset[str] = ALL  # nobody asked for it: there is nobody to tell

    def waits(self, session: Session) -> Waits:
        unseen = _unseen().subquery()
        wanted = select(func.count(), func.min(unseen.c.started_at)).select_from(unseen)
        return Waits(*session.execute(wanted).one())

    def page(self, session: Session, offset: int, limit: int) -> Sequence[Item]:
        wanted = _unseen().order_by(ImportRun.started_at, ImportRun.id)
        return _items(session, session.scalars(wanted.offset(offset).limit(limit)).all())

    def item(self, session: Session, item_id: int) -> Item:
        run = run_by_id(session, item_id)
        (found,) = _items(session, [run])
        if not found.facts:
            raise NotFoundError(f"La lecture {item_id} n’a pas de remarque.")
        return found

    def decide(self, session: Session, item: Item, verdict: str, by: By) -> dict[str, Any]:
        if session.scalar(select(ImportRun.id).where(ImportRun.id == item.id, _seen())):
            raise InvalidInputError("Cette lecture est déjà marquée comme vue.")
        return {}

    def undo(self, session: Session, decided: Decided, by: By) -> None:
        """Its undoing is a decision too: nothing else was written."""


def _seen() -> ColumnElement[bool]:
    """Whether somebody saw a reading's remarks."""
    return accepted(NAME, ImportRun.id)


def _unseen() -> Select[ImportRun]:
    """The newest reading of each source that was read to its end, where it has remarks unseen."""
    newest = (
        select(func.max(ImportRun.id))
        .where(ImportRun.state.in_(READ))
        .group_by(plain(ImportRun.source))
    )
    remarks = select(ImportIssue.id).where(ImportIssue.run_id == ImportRun.id).exists()
    return select(ImportRun).where(ImportRun.id.in_(newest), remarks, ~_seen())


def _counts(ids: Iterable[int]) -> Select[int, str, bool, int]:
    """Remarks of some readings by code and whether the row was refused, the most frequent first."""
    count = func.count()
    return (
        select(ImportIssue.run_id, ImportIssue.code, ImportIssue.refused, count)
        .where(among(ImportIssue.run_id, ids))
        .group_by(ImportIssue.run_id, ImportIssue.code, ImportIssue.refused)
        .order_by(ImportIssue.run_id, count.desc(), plain(ImportIssue.code), ImportIssue.refused)
    )


def _items(session: Session, runs: Sequence[ImportRun]) -> list[Item]:
    by_run: dict[int, list[tuple[str, bool, int]]] = {}
    for run_id, code, refused, number in session.execute(_counts([run.id for run in runs])):
        by_run.setdefault(run_id, []).append((code, refused, number))
    return [_item(run, by_run.get(run.id, [])) for run in runs]


def _item(run: ImportRun, counts: Sequence[tuple[str, bool, int]]) -> Item:
    path, given = f"/sources/{run.source}", [("lecture", str(run.id))]
    facts = [(code, _words(number, refused)) for code, refused, number in counts[:MOST_CODES]]
    if len(counts) > MOST_CODES:
        rest = sum(number for _, _, number in counts[MOST_CODES:])
        facts.append(("Autres codes", pluriel(rest, "remarque")))
    links = [("Toutes les remarques de cette lecture", address(path, given))]
    codes = dict.fromkeys(code for code, _, _ in counts[:MOST_CODES])
    links += [(f"Celles de code « {code} »", address(path, given, code=code)) for code in codes]
    return Item(
        run.id, run.started_at, f"{run.source} : {run.file_name}", tuple(facts), tuple(links)
    )


def _words(number: int, refused: bool) -> str:
    said = ("ligne refusée", "lignes refusées") if refused else ("avertissement", "avertissements")
    return pluriel(number, *said)
