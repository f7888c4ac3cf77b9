"""Consultations that buyers publish here: read once they are published, and again when they change.
Any of them can be taken away, also after it was read."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from annuaire.accounts.models import User
from annuaire.claims.letters import written
from annuaire.consultations import moderating
from annuaire.consultations.models import WrittenConsultation
from annuaire.consultations.service import REMOVED, STATES, reference_of
from annuaire.errors import InvalidInputError
from annuaire.mail.service import queue as queue_letter
from annuaire.moderation.items import ALL, By, Decided, Item, Waits
from annuaire.moderation.models import ModerationDecision
from annuaire.moderation.queues.accepted import accepted
from annuaire.sql import among
from annuaire.wording import siret_fr

NAME: Final = "consultations"
NOTE: Final = (
    "Ce que des acheteurs publient eux-mêmes sur le site. « Marquer comme lue » l’ôte d’ici "
    "jusqu’à sa prochaine modification. « Retirer du site » supprime sa page et le dit à la "
    "personne qui l’a écrite, avec la raison ; l’annulation de la décision la remet."
)
TEXTS: Final = (
    ("description", "Description"),
    ("conditions", "Conditions d’exécution"),
    ("criteres", "Critères d’attribution"),
)


class ConsultationsQueue:
    """Accepting says that a consultation was read; refusing takes its page away."""

    name = NAME
    title = "Consultations d’acheteurs"
    accept = "Marquer comme lue"
    refuse = "Retirer du site"
    note = NOTE
    writes: frozenset[str] = ALL

    def waits(self, session: Session) -> Waits:
        unread = _unread().subquery()
        wanted = select(func.count(), func.min(unread.c.updated_at)).select_from(unread)
        return Waits(*session.execute(wanted).one())

    def page(self, session: Session, offset: int, limit: int) -> Sequence[Item]:
        wanted = _unread().order_by(WrittenConsultation.updated_at, WrittenConsultation.id)
        rows = session.scalars(wanted.offset(offset).limit(limit)).all()
        authors = _authors(session, rows)
        return [_item(row, authors.get(row.author_id or 0)) for row in rows]

    def item(self, session: Session, item_id: int) -> Item:
        row = moderating.shown(session, item_id)
        return _item(row, _authors(session, [row]).get(row.author_id or 0), whole=True)

    def decide(self, session: Session, item: Item, verdict: str, by: By) -> dict[str, Any]:
        kept: dict[str, Any] = {"user_id": item.account} if item.account else {}
        if verdict == "accept":
            if session.scalar(_unread().where(WrittenConsultation.id == item.id)) is None:
                raise InvalidInputError("Cette consultation n’attend pas d’être lue.")
            return kept
        kept["before"] = moderating.remove(session, item.id, by.now)
        _tell(
            session, item, by, "est retirée du site",
            "Elle n’a plus de page et ne peut plus être publiée. Ce que vous aviez écrit est gardé "
            "dans votre espace.",
        )  # fmt: skip
        return kept

    def undo(self, session: Session, decided: Decided, by: By) -> None:
        if decided.verdict == "accept":
            return  # its undoing is a decision too: nothing else was written
        moderating.restore(session, decided.item_id, decided.kept["before"], by.now)
        item = self.item(session, decided.item_id)
        _tell(session, item, by, "est de nouveau sur le site", "Son retrait est annulé.")


def _tell(session: Session, item: Item, by: By, what: str, more: str) -> None:
    if item.person is None:
        return
    letter = written(
        item.person,
        f"consultation:{item.id}:{by.now.isoformat()}",
        by.site,
        f"Votre consultation {what}",
        [f"La modération a décidé : « {item.title} » {what}.", f"Raison : {by.reason.strip()}",
         more],
        ("Voir cette consultation", f"/espace/consultations/{item.id}"),
        "Vous recevez ce courriel parce que vous avez publié cette consultation.",
        purpose="moderation",
    )  # fmt: skip
    queue_letter(session, letter)


def _read() -> ColumnElement[bool]:
    """Whether somebody read a consultation as it is now."""
    since = ModerationDecision.decided_at >= WrittenConsultation.updated_at
    return accepted(NAME, WrittenConsultation.id, since)


def _unread() -> Select[WrittenConsultation]:
    return moderating.published().where(~_read())


def _authors(session: Session, rows: Iterable[WrittenConsultation]) -> dict[int, User]:
    ids = {row.author_id for row in rows if row.author_id}
    return {user.id: user for user in session.scalars(select(User).where(among(User.id, ids)))}


def _item(row: WrittenConsultation, author: User | None, *, whole: bool = False) -> Item:
    fields = row.content["fields"]
    facts = [
        ("État", STATES[row.state]),
        ("Organisation", f"{row.body} (SIRET {siret_fr(row.siret)})"),
        ("Par", f"{author.name} ({author.email})" if author else "un compte effacé"),
        ("Adresse de l’avis", fields["adresse"]),
    ]
    if whole:
        facts += [(label, fields[name]) for name, label in TEXTS if fields[name]]
        facts += [
            (
                f"Lot {lot['numero'] or at}",
                " ; ".join(t for t in (lot["objet"], lot["clause"]) if t),
            )
            for at, lot in enumerate(row.content["lots"], 1)
        ]
    links = [("Sa page", f"/marches/{reference_of(row)}")] if row.state != REMOVED else []
    return Item(
        row.id, row.updated_at, fields["objet"] or "Sans objet", tuple(facts), tuple(links),
        author.email if author else None, author.id if author else None,
    )  # fmt: skip
