"""Award notices tied to structures: who won which lot, by the published SIRET or name."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from annuaire.contracts.records import ABSURD_EUR
from annuaire.db import insert_for, reading, writing
from annuaire.matching import queries
from annuaire.matching.buyers import buyer_identity
from annuaire.matching.models import Win
from annuaire.matching.teaching import teach
from annuaire.matching.winners import Named, Register
from annuaire.sql import among
from annuaire.structures.identity import COMPANY

PAGE: Final = 2_000
LEAST_SURE: Final = 0.2  # score from which a lot's activity is kept
WON_ACTIVITIES: Final = 2


@dataclass(slots=True)
class Linked:
    """What a run of linking did, in lots won: `wins` is how many stand now among those read."""

    lots: int = 0
    wins: int = 0
    added: int = 0
    removed: int = 0


def link_awards(
    session: Session,
    on_batch: Callable[[int], None] = lambda _: None,
    today: date | None = None,
) -> Linked:
    """Tie every awarded lot to the structures that its winner's name is, and tell the register
    what the lots say of their trades. Run again, it changes only what changed: names, lots,
    structures that came or ended.

    Reads by pages and writes each page in its own short transaction; ends with the lots that are
    awarded no more, or gone. `today` dates what ends, the day in UTC by default.
    """
    session.rollback()
    register = Register(_named(session))
    done = Linked()
    for rows in _pages(session):
        wanted = {(w["structure_id"], w["lot_reference"]): w for w in _wins(rows, register)}
        done.lots += len(rows)
        done.wins += len(wanted)
        _store(session, wanted, [_reference(row) for row in rows], done)
        on_batch(len(rows))
    _drop_lost(session, done)
    teach(session, today or datetime.now(UTC).date())
    return done


def _named(session: Session) -> Iterator[Named]:
    told: dict[int, list[str]] = defaultdict(list)
    for said in session.execute(queries.told_names()):
        told[said.structure_id] += filter(None, (said.name, said.brand))
    former: dict[int, list[str]] = defaultdict(list)
    for alias in session.execute(queries.former_sirets()):
        former[alias.structure_id].append(alias.key)
    for row in session.execute(queries.living_names()):
        names = tuple(name for name in (row.name, row.brand, *told.get(row.id, ())) if name)
        company = row.key.removeprefix(COMPANY) if row.key.startswith(COMPANY) else None
        sirets = tuple(former.get(row.id, ()))
        yield Named(row.id, names, row.departement, row.siret or company, sirets)


def _pages(session: Session) -> Iterator[Sequence[Any]]:
    last = 0
    while rows := session.execute(queries.awarded_lots(last, PAGE)).all():
        session.rollback()
        yield rows
        last = rows[-1].id


def _drop_lost(session: Session, done: Linked) -> None:
    session.rollback()
    lost = reading(session).scalars(queries.lost_wins()).all()
    session.rollback()
    for start in range(0, len(lost), PAGE):
        page = lost[start : start + PAGE]
        with writing(session, bulk=True):
            session.execute(delete(Win).where(among(Win.id, page)))
        done.removed += len(page)


def _reference(row: Any) -> str:
    return f"{row.reference}#{row.number}"


def _wins(rows: Sequence[Any], register: Register) -> Iterator[dict[str, Any]]:
    for row in rows:
        here = [row.departement] if row.departement else row.departements
        for award in row.awards:
            for structure, evidence in _found(award, here, register):
                yield _win(row, award, int(structure.id), here) | {"evidence": evidence}


def _found(
    award: dict[str, Any], here: Sequence[str], register: Register
) -> Iterator[tuple[Named, str]]:
    """The structures that won, each with the evidence: the published SIRET, surely, else the
    published name, unless the SIRET is of another company."""
    siret = award.get("winner_siret")
    if siret:
        numbered, evidence = register.numbered(siret)
        if numbered:
            yield numbered, evidence
            return
    name = award["winner"] or ""
    found = register.find(name, here)
    for structure in register.same_company(found, siret) if siret else found:
        yield structure, name


def _win(row: Any, award: dict[str, Any], structure_id: int, here: Sequence[str]) -> dict[str, Any]:
    sure = [code for code, score, *_ in row.activities if score >= LEAST_SURE]
    amount = award.get("amount_eur")
    where = here[0] if len(here) == 1 else row.buyer_departement
    later = award.get("published_on")  # who took a contract over was not known at its award
    return {
        "structure_id": structure_id,
        "lot_reference": _reference(row),
        "won_on": max(row.published_on, date.fromisoformat(later)) if later else row.published_on,
        "title": row.title,
        "activities": sure[:WON_ACTIVITIES],
        "buyer_key": buyer_identity(row.buyer_name, row.postcode, where),
        "buyer_name": row.buyer_name,
        "departement": where,
        "amount_eur": amount if amount and 0 < amount < ABSURD_EUR else None,
    }


def _store(
    session: Session,
    wanted: dict[tuple[int, str], dict[str, Any]],
    references: Sequence[str],
    done: Linked,
) -> None:
    stored = {
        (row.structure_id, row.lot_reference): row.id
        for row in session.execute(
            select(Win.id, Win.structure_id, Win.lot_reference).where(
                among(Win.lot_reference, references)
            )
        )
    }
    session.rollback()
    gone = [id_ for key, id_ in stored.items() if key not in wanted]
    if not wanted and not gone:
        return
    with writing(session, bulk=True):
        if gone:
            session.execute(delete(Win).where(among(Win.id, gone)))
        if wanted:
            statement = insert_for(session, Win.__table__)
            fixed = ("structure_id", "lot_reference")
            names = [name for name in next(iter(wanted.values())) if name not in fixed]
            statement = statement.on_conflict_do_update(
                index_elements=fixed, set_={name: statement.excluded[name] for name in names}
            )
            session.execute(statement, list(wanted.values()))
    done.removed += len(gone)
    done.added += sum(key not in stored for key in wanted)
