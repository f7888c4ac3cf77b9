"""How recent each source is: when it was last read, against the rhythm at which it is published."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from annuaire.runs import ImportRun, last_done
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


def read_note(found: Iterable[Freshness]) -> Mapping[str, object] | None:
    """What a search page says of its sources, discreetly: when the oldest and the newest reading
    were, and which sources are late. None when nothing was read."""
    read = [fresh for fresh in found if fresh.read_at]
    if not read:
        return None
    first = min(date for fresh in read if (date := fresh.read_at))
    last = max(date for fresh in read if (date := fresh.read_at))
    when = date_fr(first)
    between = f"le {when}" if when == date_fr(last) else f"entre le {when} et le {date_fr(last)}"
    return {"between": between, "late": [fresh for fresh in read if fresh.late]}
