"""Two people at the same moment: one comes first, the other is told, nothing is lost."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from annuaire.accounts.members import members_of
from annuaire.accounts.models import User
from annuaire.claims import proving, service
from annuaire.claims.models import Claim
from annuaire.claims.service import Wanted
from annuaire.db import db, writing
from annuaire.errors import InvalidInputError
from annuaire.mail import links
from annuaire.moderation import service as moderation
from annuaire.moderation.items import By
from annuaire.moderation.queues import QUEUES
from tests.factories.accounts import make_user
from tests.factories.claims import KNOWN, NOW, SITE, add_claimed, structure_id


def at_once(app: Flask, *acts: Callable[[Session], object]) -> list[object]:
    """Do acts at the same moment, each in a session of its own; an error of ours is its answer."""
    start = Barrier(len(acts))

    def run(act: Callable[[Session], object]) -> object:
        with app.app_context():
            own = Session(db.engine)
            start.wait(10)
            try:
                with writing(own):
                    return act(own)
            except InvalidInputError as error:
                return error.message
            finally:
                own.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def states(session: Session) -> list[str]:
    session.rollback()
    return sorted(session.scalars(select(Claim.state)))


def test_of_two_proofs_at_once_the_second_asks_the_first(app: Flask, session: Session) -> None:
    add_claimed(session)
    tokens = []
    for name in ("un", "deux"):
        user_id = make_user(session, f"{name}@exemple.fr")
        with writing(session):
            user = session.get_one(User, user_id)
            there = structure_id(session)
            claim = service.start(session, there, user, Wanted("email"), SITE, NOW)
            tokens.append(links.sign(SITE.secret, proving.LINK, [claim.id, KNOWN]))

    def prove(token: str) -> Callable[[Session], object]:
        return lambda own: proving.answer_proof(own, token, SITE, NOW, ours=True).id

    at_once(app, *map(prove, tokens))
    assert states(session) == ["asked", "held"]
    assert len(session.scalars(members_of(structure_id(session))).all()) == 1


def test_same_claim_twice_at_once_and_one_decision_by_two_moderators(
    app: Flask, session: Session
) -> None:
    add_claimed(session)
    user_id, there = make_user(session), structure_id(session)
    session.rollback()

    def begin(own: Session) -> object:
        user = own.get_one(User, user_id)
        return service.start(own, there, user, Wanted("word", words="Moi"), SITE, NOW).id

    answers = at_once(app, begin, begin)
    assert states(session) == ["moderated"]
    assert any("déjà une demande" in str(answer) for answer in answers)
    number = session.scalars(select(Claim.id)).one()
    session.rollback()

    def decide(verdict: str) -> Callable[[Session], object]:
        by = By(99, "Modératrice", "vu", NOW, SITE)
        queue = QUEUES["rattachements"]
        return lambda own: len(moderation.decide(own, queue, [number], verdict, by))

    said = at_once(app, decide("accept"), decide("refuse"))
    assert sorted(isinstance(each, int) for each in said) == [False, True]
    assert any("ne s’y applique plus" in str(each) for each in said)
