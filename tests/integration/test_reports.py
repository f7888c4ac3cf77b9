"""What a visitor reports is kept for a person, and changes nothing by itself."""

from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from annuaire.db import writing
from annuaire.errors import InvalidInputError, NotFoundError
from annuaire.structures.decision_models import StructureReport
from tests.factories.commands import Run, last_json
from tests.factories.files import siae, write_csv
from tests.factories.pages import token_of
from tests.integration.conftest import StartFrom

KEY = siae(1)["siret"]
PATH = f"/structures/{KEY}/signaler"
GOOD = {"motif": "error", "texte": "Le téléphone a changé.", "courriel": "contact@essai.fr"}
SIGNED = ("--by", "Une modératrice", "--why", "demande reçue")


def fill(run: Run, folder: Path) -> None:
    run("import", "siae", write_csv(folder / "siae.csv", [siae(1), siae(2)]))


@pytest.fixture(autouse=True)
def imported(run: Run, start_from: StartFrom) -> None:
    start_from(fill)


def send(client: FlaskClient, follow: bool = False, **changes: str) -> TestResponse:
    """Fill the form as it stands on the page, and send it."""
    token = token_of(client.get(PATH).text)
    data = GOOD | {"csrf_token": token} | changes
    return client.post(PATH, data=data, follow_redirects=follow)


def kept(run: Run) -> list[dict[str, object]]:
    found: list[dict[str, object]] = last_json(run("reports", "list", "--json"))["reports"]
    return found


def test_report_is_kept_thanked_and_changes_nothing(run: Run, client: FlaskClient) -> None:
    page = unescape(client.get(f"/structures/{KEY}").text)
    assert f'href="{PATH}?motif=error"' in page
    thanks = send(client, follow=True, motif="withdraw")
    assert "Votre signalement est enregistré" in thanks.text
    (report,) = kept(run)
    assert (report["key"], report["kind"], report["state"]) == (KEY, "withdraw", "new")
    assert (report["text"], report["email"]) == (GOOD["texte"], GOOD["courriel"])
    assert client.get(f"/structures/{KEY}").status_code == 200
    assert GOOD["texte"] in run("reports", "show", report["id"]).stdout


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"motif": ""}, "Choisissez ce que vous signalez"),
        ({"motif": "autre"}, "Choisissez un motif"),
        ({"texte": " \n\x01 "}, "Écrivez ce qui est faux"),
        ({"texte": "a" * 2_001}, "dépasse 2\u202f000 signes"),
        ({"courriel": "nulle part"}, "adresse électronique"),
        ({"courriel": "a@b.fr\r\nBcc: c@d.fr"}, "adresse électronique"),
        ({"courriel": "a" * 300 + "@essai.fr"}, "adresse électronique"),
    ],
)
def test_error_is_said_beside_its_field_and_nothing_is_lost(
    run: Run, client: FlaskClient, changes: dict[str, str], said: str
) -> None:
    answer = send(client, **changes)
    assert answer.status_code == 400
    assert said in unescape(answer.text)
    if "texte" not in changes:
        assert GOOD["texte"] in unescape(answer.text)
    assert kept(run) == []


@pytest.mark.parametrize("field", ["motif", "texte", "courriel", "site"])
@pytest.mark.parametrize(
    "value",
    [
        "<script>alert(1)</script>",
        "'; DROP TABLE structure; --",
        "{{ 7 * 7 }}",
        "\ud800",
        "\x00",
        "🌻",
    ],
)
def test_hostile_value_in_any_field_gets_a_sane_answer(
    client: FlaskClient, field: str, value: str
) -> None:
    sent = value.encode("utf-8", "surrogatepass")
    answer = send(client, follow=True, **{field: sent})  # type: ignore[arg-type]  # bytes as sent
    assert answer.status_code in {200, 400}
    assert "<script>alert" not in answer.text


def test_machine_that_fills_the_hidden_field_is_thanked_and_not_heard(
    run: Run, client: FlaskClient
) -> None:
    assert send(client, site="https://essai.fr").status_code == 303
    assert kept(run) == []


@pytest.mark.parametrize("token", ["", "x", None])
def test_form_of_another_site_is_refused(run: Run, client: FlaskClient, token: str | None) -> None:
    client.get(PATH)
    data = GOOD if token is None else GOOD | {"csrf_token": token}
    answer = client.post(PATH, data=data)
    assert answer.status_code == 400
    assert "rechargez la page" in unescape(answer.text)
    assert kept(run) == []


def test_sixth_report_of_an_hour_is_refused(run: Run, client: FlaskClient) -> None:
    statuses = [send(client).status_code for _ in range(6)]
    assert statuses == [303] * 5 + [429]
    assert "en une heure" in unescape(send(client).text)
    assert len(kept(run)) == 5
    other = {"REMOTE_ADDR": "192.0.2.7"}
    token = token_of(client.get(PATH).text)
    data = GOOD | {"csrf_token": token}
    assert client.post(PATH, data=data, environ_base=other).status_code == 303


def test_unknown_or_withdrawn_structure_has_no_form(run: Run, client: FlaskClient) -> None:
    assert client.get("/structures/00000000000000/signaler").status_code == 404
    run("withdraw", KEY, *SIGNED)
    assert client.get(PATH).status_code == 410


def test_answer_is_kept_once_and_says_whom_to_write_to(run: Run, client: FlaskClient) -> None:
    send(client)
    told = run("reports", "answer", 1, "--text", "Corrigé, merci.", "--by", "Une modératrice")
    assert "contact@essai.fr" in told.stdout
    (report,) = kept(run)
    assert (report["state"], report["answer"]) == ("answered", "Corrigé, merci.")
    again = run("reports", "answer", 1, "--text", "Encore.", "--by", "x")
    assert isinstance(again.exception, InvalidInputError)
    assert isinstance(run("reports", "show", 9).exception, NotFoundError)
    empty = run("reports", "answer", 1, "--text", " ", "--by", "x")
    assert isinstance(empty.exception, InvalidInputError)


@pytest.mark.parametrize(("days", "erased"), [(180, 0), (184, 1)])
def test_what_a_person_wrote_is_erased_six_months_after_the_answer(
    run: Run, client: FlaskClient, session: Session, days: int, erased: int
) -> None:
    send(client)
    send(client)
    run("reports", "answer", 1, "--text", "Corrigé.", "--by", "Une modératrice")
    with writing(session):
        old = datetime.now(UTC) - timedelta(days=days)
        session.execute(
            update(StructureReport).where(StructureReport.id == 1).values(answered_at=old)
        )
    assert last_json(run("reports", "purge", "--json"))["erased"] == erased
    assert last_json(run("reports", "purge", "--json"))["erased"] == 0
    first, second = session.scalars(select(StructureReport).order_by(StructureReport.id))
    assert (first.text is None, first.email is None, first.answer is None) == (bool(erased),) * 3
    assert second.email == "contact@essai.fr"


def test_reports_that_await_come_first_and_are_paged(run: Run, client: FlaskClient) -> None:
    for _ in range(3):
        send(client)
    run("reports", "answer", 1, "--text", "Corrigé.", "--by", "x")
    assert [report["id"] for report in kept(run)] == [2, 3, 1]
    page = last_json(run("reports", "list", "--state", "new", "--limit", 1, "--page", 2, "--json"))
    assert ([report["id"] for report in page["reports"]], page["total"]) == ([3], 2)
    assert "à traiter" in run("reports", "list").stdout
