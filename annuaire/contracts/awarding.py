"""Awards of the essential data joined with the award notices of their contracts, where no key does:
looked for among what changed, a buyer at a time; parted again by a person."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from annuaire import outbox
from annuaire.company_names import name_key
from annuaire.contracts import queries
from annuaire.contracts.facts import ESSENTIAL, NoticeFacts, facts_from
from annuaire.contracts.likeness import Award, Match, matches
from annuaire.contracts.models import MatchDecision, Notice, NoticeKey
from annuaire.contracts.publishing import remake
from annuaire.contracts.records import NO_OBJECT, UNKNOWN_NAME
from annuaire.db import insert_for, reading, writing
from annuaire.errors import InvalidInputError, NotFoundError

WINDOW: Final = timedelta(days=400)  # on each side of what changed: no pair is further apart
ALONE: Final = f"{ESSENTIAL}-"  # how the reference begins of what no key ties to other notices
OFFICIAL: Final = ("boamp", "ted")  # the sources of award notices
PART, JOIN_AGAIN = "part", "join_again"
LINES: Final = 50_000  # of the outbox, at a time


@dataclass(slots=True)
class Matched:
    """What a run did: buyers looked at, awards of the essential data that stand with a notice,
    pairs that are new, and that hold no more."""

    buyers: int = 0
    standing: int = 0
    joined: int = 0
    parted: int = 0


def match_awards(
    session: Session, on_batch: Callable[[int], None] = lambda _: None, *, everything: bool = False
) -> Matched:
    """Join what changed since the last run, or look at everything; each buyer in a transaction of
    its own. A run that is killed is finished by the next."""
    done = Matched()
    if everything:
        for siren in _told_twice(session, None):
            _match_buyer(session, siren, None, done)
            on_batch(1)
        return done
    while batch := _waiting(session):
        spans = _spans(reading(session).execute(queries.award_days(batch.object_ids)).all())
        session.rollback()
        for siren in _told_twice(session, spans):
            _match_buyer(session, siren, spans[siren], done)
            on_batch(1)
        with writing(session):
            outbox.done(session, batch)
    return done


def _told_twice(session: Session, sirens: Collection[str] | None) -> list[str]:
    """The buyers, of some or of all, whose awards both the essential data and notices tell."""
    found = [
        {siret[:9] for siret in reading(session).scalars(question) if siret}
        for question in (
            queries.sirets_with_awards((ESSENTIAL,), sirens),
            queries.sirets_with_awards(OFFICIAL, sirens),
        )
    ]
    session.rollback()
    return sorted(found[0] & found[1])


def _spans(rows: Sequence[Any]) -> dict[str, tuple[date, date]]:
    """The days to look around, by the buyer's SIREN."""
    found: dict[str, tuple[date, date]] = {}
    for siret, first, last in rows:
        known = found.get(siret[:9], (first, last))
        found[siret[:9]] = (min(known[0], first), max(known[1], last))
    return found


def _waiting(session: Session) -> outbox.Batch | None:
    end = outbox.mark(reading(session), outbox.AWARDS)
    batch = outbox.next_batch(session, outbox.AWARDS, LINES, end)
    session.rollback()
    return batch


def _match_buyer(
    session: Session, siren: str, span: tuple[date, date] | None, done: Matched
) -> None:
    """Look at one buyer's awards around some days; write what changed."""
    done.buyers += 1
    around = (span[0] - WINDOW, span[1] + WINDOW) if span else None
    rows = (
        reading(session)
        .execute(queries.awards_of_siren(siren, (*OFFICIAL, ESSENTIAL), around))
        .all()
    )
    apart = _parted(session, [row for row in rows if row.source == ESSENTIAL])
    session.rollback()
    homes = {row.contract_id for row in rows if row.source != ESSENTIAL}
    ids = {f"{row.source}-{row.source_key}": row for row in rows}
    essential: list[Award] = []
    official: list[Award] = []
    for row in rows:
        facts = facts_from(row.facts)
        if row.source != ESSENTIAL:
            official += awards_of(facts)
        elif row.matched or (row.reference.startswith(ALONE) and row.contract_id not in homes):
            essential += awards_of(facts)
    found = {
        m.essential: m for m in matches(essential, official, lambda ref: _home(ids[ref]), apart)
    }
    before = {ref: row.matched for ref, row in ids.items() if row.matched}
    after = {ref: kept_match(m) for ref, m in found.items()}
    if span:  # what is at the edge may have its pair outside: it is left as it stands
        for ref in before.keys() - after.keys():
            if before[ref]["with"] not in ids and (ref, before[ref]["with"]) not in apart:
                after[ref] = before[ref]
    changed = [ref for ref in ids if before.get(ref) != after.get(ref)]
    done.standing += len(after)
    if changed:
        with writing(session, bulk=True):
            _write(session, {ref: after.get(ref) for ref in changed}, ids)
        done.joined += sum(ref in after and ref not in before for ref in changed)
        done.parted += sum(ref not in after for ref in changed)


def _home(row: Any) -> int:
    return int(row.contract_id)


def kept_match(match: Match) -> dict[str, Any]:
    """A match as it is kept with the notice of the essential data."""
    return {
        "with": match.official, "lot": match.lot, "score": match.score,
        "reasons": list(match.reasons),
    }  # fmt: skip


def _write(
    session: Session, changes: Mapping[str, dict[str, Any] | None], rows: Mapping[str, Any]
) -> None:
    """Write matches, the keys by which the notices find one another, and their contracts."""
    touched: set[int] = set()
    for ref, match in changes.items():
        essential = rows[ref]
        session.execute(update(Notice).where(Notice.id == essential.id).values(matched=match))
        session.execute(delete(NoticeKey).where(NoticeKey.key == match_key(ref)))
        touched.add(essential.id)
        if match:
            ids = [essential.id, rows[match["with"]].id]
            keys = [{"key": match_key(ref), "notice_id": each} for each in ids]
            session.execute(insert_for(session, NoticeKey.__table__), keys)
            touched.update(ids)
    remake(session, sorted(touched))


def match_key(reference: str) -> str:
    """The key that a match gives to both its notices."""
    return f"{NoticeKey.MATCH}{reference}"


def awards_of(notice: NoticeFacts) -> Iterator[Award]:
    """The awards that a notice tells, a lot and a holder each; none that names no holder."""
    for lot in notice.lots:
        amount = lot.amounts.get("awarded")
        for award in lot.awards:
            name = award["winner"]
            siret = award.get("winner_siret")
            own = award.get("amount_eur") if len(lot.awards) > 1 else None
            day = award.get("awarded_on")
            yield Award(
                reference=notice.reference,
                lot=lot.number,
                title=_title(notice, lot.title),
                holder="" if name.endswith(UNKNOWN_NAME) else name_key(name),
                siren=siret[:9] if siret else None,
                amount_eur=own or amount,
                on=date.fromisoformat(day) if day else None,
                published_on=notice.published_on,
                cpv=lot.cpv or notice.cpv,
            )


def _title(notice: NoticeFacts, lot: str) -> str | None:
    if NO_OBJECT in notice.title.lower():
        return None
    return notice.title if lot in notice.title else f"{notice.title} {lot}"


def _parted(session: Session, rows: Sequence[Any]) -> set[tuple[str, str]]:
    """The pairs that a person parted, by the last decision on each."""
    refs = [f"{row.source}-{row.source_key}" for row in rows]
    last: dict[tuple[str, str], str] = {}
    for row in session.scalars(queries.match_decisions(refs)):
        last[row.essential, row.official] = row.action
    return {pair for pair, action in last.items() if action == PART}


def part(session: Session, reference: str, author: str, reason: str) -> str:
    """Part an award of the essential data from the notice that it was matched with, by a person's
    decision, until another decision; returns that notice's reference. Raises NotFoundError,
    InvalidInputError."""
    notice = _essential(session, reference)
    if not notice.matched:
        raise InvalidInputError(f"« {reference} » n’est rapproché d’aucun avis : rien à défaire.")
    official: str = notice.matched["with"]
    _decide(session, notice, official, PART, author, reason)
    return official


def join_again(session: Session, reference: str, author: str, reason: str) -> list[str]:
    """Let an award be matched again with what it was parted from; returns these references.
    Raises NotFoundError, InvalidInputError."""
    notice = _essential(session, reference)
    row = session.execute(queries.award_row(notice.id)).one()
    parted = sorted(official for _, official in _parted(session, [row]))
    if not parted:
        raise InvalidInputError(f"Personne n’a séparé « {reference} » d’un avis : rien à défaire.")
    for official in parted:
        _decide(session, notice, official, JOIN_AGAIN, author, reason)
    return parted


def _essential(session: Session, reference: str) -> Notice:
    source, _, key = reference.partition("-")
    found = session.scalar(select(Notice).where(Notice.source == source, Notice.source_key == key))
    if found is None or source != ESSENTIAL:
        raise NotFoundError(
            f"Aucune donnée essentielle n’a la référence « {reference[:60]} » (decp-…)."
        )
    return found


def _decide(
    session: Session, notice: Notice, official: str, action: str, author: str, reason: str
) -> None:
    if not author.strip() or not reason.strip():
        raise InvalidInputError("Dites qui décide, et pourquoi.")
    essential = f"{notice.source}-{notice.source_key}"
    session.add(
        MatchDecision(
            essential=essential, official=official, action=action, author=author.strip()[:100],
            reason=reason.strip()[:500], decided_at=datetime.now(UTC),
        )
    )  # fmt: skip
    outbox.say(session, outbox.AWARDS, [notice.contract_id])
    session.flush()
