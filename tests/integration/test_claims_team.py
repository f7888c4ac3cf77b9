"""Those who hold a structure together: they answer claims, invite, contest, and hold for a time."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from annuaire.accounts.models import User
from annuaire.claims import service, team
from annuaire.claims.service import Wanted
from annuaire.db import writing
from annuaire.errors import InvalidInputError, NotFoundError
from tests.factories.accounts import make_user
from tests.factories.claims import (
    KNOWN,
    LATER,
    NOW,
    SITE,
    add_claimed,
    begin,
    holds,
    letters,
    moderate,
    state_of,
    structure_id,
)  # fmt: skip


@pytest.fixture(autouse=True)
def claimed(session: Session) -> None:
    add_claimed(session)


def test_second_claimant_is_answered_by_the_first_or_after_ten_days_by_moderators(
    session: Session,
) -> None:
    first = make_user(session, "premier@proprete-essai.fr")
    begin(session, first, Wanted("domain", address="premier@proprete-essai.fr"))
    claims = {}
    for name in ("accepte", "refuse", "silence"):
        address = f"{name}@proprete-essai.fr"
        user = make_user(session, address)
        claims[name] = user, begin(session, user, Wanted("domain", address=address))
    letters(session)
    there = structure_id(session)
    for name, admitted in (("accepte", True), ("refuse", False)):
        with writing(session):
            team.answer_claim(
                session, there, claims[name][1], first, SITE, LATER, admitted=admitted
            )
    with pytest.raises(InvalidInputError, match="ne s’y applique"), writing(session):
        team.answer_claim(session, there, claims["refuse"][1], first, SITE, LATER, admitted=True)
    with pytest.raises(NotFoundError), writing(session):  # of another structure
        team.answer_claim(
            session, structure_id(session, 2), claims["silence"][1], first, SITE, LATER,
            admitted=True,
        )  # fmt: skip
    with writing(session):
        assert service.let_time_pass(session, SITE, NOW + timedelta(days=9)) == 0
    with writing(session):
        assert service.let_time_pass(session, SITE, NOW + timedelta(days=11)) == 1
    states = [state_of(session, claim) for _, claim in claims.values()]
    assert states == ["held", "refused", "moderated"]
    with writing(session):
        team.contest_member(
            session, there, claims["accepte"][0], first, "Parti en mai", SITE, LATER
        )
    assert holds(session, claims["accepte"][0])  # until it is decided
    moderate(session, claims["accepte"][1], "refuse")
    assert not holds(session, claims["accepte"][0])


def test_colleague_joins_by_the_invited_address_alone(session: Session) -> None:
    host = make_user(session, KNOWN)
    begin(session, host, Wanted("email"))
    there = structure_id(session)
    with writing(session):
        user = session.get_one(User, host)
        invited = team.invite(session, there, user, "Alex@Exemple.fr", SITE, NOW).id
        declined = team.invite(session, there, user, "non@exemple.fr", SITE, NOW).id
    with pytest.raises(InvalidInputError, match="déjà invitée"), writing(session):
        team.invite(session, there, session.get_one(User, host), "alex@exemple.fr", SITE, NOW)

    def respond(number: int, user_id: int, when: timedelta, *, joined: bool) -> None:
        with writing(session):
            user = session.get_one(User, user_id)
            team.answer_invitation(session, number, user, SITE, NOW + when, joined=joined)

    alex, other = (make_user(session, each) for each in ("alex@exemple.fr", "non@exemple.fr"))
    for user_id, when in ((other, timedelta()), (alex, timedelta(days=15))):
        with pytest.raises(NotFoundError, match="Aucune invitation"):
            respond(invited, user_id, when, joined=True)
    respond(declined, other, timedelta(), joined=False)
    respond(invited, alex, timedelta(), joined=True)
    assert (holds(session, alex), holds(session, other)) == (True, False)
    with pytest.raises(NotFoundError):
        respond(invited, alex, timedelta(), joined=True)


def test_hold_lasts_two_years_is_recalled_once_and_prolonged(session: Session) -> None:
    user = make_user(session, KNOWN)
    claim = begin(session, user, Wanted("email"))
    letters(session)
    near = NOW + timedelta(days=700)
    with pytest.raises(InvalidInputError, match="soixante"), writing(session):
        service.own_act(session, claim, user, "renew", "", SITE, LATER)
    for _ in range(2):
        with writing(session):
            assert service.remind(session, SITE, near) == claim
    assert [subject for _, subject in letters(session)] == [
        "Votre rattachement à PROPRETE D'ESSAI 1 expire bientôt"
    ]
    with writing(session):
        service.own_act(session, claim, user, "renew", "", SITE, near)
    with writing(session):
        service.let_time_pass(session, SITE, near + timedelta(days=100))
    assert holds(session, user)
    with writing(session):
        service.let_time_pass(session, SITE, near + timedelta(days=731))
    assert (state_of(session, claim), holds(session, user)) == ("expired", False)
