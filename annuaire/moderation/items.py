"""What awaits a moderator, as every queue tells it: items, what is at stake, and what decides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Protocol

from sqlalchemy.orm import Session

from annuaire.claims.letters import Site

#: Every verdict, for a queue whose room tells all of them, or has nobody to tell.
ALL: Final = frozenset({"accept", "refuse", "undo"})
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to decide: since when it waits, `facts` (label, value) that are at stake, `links`
    (words, path) to see more, the address to which the answer is mailed, if there is one, and the
    account of who asks, if they have one: they do not accept it themselves."""

    id: int
    since: datetime
    title: str
    facts: Pairs = ()
    links: Pairs = ()
    person: str | None = None
    account: int | None = None


@dataclass(frozen=True, slots=True)
class By:
    """Who decides, when, why; and what letters need of the site."""

    user_id: int
    name: str
    reason: str
    now: datetime
    site: Site


@dataclass(frozen=True, slots=True)
class Waits:
    """How many items wait, and since when the oldest does."""

    count: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision to undo: its item, its verdict, and what the queue kept of it."""

    item_id: int
    verdict: str
    kept: Mapping[str, Any] = field(default_factory=dict)


class Queue(Protocol):
    """A queue: `name` stands in its address; `accept` and `refuse` are the words of its buttons,
    both empty when nothing is decided here (`note` then says where), `refuse` alone where there is
    nothing to refuse. `writes` are the verdicts of which
    the queue's own room tells the person; the moderation does of the others.

    `decide` and `undo` work in the caller's transaction and raise InvalidInputError or
    NotFoundError; `decide` returns what an undoing needs.
    """

    name: str
    title: str
    accept: str
    refuse: str
    note: str
    writes: frozenset[str]

    def waits(self, session: Session) -> Waits: ...

    def page(self, session: Session, offset: int, limit: int) -> Sequence[Item]: ...

    def item(self, session: Session, item_id: int) -> Item: ...

    def decide(self, session: Session, item: Item, verdict: str, by: By) -> dict[str, Any]: ...

    def undo(self, session: Session, decided: Decided, by: By) -> None: ...
