"""What structures changed of their own page: to read again, or to accept before it is shown."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from annuaire.accounts.models import User
from annuaire.moderation.items import By, Decided, Item, Waits
from annuaire.profiles import queries, reviewing, service
from annuaire.profiles.fields import SUBJECTS
from annuaire.profiles.models import ProfileEdit
from annuaire.profiles.presenting import diff_lines
from annuaire.profiles.reopening import put_back, reopen


class EditsQueue:
    """Accepting shows what waited; refusing puts back what was shown."""

    name = "modifications"
    title = "Modifications de fiches"
    accept = "Accepter la modification"
    refuse = "Refuser la modification"
    note = ""
    writes: frozenset[str] = frozenset()

    def waits(self, session: Session) -> Waits:
        wanted = select(func.count(), func.min(ProfileEdit.made_at)).where(
            ProfileEdit.state.in_(queries.OPEN)
        )
        return Waits(*session.execute(wanted).one())

    def page(self, session: Session, offset: int, limit: int) -> Sequence[Item]:
        rows = session.execute(queries.to_review().offset(offset).limit(limit)).all()
        ids = {made.author_id for made, _, _ in rows if made.author_id}
        found = session.scalars(select(User).where(User.id.in_(ids)))
        authors = {user.id: user for user in found}
        return [_item(made, authors.get(made.author_id or 0), *who) for made, *who in rows]

    def item(self, session: Session, item_id: int) -> Item:
        made, structure = reviewing.edit_of(session, item_id)
        author = session.get(User, made.author_id) if made.author_id else None
        return _item(made, author, structure.key, structure.name)

    def decide(self, session: Session, item: Item, verdict: str, by: By) -> dict[str, Any]:
        made, _, profile = reviewing.hold_edit(session, item.id)
        kept = {"before": made.state, "fields": put_back(profile, made)}
        today = by.now.date()
        if verdict == "accept":
            reviewing.accept(session, made.id, by.user_id, today)
        else:
            reviewing.refuse(session, made.id, by.user_id, by.reason, today)
        return kept

    def undo(self, session: Session, decided: Decided, by: By) -> None:
        before, fields = decided.kept["before"], decided.kept["fields"]
        reopen(session, decided.item_id, before, fields, by.user_id, by.now.date())


def _item(made: ProfileEdit, author: User | None, key: str, name: str) -> Item:
    facts = [
        ("État", service.STATES[made.state]),
        ("Par", f"{author.name} ({author.email})" if author else "un compte effacé"),
    ]
    for line in diff_lines(made.diff):
        facts.append((f"{line.label}, avant", " ; ".join(line.before) or "rien"))
        facts.append((f"{line.label}, après", " ; ".join(line.after) or "rien"))
    links = (
        ("La page de la structure", f"/structures/{key}"),
        ("L’historique de sa fiche", f"/espace/structure/{key}/fiche/historique"),
    )
    title = f"{name} : {SUBJECTS.get(made.subject, made.subject)}"
    email = author.email if author else None
    return Item(made.id, made.made_at, title, tuple(facts), links, email, made.author_id)
