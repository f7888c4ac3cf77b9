"""Moderators read the consultations that buyers publish, take one away with a reason, put it
back."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from annuaire.accounts.audit import AuditEntry
from annuaire.contracts.models import Contract, FormerContract, Notice
from annuaire.mail.models import MailLetter
from annuaire.moderation.models import ModerationDecision
from annuaire.moderation.queues import QUEUES
from tests.factories.accounts import make_user, rows, sign_in, submit
from tests.factories.claims import letters
from tests.factories.notices import call
from tests.factories.pages import words_of
from tests.integration.test_consultations import begin, officially_published, send

QUEUE = "/moderation/consultations"
REASON = "Le texte n’est pas une consultation."


@pytest.fixture
def buyer(app: Flask, base: Session) -> FlaskClient:
    return sign_in(app, make_user(base, "camille@mairie.fr", verified_buyer=True))


@pytest.fixture
def staff(app: Flask, base: Session) -> FlaskClient:
    return sign_in(app, make_user(base, "mod@exemple.fr", role="moderator"))


def waiting(base: Session) -> list[str]:
    base.rollback()
    queue = QUEUES["consultations"]
    titles = [item.title for item in queue.page(base, 0, 10)]
    assert queue.waits(base).count == len(titles)
    base.rollback()
    return titles


def decide(staff: FlaskClient, path: str, verdict: str, reason: str = REASON) -> int:
    number = path.rpartition("/")[2]
    given = {"ligne": number, "verdict": verdict, "motif": reason, "seul": "oui"}
    return submit(staff, QUEUE, f"{QUEUE}/{number}", **given).status_code


def undo(staff: FlaskClient, base: Session) -> str:
    """Undo the last decision; what the page then says."""
    last = select(ModerationDecision.id).order_by(ModerationDecision.id.desc()).limit(1)
    (number,) = rows(base, last)
    submit(
        staff, f"/moderation/decisions/{number}/annuler", "/moderation/decisions", motif="Erreur"
    )
    return words_of(staff.get("/moderation/decisions").text)


def test_what_is_published_is_read_and_waits_again_when_it_changes(
    buyer: FlaskClient, staff: FlaskClient, base: Session
) -> None:
    path = begin(buyer, base)
    assert waiting(base) == []
    assert staff.get(f"{QUEUE}/{path.rpartition('/')[2]}").status_code == 404  # a draft
    send(buyer, path, "publier", objet="Tonte des pelouses")
    assert waiting(base) == ["Tonte des pelouses"]
    letters(base)
    assert decide(staff, path, "accept") == 303
    assert (waiting(base), letters(base)) == ([], [])
    assert decide(staff, path, "accept") == 400
    found = staff.get("/moderation/chercher?cle=depot-site-acheteur." + path.rpartition("/")[2])
    assert str(found.location).endswith(path.replace("/espace", "/moderation"))
    send(buyer, path, "publier", objet="Tonte des stades")
    assert waiting(base) == ["Tonte des stades"]


def test_what_changed_since_the_page_was_opened_is_not_marked_as_read(
    buyer: FlaskClient, staff: FlaskClient, base: Session
) -> None:
    path = begin(buyer, base)
    send(buyer, path, "publier", objet="Tonte des pelouses")
    seen = staff.get(QUEUE).text.split('name="vu" value="')[1].split('"')[0]
    send(buyer, path, "publier", objet="Tonte des stades")
    number = path.rpartition("/")[2]
    given = {"ligne": number, "verdict": "accept", "motif": REASON}
    answer = submit(staff, QUEUE, QUEUE, **given, vu=seen)
    assert (answer.status_code, "a changé depuis" in words_of(answer.text)) == (400, True)
    assert waiting(base) == ["Tonte des stades"]
    seen = answer.text.split('name="vu" value="')[1].split('"')[0]
    assert submit(staff, QUEUE, QUEUE, **given, vu=seen).status_code == 303
    assert waiting(base) == []


def test_one_is_taken_away_with_a_reason_told_to_its_author_and_put_back(
    buyer: FlaskClient, staff: FlaskClient, base: Session
) -> None:
    path = begin(buyer, base)
    _, _, where = send(buyer, path, "publier")
    letters(base)
    assert decide(staff, path, "refuse", reason="") == 400
    assert decide(staff, path, "refuse") == 303
    assert buyer.get(where).status_code == 404
    assert (rows(base, select(Contract)), rows(base, select(Notice))) == ([], [])
    assert len(rows(base, select(FormerContract))) == 1  # copies of the whole are told of it
    assert letters(base) == [("camille@mairie.fr", "Votre consultation est retirée du site")]
    (text,) = rows(base, select(MailLetter.text).where(MailLetter.text.contains(REASON)))
    assert path in str(text)
    page = words_of(buyer.get(path).text)
    assert "retirée par la modération" in page
    assert "Publier" not in page
    status, words, _ = send(buyer, path, "publier", objet="Autre objet")
    assert (status, "ne peut plus être publiée" in words) == (400, True)
    assert decide(staff, path, "refuse") == 400  # already
    assert "annulé depuis" in undo(staff, base)
    assert "140 heures" in words_of(buyer.get(where).text)
    assert rows(base, select(FormerContract)) == []
    assert letters(base) == [("camille@mairie.fr", "Votre consultation est de nouveau sur le site")]
    acts = [
        (entry.action, entry.object_kind)
        for entry in rows(base, select(AuditEntry).order_by(AuditEntry.id))
        if entry.action.startswith("moderation")
    ]
    assert acts == [("moderation.refuse", "consultations"), ("moderation.undo", "consultations")]


def test_one_that_was_withdrawn_is_put_back_as_cancelled(
    buyer: FlaskClient, staff: FlaskClient, base: Session
) -> None:
    path = begin(buyer, base)
    send(buyer, path, "publier")
    submit(buyer, f"{path}/retirer", path)
    assert decide(staff, path, "refuse") == 303
    undo(staff, base)
    (contract,) = rows(base, select(Contract))
    assert contract.state == "cancelled"


def test_the_official_notice_of_the_same_contract_stays(
    buyer: FlaskClient, staff: FlaskClient, base: Session
) -> None:
    path, where = officially_published(buyer, base)
    assert decide(staff, path, "refuse") == 303
    assert buyer.get(where).status_code == 404
    (contract,) = rows(base, select(Contract))
    assert contract.title == call("26-1").title
    (notice,) = rows(base, select(Notice))
    assert (notice.source, notice.contract_id) == ("boamp", contract.id)


def test_buyers_decide_nothing_of_it(buyer: FlaskClient, base: Session) -> None:
    path = begin(buyer, base)
    send(buyer, path, "publier")
    assert buyer.get(QUEUE).status_code == 403
