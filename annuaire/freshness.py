"""How recent each source is: when it was last read, against the rhythm at which it is published."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import itemgetter

from sqlalchemy.orm import Session

from annuaire.runs import ImportRun, last_done
from annuaire.structures.merge import ADDING
from annuaire.wording import date_fr, pluriel
from importers.descriptions import DESCRIPTIONS
from importers.rows import Source

#: Days after which a source is to be read again: its rhythm, with what publishers usually lag.
RHYTHM_DAYS = {
    "quotidienne": 4,
    "hebdomadaire": 15,
    "mensuelle": 45,
    "semestrielle": 230,
    "annuelle": 400,
}
#: Sources of notices; the others list structures.
PUBLICATIONS = frozenset({"boamp", "ted", "decp", "depot"})


@dataclass(frozen=True, slots=True)
class Freshness:
    """A source with its last reading; `late` when that is older than its rhythm."""

    name: str
    title: str
    read_at: datetime | None
    late: bool
    sentence: str


def freshness(source: Source, run: ImportRun | None, now: datetime | None = None) -> Freshness:
    """Whether the last reading is as recent as the source's own rhythm."""
    read_at = run.ended_at if run else None
    late, sentence = False, "à jour"
    if read_at is None:
        sentence = "jamais lue"
    else:
        days = ((now or datetime.now(UTC)) - read_at).days
        limit = RHYTHM_DAYS.get(source.frequency)
        if limit and days > limit:
            late = True
            sentence = (
                f"à relire : lue il y a {pluriel(days, 'jour')}, mise à jour {source.frequency}"
            )
    return Freshness(source.name, source.title, read_at, late, sentence)


def freshness_of(
    session: Session, names: Iterable[str] | None = None, now: datetime | None = None
) -> list[Freshness]:
    """The sources of these names that were ever read (all when None), in their usual order."""
    done = last_done(session)
    wanted = set(DESCRIPTIONS if names is None else names)
    return [
        freshness(source, done[name], now)
        for name, source in DESCRIPTIONS.items()
        if name in wanted and name in done
    ]


@dataclass(frozen=True, slots=True)
class ReadNote:
    """What a search page says of its sources: `between` which days they were read, those late."""

    between: str
    late: list[Freshness]


def note_of_directories(session: Session) -> ReadNote | None:
    """How recent the directories of structures are; None when none was read."""
    return _note(freshness_of(session, set(DESCRIPTIONS) - PUBLICATIONS - ADDING))


def note_of_publications(session: Session) -> ReadNote | None:
    """How recent the publications of contracts are; None when none was read."""
    return _note(freshness_of(session, PUBLICATIONS))


def _note(read: Iterable[Freshness]) -> ReadNote | None:
    known = [(fresh.read_at, fresh) for fresh in read if fresh.read_at]
    if not known:
        return None
    first, last = (date_fr(pick(known, key=itemgetter(0))[0]) for pick in (min, max))
    between = f"le {first}" if first == last else f"entre le {first} et le {last}"
    return ReadNote(between, [fresh for _, fresh in known if fresh.late])
