"""A claim from its proof to its end: who holds the structure, what is mailed, what is logged."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from annuaire.accounts import personal
from annuaire.accounts.audit import AuditEntry, acts_of, acts_on
from annuaire.accounts.members import members_of
from annuaire.accounts.models import User
from annuaire.claims import proving, service, steps, team
from annuaire.claims.codes import MAX_TRIES
from annuaire.claims.known import Known, known_of
from annuaire.claims.models import Claim, ClaimInvitation
from annuaire.claims.service import Wanted
from annuaire.db import writing
from annuaire.errors import InvalidInputError, NotFoundError
from annuaire.mail.links import LinkError
from annuaire.profiles import service as profiles
from annuaire.structures.deciding import withdraw
from annuaire.structures.models import Structure, StructureAlias
from tests.factories.accounts import make_user
from tests.factories.claims import (
    KEYS,
    KNOWN,
    LATER,
    NOW,
    SITE,
    add_claimed,
    answer,
    begin,
    holds,
    letters,
    moderate,
    newest_link,
    state_of,
    structure_id,
)  # fmt: skip


@pytest.fixture(autouse=True)
def claimed(session: Session) -> None:
    add_claimed(session)


def acts(session: Session) -> list[str]:
    session.rollback()
    return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def test_known_address_confirms_and_the_claimant_speaks_for_the_structure(session: Session) -> None:
    user = make_user(session, "camille@gmail.com")
    claim = begin(session, user, Wanted("email"))
    assert state_of(session, claim) == "mailed"
    assert [to for to, _ in letters(session)] == [KNOWN, "camille@gmail.com"]
    assert not holds(session, user)
    answer(session)
    assert (state_of(session, claim), holds(session, user)) == ("held", True)
    assert letters(session) == [("camille@gmail.com", "Vous êtes rattaché à PROPRETE D'ESSAI 1")]
    assert acts(session) == ["claim.start", "claim.prove"]
    with pytest.raises(InvalidInputError, match="déjà servi"):
        answer(session)
    with writing(session):
        team.leave_structure(session, structure_id(session), user, SITE, LATER)
    assert (state_of(session, claim), holds(session, user)) == ("left", False)


def test_address_that_says_no_refuses_and_the_refusal_is_contested_once_in_time(
    session: Session,
) -> None:
    user = make_user(session)
    claim = begin(session, user, Wanted("email"))
    answer(session, ours=False)
    assert state_of(session, claim) == "refused"
    late = LATER + timedelta(days=31)
    for when, words, who in ((late, "Si", user), (LATER, " ", user), (LATER, "Si", user + 1)):
        with pytest.raises((InvalidInputError, NotFoundError)), writing(session):
            service.own_act(session, claim, who, "contest", words, SITE, when)
    with writing(session):
        service.own_act(session, claim, user, "contest", "Je la dirige.", SITE, LATER)
    moderate(session, claim, "accept")
    assert holds(session, user)
    with writing(session):
        held, structure = steps.hold_claim(session, claim)
        steps.take_back(session, held, structure, SITE, LATER, 99, "erreur")
    assert (state_of(session, claim), holds(session, user)) == ("moderated", False)


def test_what_proves_nothing_is_refused_by_its_field(session: Session) -> None:
    user = make_user(session)
    for number, wanted, field, said in (
        (1, Wanted("email", known=1), "connue", "adresses connues"),
        (1, Wanted("domain", address="camille@autre.fr"), "adresse", "nom de domaine"),
        (1, Wanted("domain", address="a@proprete-essai.fr, b@x.fr"), "email", "électronique"),
        (2, Wanted("domain", address="moi@gmail.com"), "adresse", "aucun n’est connu"),
        (5, Wanted("email"), "connue", "adresses connues"),
        (1, Wanted("word", words=" "), "message", "Expliquez"),
        (1, Wanted("autre"), "preuve", "Choisissez"),
    ):
        with pytest.raises(InvalidInputError, match=said) as refused:
            begin(session, user, wanted, number)
        assert refused.value.field == field
    begin(session, user, Wanted("email"))
    with pytest.raises(InvalidInputError, match="déjà une demande"):
        begin(session, user, Wanted("word", words="Encore"))
    for forged in ("", "x", "a.b.c"):
        with pytest.raises(LinkError), writing(session):
            proving.answer_proof(session, forged, SITE, LATER, ours=True)


def test_what_a_structure_says_on_its_page_proves_nothing(session: Session) -> None:
    """Else who held it for a day would have a proof for ever."""
    said = {"email": "moi@ailleurs-essai.fr", "website": "https://ailleurs-essai.fr"}
    with writing(session):
        structure = session.get_one(Structure, structure_id(session))
        profiles.edit(session, structure, "contacts", said, 0, None, NOW.date())
    structure = session.get_one(Structure, structure_id(session))
    assert structure.email == said["email"]
    assert known_of(session, structure) == Known(
        (KNOWN,), ("proprete-essai.fr",), ("1 rue des Essais", "59000 Lille")
    )


def test_own_mailbox_proves_at_once_but_a_domain_of_many_companies_asks_moderators(
    session: Session,
) -> None:
    own = make_user(session, "camille@proprete-essai.fr")
    claim = begin(session, own, Wanted("domain", address="Camille@Proprete-Essai.fr"))
    assert state_of(session, claim) == "held"
    told = [to for to, _ in letters(session)]
    assert told == ["camille@proprete-essai.fr", KNOWN]  # who is known may object
    shared = make_user(session, "a@reseau-essai.fr")
    claim = begin(session, shared, Wanted("domain", address="a@reseau-essai.fr"), 3)
    assert (state_of(session, claim), holds(session, shared, 3)) == ("moderated", False)


def test_posted_code_is_tried_five_times_printed_again_and_never_kept(session: Session) -> None:
    user = make_user(session)
    claim = begin(session, user, Wanted("letter"))

    def printed() -> str:
        with writing(session):
            return proving.print_code(session, claim, SITE, LATER, 99)[2]

    def tried(code: str, when: timedelta = timedelta()) -> str:
        with writing(session):
            return proving.try_code(session, claim, user, code, SITE, LATER + when)

    with pytest.raises(InvalidInputError, match="Aucun code"):
        tried("AAAA-AAAA")
    with pytest.raises(InvalidInputError, match="une autre personne"), writing(session):
        proving.print_code(session, claim, SITE, LATER, user)
    first, second = printed(), printed()
    assert "Essais restants : 4" in tried(first)
    assert tried(second.lower().replace("-", " ")) == ""
    assert holds(session, user)
    session.rollback()
    kept = session.get_one(Claim, claim)
    assert kept.code_hash is None
    other = make_user(session, "autre@exemple.fr")
    claim, user = begin(session, other, Wanted("letter"), 5), other
    printed()
    said = [tried("FAUX-FAUX") for _ in range(MAX_TRIES)]
    assert said[-1] == proving.CLOSED
    assert state_of(session, claim) == "expired"
    claim = begin(session, other, Wanted("letter"), 5)
    code = printed()
    assert "expiré" in tried(code, timedelta(days=31))


def test_claims_follow_a_joined_structure_and_die_with_a_withdrawn_one(session: Session) -> None:
    user = make_user(session, KNOWN)
    claim = begin(session, user, Wanted("email"))
    waiting = begin(session, make_user(session), Wanted("email"))
    with writing(session):  # as a joining leaves it
        session.add(StructureAlias(key=KEYS[0], structure_id=structure_id(session, 5)))
    assert holds(session, user, 5)
    with pytest.raises(InvalidInputError, match="déjà rattaché"):
        begin(session, user, Wanted("word", words="Bis"), 5)
    answer(session)
    assert state_of(session, waiting) == "asked"  # of who holds it there
    moderate(session, claim, "contest")
    moderate(session, claim, "accept")
    assert holds(session, user, 5)
    with writing(session):  # as a joining undone leaves it
        session.execute(delete(StructureAlias))
    assert (holds(session, user), holds(session, user, 5)) == (True, False)
    with writing(session):
        session.add(StructureAlias(key=KEYS[0], structure_id=structure_id(session, 5)))
    moderate(session, claim, "revoke")
    assert not holds(session, user, 5)
    with writing(session):
        structure = session.get_one(Structure, structure_id(session, 5))
        withdraw(session, structure, "Une modératrice", "demande", NOW.date())
    with pytest.raises(InvalidInputError, match="retirée"):
        moderate(session, waiting, "admit")
    with pytest.raises(InvalidInputError, match="retirée"):
        begin(session, user, Wanted("word", words="Encore"), 5)
    with writing(session):
        session.get_one(Structure, structure_id(session, 2)).ended_on = NOW.date()
    with pytest.raises(InvalidInputError, match="ne recense plus"):
        begin(session, user, Wanted("word", words="Encore"), 2)


def test_what_is_over_is_forgotten_after_a_year(session: Session) -> None:
    claim = begin(session, make_user(session), Wanted("email"))
    answer(session, ours=False)
    for days, left, count in ((364, KNOWN, 0), (366, None, 1), (367, None, 0)):
        with writing(session):
            assert service.purge(session, LATER + timedelta(days=days)) == count
        assert session.get_one(Claim, claim).address == left


def test_person_reads_and_erases_what_claims_keep(session: Session) -> None:
    user = make_user(session, KNOWN)
    begin(session, user, Wanted("email"))
    with writing(session):
        host = session.get_one(User, user)
        team.invite(session, structure_id(session), host, "alex@exemple.fr", SITE, NOW)
    told = service.export_of(session, KNOWN)
    assert told["rattachements"][0]["etat"] == "accordé"
    session.rollback()
    with writing(session):
        assert service.erase(session, "alex@exemple.fr") == 1
        assert service.erase(session, KNOWN) == 1
    assert session.scalars(select(ClaimInvitation)).all() == []
    assert session.scalars(select(Claim)).all() == []
    assert [u.email for u in session.scalars(members_of(structure_id(session)))] == [KNOWN]


def test_number_of_an_erased_claim_or_account_is_never_given_again(session: Session) -> None:
    """Letters are kept from leaving twice by it, and the log of acts tells it for years."""
    gone = make_user(session, "partie@exemple.fr")
    first = begin(session, gone, Wanted("email"))
    link = newest_link(session, proving.PROOF)
    letters(session)
    with writing(session):
        personal.erase_all(session, "partie@exemple.fr", SITE.url, actor_id=None)
    letters(session)
    user = make_user(session, "autre@exemple.fr")
    second = begin(session, user, Wanted("email"))
    assert user > gone
    assert second > first
    assert [to for to, _ in letters(session)] == [KNOWN, "autre@exemple.fr"]
    assert list(session.scalars(acts_of(user))) == list(session.scalars(acts_on("claim", second)))
    token = link.removeprefix(proving.PROOF)
    with pytest.raises(NotFoundError), writing(session):
        proving.answer_proof(session, token, SITE, LATER, ours=True)


def test_one_person_who_begins_many_claims_keeps_nobody_else_out(session: Session) -> None:
    pest = make_user(session, "insiste@exemple.fr")
    for _ in range(service.AGAIN):
        claim = begin(session, pest, Wanted("email"))
        with writing(session):
            service.own_act(session, claim, pest, "abandon", "", SITE, NOW)
    with pytest.raises(InvalidInputError, match="demandes pour cette structure"):
        begin(session, pest, Wanted("email"))
    for number in range(1, service.ON_STRUCTURE):  # the first is who insists
        begin(session, make_user(session, f"{number}@exemple.fr"), Wanted("email"))
    with pytest.raises(InvalidInputError, match="trop de demandes"):
        begin(session, make_user(session, "dernier@exemple.fr"), Wanted("email"))
