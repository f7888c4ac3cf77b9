"""Structures that a person may claim, and the claims under test."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from annuaire.accounts.members import is_member
from annuaire.accounts.models import User
from annuaire.claims import proving, service, steps
from annuaire.claims.letters import Site
from annuaire.claims.models import Claim
from annuaire.claims.service import Wanted
from annuaire.db import writing
from annuaire.mail.models import MailLetter
from annuaire.runs import open_run
from annuaire.structures.models import Structure
from annuaire.structures.records import StatusRecord, StructureRecord
from annuaire.structures.service import Changes, upsert
from tests.factories.files import siae

SITE = Site("http://127.0.0.1:8000", "test")
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)
KNOWN = "contact@proprete-essai.fr"
#: 1 has all that proves; 2 a public address and no site; 3 shares its domain with 4, of another
#: company; 5 has a postal address alone.
TOLD: tuple[dict[str, str], ...] = (
    {"email": KNOWN, "website": "https://www.proprete-essai.fr"},
    {"email": "essai@gmail.com"},
    {"website": "http://reseau-essai.fr"},
    {"website": "https://reseau-essai.fr/quatre"},
    {},
)
KEYS = tuple(siae(number)["siret"] for number in range(1, 6))


def add_claimed(session: Session) -> None:
    """The five structures, as a directory that gives addresses tells them."""
    with writing(session):
        run_id = open_run(session, "siae", "essai.csv")
        records = [
            StructureRecord(
                source_key=key, siret=key, name=f"PROPRETE D'ESSAI {number}",
                statuses=(StatusRecord("EI"),), address="1 rue des Essais", postcode="59000",
                city="Lille", departement="59", naf="8121Z", **told,
            )
            for number, (key, told) in enumerate(zip(KEYS, TOLD, strict=True), 1)
        ]  # fmt: skip
        upsert(session, "siae", run_id, records, Changes(), NOW.date())


def structure_id(session: Session, number: int = 1) -> int:
    """The number in the database of the n-th structure."""
    wanted = select(Structure.id).where(Structure.key == KEYS[number - 1])
    return session.scalars(wanted).one()


def state_of(session: Session, claim_id: int) -> str:
    """The state of a claim, read again."""
    session.rollback()
    return session.get_one(Claim, claim_id, populate_existing=True).state


def letters(session: Session) -> list[tuple[str, str]]:
    """The letters queued since the last look: (address, subject)."""
    session.rollback()
    rows = session.scalars(select(MailLetter).where(MailLetter.state == "waiting")).all()
    found = [(row.address or "", row.subject or "") for row in sorted(rows, key=lambda r: r.id)]
    for row in rows:
        row.state = "sent"
    session.commit()
    return found


def newest_link(session: Session, part: str) -> str:
    """The path in the newest letter that holds `part`."""
    session.rollback()
    wanted = select(MailLetter.text).where(MailLetter.text.contains(part))
    text = session.scalars(wanted.order_by(MailLetter.id.desc()).limit(1)).one() or ""
    line = next(line for line in text.splitlines() if part in line)
    return line[line.index("http") :].removeprefix(SITE.url)


def begin(session: Session, user_id: int, wanted: Wanted, number: int = 1) -> int:
    """Begin a claim on the n-th structure; returns its number."""
    with writing(session):
        there = structure_id(session, number)
        user = session.get_one(User, user_id)
        return service.start(session, there, user, wanted, SITE, NOW).id


def answer(session: Session, *, ours: bool = True) -> None:
    """Answer the newest proof that was mailed."""
    token = newest_link(session, proving.PROOF).removeprefix(proving.PROOF)
    with writing(session):
        proving.answer_proof(session, token, SITE, LATER, ours=ours)


def holds(session: Session, user_id: int, number: int = 1) -> bool:
    """Whether a person speaks for the n-th structure."""
    session.rollback()
    return is_member(session, user_id, structure_id(session, number))


def moderate(session: Session, claim_id: int, event: str, moderator: int = 99) -> None:
    """Have a moderator do an event to a claim."""
    with writing(session):
        claim, structure = steps.hold_claim(session, claim_id)
        steps.step(
            session, claim, structure, event, SITE, LATER, actor_id=moderator, reason="vu ensemble"
        )
