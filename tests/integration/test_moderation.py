"""Queues of moderators: decided with a reason, together, undone; the log that keeps it."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from annuaire.accounts.members import is_member
from annuaire.accounts.models import Territory, User
from annuaire.claims import service as claiming
from annuaire.claims.service import Wanted
from annuaire.db import writing
from annuaire.errors import InvalidInputError
from annuaire.moderation import service
from annuaire.moderation.items import By
from annuaire.moderation.models import ModerationDecision
from annuaire.moderation.queues import QUEUES
from annuaire.profiles import service as profiles
from annuaire.profiles.models import ProfileEdit
from annuaire.structures.models import Structure
from tests.factories.accounts import make_user, sign_in
from tests.factories.claims import KEYS, NOW, SITE, add_claimed, letters, structure_id
from tests.factories.moderation import one_in_each_queue
from tests.factories.pages import token_of, words_of

REASON = "Vu avec la directrice."


@pytest.fixture(autouse=True)
def claimed(session: Session) -> None:
    add_claimed(session)


@pytest.fixture
def staff(app: Flask, session: Session) -> FlaskClient:
    return sign_in(app, make_user(session, "mod@exemple.fr", name="Modératrice", role="moderator"))


def claim(session: Session, email: str, number: int = 1) -> int:
    user_id = make_user(session, email)
    with writing(session):
        user = session.get_one(User, user_id)
        wanted = Wanted("word", words=f"Je la dirige <b>{email}</b>")
        return claiming.start(session, structure_id(session, number), user, wanted, SITE, NOW).id


def send(client: FlaskClient, path: str, page: str, code: int = 200, **data: object) -> str:
    token = token_of(client.get(page).text)
    answer = client.post(path, data={"csrf_token": token, **data}, follow_redirects=True)
    assert answer.status_code == code, words_of(answer.text)
    return answer.text


def test_claims_are_refused_together_after_confirmation_and_each_is_undone(
    session: Session, staff: FlaskClient
) -> None:
    ids = [claim(session, f"{n}@exemple.fr", n) for n in (1, 2, 3)]
    letters(session)
    path = "/moderation/rattachements"
    assert "Rattachements 3" in words_of(staff.get("/moderation").text)
    page = staff.get(path).text
    assert "&lt;b&gt;1@exemple.fr" in page
    for given, said in (
        ({"ligne": ids[0], "verdict": "accept"}, "Donnez la raison"),
        ({"verdict": "accept", "motif": REASON}, "Cochez"),
        ({"ligne": ids[0], "motif": REASON}, "Choisissez"),
        ({"ligne": [*ids, 999], "verdict": "accept", "motif": REASON, "confirme": "oui"}, "999"),
    ):
        code = 404 if "999" in said else 400
        assert said in send(staff, path, path, code, **given)
    asked = send(staff, path, path, ligne=ids[:2], verdict="accept", motif=REASON)
    assert "2 lignes" in words_of(asked).replace("\u00a0", " ")
    assert letters(session) == []
    done = send(staff, path, path, ligne=ids[:2], verdict="accept", motif=REASON, confirme="oui")
    assert "2\u00a0décisions prises" in done
    told = letters(session)
    assert [to for to, _ in told] == ["1@exemple.fr", "2@exemple.fr"]
    session.rollback()
    user = session.scalars(select(User).where(User.email == "1@exemple.fr")).one()
    assert is_member(session, user.id, structure_id(session))
    decisions = "/moderation/decisions"
    first = session.scalars(select(ModerationDecision.id).order_by(ModerationDecision.id)).first()
    assert "Donnez la raison" in send(staff, f"{decisions}/{first}/annuler", decisions)
    said = send(staff, f"{decisions}/{first}/annuler", decisions, motif="Erreur de ligne")
    assert "attend de nouveau" in said
    assert "déjà annulée" in send(staff, f"{decisions}/{first}/annuler", decisions, motif="Bis")
    session.rollback()
    assert not is_member(session, user.id, structure_id(session))
    log = words_of(staff.get("/moderation/journal?objet=rattachements").text)
    assert "3\u00a0actes" in log or "3 actes" in log
    assert "Modératrice" in log
    export = staff.get("/moderation/journal.csv?personne=mod@exemple.fr").text
    assert export.count("\r\n") == 1 + 3 + 3  # a heading, three decisions, three steps of claims
    assert staff.get("/moderation/journal?du=hier").status_code == 400
    assert "Attente médiane" in staff.get("/moderation/statistiques").text


def test_every_queue_decides_tells_and_undoes(session: Session) -> None:
    """Both verdicts of each queue: once decided it waits no more, undone it waits again."""
    by = By(99, "Modératrice", REASON, datetime.now(UTC), SITE)
    numbers = one_in_each_queue(session)
    told = {"signalements": "visiteur", "organisations": "acheteuse", "facilitateurs": "facilit"}
    of_their_own = {"rattachements", "modifications", "lectures", "remarques", "consultations"}
    assert set(numbers) == {q.name for q in QUEUES.values() if q.accept} - of_their_own
    for name, queue in QUEUES.items():
        if name not in numbers:
            continue
        for verdict in ("accept", "refuse"):
            session.rollback()
            (item,) = queue.page(session, 0, 10)
            with writing(session):
                (made,) = service.decide(session, queue, [item.id], verdict, by)
                made_id = made.id
            session.rollback()
            assert queue.waits(session).count == 0, name
            with writing(session):
                service.undo(session, made_id, by)
            session.rollback()
            assert queue.waits(session).count == 1, name
            sent = letters(session)
            assert len(sent) == (2 if name in told else 0), (name, verdict, sent)
            assert all(to.startswith(told[name]) for to, _ in sent)


def test_edits_wait_are_decided_and_reopened_without_losing_a_later_one(session: Session) -> None:
    author = make_user(session, "autrice@exemple.fr")
    moderator = make_user(session, "mod@exemple.fr", role="moderator")
    queue, by = (
        QUEUES["modifications"],
        By(moderator, "Modératrice", REASON, datetime.now(UTC), SITE),
    )

    def edit(subject: str, **values: object) -> ProfileEdit:
        there = session.get_one(Structure, structure_id(session))
        version = profiles.held(session, there.id).version
        made = profiles.edit(session, there, subject, values, version, author, NOW.date())
        assert made is not None
        return made

    def says() -> dict[str, object]:
        session.rollback()
        return dict(profiles.held(session, structure_id(session)).content)

    def decide(number: int, verdict: str) -> int:
        with writing(session):
            return service.decide(session, queue, [number], verdict, by)[0].id

    def undo(number: int) -> None:
        with writing(session):
            service.undo(session, number, by)

    with writing(session):
        shown = edit("presentation", brand="Autre", description="Lavage de vitres").id
        edit("activites", activities=["blanchisserie"])
        waiting = edit("contacts", email="autre@ailleurs.fr").id  # the page would be another
    base = says()
    assert set(base) == {"brand", "description", "activities"}
    for number, without, with_it in (
        (shown, {"activities": base["activities"]}, base),
        (waiting, base, base | {"email": "autre@ailleurs.fr"}),
    ):
        for verdict, then in (("refuse", without), ("accept", with_it)):
            made = decide(number, verdict)
            assert says() == then
            undo(made)
            assert says() == base
    refused = decide(shown, "refuse")
    with writing(session):
        edit("presentation", description="Autre chose")
    with pytest.raises(InvalidInputError, match="perdrait ce changement"):
        undo(refused)
    assert says()["description"] == "Autre chose"
    assert {to for to, _ in letters(session)} == {"autrice@exemple.fr"}


def test_moderator_accepts_nothing_of_their_own(session: Session) -> None:
    """Nor undo they a refusal of it, which may give it back: another decides. Refusing is free."""
    own = make_user(
        session, "mod@exemple.fr", role="moderator", buyer=True, facilitator=True,
    )  # fmt: skip
    other = make_user(session, "autre@exemple.fr", role="moderator")
    with writing(session):
        there = session.get_one(Structure, structure_id(session))
        contacts = {"email": "autre@ailleurs.fr"}
        made = profiles.edit(session, there, "contacts", contacts, 0, own, NOW.date())
        session.scalars(select(Territory)).one().granted_at = None
        user = session.get_one(User, own)
        claiming.start(session, structure_id(session, 2), user, Wanted("word", words="Moi"), SITE,
                       NOW)  # fmt: skip
        assert made is not None
    moment = datetime.now(UTC)
    me, another = (By(id_, "Modératrice", REASON, moment, SITE) for id_ in (own, other))
    for name in ("rattachements", "modifications", "organisations", "facilitateurs"):
        queue = QUEUES[name]
        session.rollback()
        (item,) = queue.page(session, 0, 10)
        with pytest.raises(InvalidInputError, match="une autre personne"), writing(session):
            service.decide(session, queue, [item.id], "accept", me)
        with writing(session):
            refused = service.decide(session, queue, [item.id], "refuse", me)[0].id
        with pytest.raises(InvalidInputError, match="une autre personne"), writing(session):
            service.undo(session, refused, me)
        with writing(session):
            service.undo(session, refused, another)
        (item,) = queue.page(session, 0, 10)
        with writing(session):
            service.decide(session, queue, [item.id], "accept", another)
        assert queue.waits(session).count == 0, name


@pytest.mark.parametrize("number", [2**31, 2**63, 10**30])
def test_number_greater_than_any_row_is_not_found_in_every_queue(
    session: Session, staff: FlaskClient, number: int
) -> None:
    claim(session, "1@exemple.fr")
    token = token_of(staff.get("/moderation/rattachements").text)
    for name in QUEUES:
        assert staff.get(f"/moderation/{name}/{number}").status_code == 404, name
        # Several are confirmed first: the page that asks reads them.
        given = {"ligne": [number, 1], "verdict": "accept", "motif": REASON, "csrf_token": token}
        assert staff.post(f"/moderation/{name}", data=given).status_code == 404, name


@pytest.mark.database("sqlite")  # its subject is the pages
def test_structure_is_corrected_hidden_withdrawn_and_all_is_undone_in_a_page(
    session: Session, staff: FlaskClient
) -> None:
    path = f"/moderation/structures/{KEYS[0]}"

    def act(code: int = 200, **given: object) -> str:
        return send(staff, path, path, code, motif=REASON, **given)

    assert "est corrigé" in act(acte="corriger", champ="phone", valeur="03 20 00 00 00")
    assert "téléphone français" in act(400, acte="corriger", champ="phone", valeur="zéro")
    assert "Choisissez le champ" in act(400, acte="corriger", champ="siret", valeur="1")
    assert "n’est plus montré" in act(acte="masquer", champ="email")
    assert "est retirée" in act(acte="retirer")
    session.rollback()
    assert session.get_one(Structure, structure_id(session)).withdrawn_on
    for number in (3, 2, 1):
        assert "La décision est annulée" in act(acte="annuler", decision=number)
    assert "déjà annulée" in act(400, acte="annuler", decision=1)
    session.rollback()
    again = session.get_one(Structure, structure_id(session))
    assert (again.withdrawn_on, again.phone, bool(again.email)) == (None, None, True)
    assert staff.get("/moderation/chercher?cle=1").status_code == 404
    found = staff.get(f"/moderation/chercher?cle={KEYS[0]}")
    assert found.headers["Location"] == path
