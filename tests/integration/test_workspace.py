"""« Mon espace »: what awaits, what is kept, what was seen, why a lot is not proposed."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from annuaire.accounts.members import join
from annuaire.config import Settings
from annuaire.contracts.models import Contract, Lot
from annuaire.db import writing
from annuaire.errors import InvalidInputError
from annuaire.sourcing.models import AskedStructure, SourcingRequest
from annuaire.structures.models import Structure
from annuaire.workspace import kept, seeing
from annuaire.workspace.models import Kept, SeenCount
from tests.factories.accounts import make_user, sign_in
from tests.factories.claims import KEYS, NOW, add_claimed, structure_id
from tests.factories.commands import Run
from tests.factories.files import LYON, notice, siae, write_csv
from tests.factories.pages import token_of, words_of

READER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}


def send(client: FlaskClient, path: str, page: str, code: int = 200, **data: object) -> str:
    g.pop("csrf_token", None)  # the tests' one context keeps the last browser's
    token = token_of(client.get(page).text)
    answer = client.post(path, data={"csrf_token": token, **data}, follow_redirects=True)
    assert answer.status_code == code, words_of(answer.text)
    return answer.text


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/structures?q=linge&page=3&lieu=Lille", ("/structures?q=linge&lieu=Lille", "search")),
        ("/marches?social=oui", ("/marches?social=oui", "search")),
        ("/ma-selection?structures=1,2", ("/ma-selection?structures=1%2C2", "selection")),
        ("/besoins/nouveau?quoi=linge", ("/besoins/nouveau?quoi=linge", "need")),
        ("/structures/12345678900011?x=1", ("/structures/12345678900011", "structure")),
        ("/marches/boamp-26-1/lots/2", ("/marches/boamp-26-1/lots/2", "contract")),
        ("https://ailleurs.fr/structures", None),
        ("//ailleurs.fr/marches/1", None),
        ("/\\ailleurs.fr", None),
        ("/marches?q=\u202e", None),
        ("/espace/compte", None),
        ("/besoins/nouveau", None),
        ("/marches?q=" + "x" * 4_000, None),
    ],
)
def test_only_pages_of_this_site_are_kept(address: str, expected: tuple[str, str] | None) -> None:
    if expected:
        assert kept.tidy(address) == expected
    else:
        with pytest.raises(InvalidInputError):
            kept.tidy(address)


@pytest.mark.database("sqlite")  # its subject is the pages
def test_page_is_kept_once_noted_forgotten_and_is_nobody_else_s(
    app: Flask, session: Session
) -> None:
    add_claimed(session)
    browser = sign_in(app, make_user(session, "acheteuse@exemple.fr"))
    other = sign_in(app, make_user(session, "autre@exemple.fr"))
    there = f"/structures/{KEYS[0]}"
    assert "Garder dans mon espace" in browser.get(there).text
    assert "Garder dans mon espace" not in app.test_client().get(there).text
    for title in ("Propreté", "Propreté d’essai"):
        page = send(browser, "/espace/garde", there, adresse=there, titre=title)
    assert "est gardée" in page
    row = session.scalars(select(Kept)).one()
    number, path = row.id, "/espace/garde"
    assert row.title == "Propreté d’essai"
    note = "Vue le 3 mars <script>"
    send(browser, f"{path}/{number}", path, titre="Propreté", note=note)
    assert "Vue le 3 mars &lt;script&gt;" in browser.get(path).text
    long = send(browser, f"{path}/{number}", path, 400, titre="x" * 201, note="à garder")
    assert "à garder</textarea>" in long
    assert send(other, f"{path}/{number}", there, 404, note="volée")
    assert "ne se garde pas" in send(browser, path, there, adresse="/espace/compte")
    session.rollback()
    assert "pages" in kept.export_of(session, "acheteuse@exemple.fr")
    assert kept.export_of(session, "autre@exemple.fr") == {}
    session.rollback()
    with writing(session):
        assert kept.erase(session, "acheteuse@exemple.fr") == 1
    assert "Vous ne gardez rien" in browser.get(path).text


@pytest.mark.database("sqlite")  # its subject is the pages
def test_selection_of_the_browser_is_offered_to_be_kept(app: Flask, session: Session) -> None:
    add_claimed(session)
    browser = sign_in(app, make_user(session))
    send(browser, "/ma-selection", f"/structures/{KEYS[0]}", ajouter=KEYS[0])
    page = browser.get("/espace").text
    assert "n’est que dans ce navigateur" in page
    there = page.split('name="adresse" value="')[1].split('"')[0]
    send(browser, "/espace/garde", "/espace", adresse=there, titre="")
    assert "n’est que dans ce navigateur" not in browser.get("/espace").text
    assert "Sélection de 1" in browser.get("/espace").text


@pytest.mark.database("sqlite")  # its subject is the pages
def test_what_awaits_comes_first_for_member_moderator_and_facilitator(
    app: Flask, session: Session
) -> None:
    add_claimed(session)
    member = make_user(session, "membre@exemple.fr", facilitator=True)
    with writing(session):
        join(session, member, structure_id(session))
    page = words_of(sign_in(app, member).get("/espace").text)
    assert "Rien pour l’instant" in page
    assert "Marchés pour nous" in page
    assert "marchés en cours avec une clause sociale" in page
    with writing(session):
        session.get_one(Structure, structure_id(session)).withdrawn_on = NOW.date()
    assert "Retirée de l’annuaire" in sign_in(app, member).get("/espace").text
    make_user(session, "acheteuse@exemple.fr", buyer=True)
    staff = sign_in(app, make_user(session, "mod@exemple.fr", role="moderator"))
    assert "acheteurs à vérifier" in staff.get("/espace").text
    assert app.test_client().get("/espace").headers["Location"] == "/connexion?next=%2Fespace"


def test_requests_received_are_listed_for_members_alone_and_await_an_answer(
    app: Flask, session: Session
) -> None:
    add_claimed(session)
    member = make_user(session, "membre@exemple.fr")
    with writing(session):
        join(session, member, structure_id(session))
        request = SourcingRequest(
            kind="quote", state="open", subject="Lavage de vitres", text="Un devis ?",
            deadline=NOW.date() + timedelta(days=900), sender_name="Jeanne", sender_key="j@x.fr",
            sender_organisation="Mairie d’essai", sender_email="j@x.fr", created_at=NOW,
        )  # fmt: skip
        asked = AskedStructure(
            structure_id=structure_id(session), key=KEYS[0], name="PROPRETE", asked_at=NOW,
            request=request,
        )  # fmt: skip
        session.add(asked)
    browser, path = sign_in(app, member), f"/structures/{KEYS[0]}/demandes"
    assert "Mairie d’essai demande à PROPRETE : Lavage de vitres" in browser.get("/espace").text
    page = browser.get(path).text
    answer = page.split('<h2 class="h5"><a href="')[1].split('"')[0]
    assert "Un devis ?" in browser.get(answer).text
    with writing(session):
        session.get_one(AskedStructure, asked.id).answer = "declined"
    assert "Rien pour l’instant" in browser.get("/espace").text
    assert "Lavage de vitres" in browser.get(path).text
    assert browser.get(f"/structures/{KEYS[1]}/demandes").status_code == 403


def test_sightings_are_counted_once_by_hour_without_robots_or_names(
    app: Flask, session: Session, settings: Settings
) -> None:
    add_claimed(session)
    reader, here = app.test_client(), f"/structures/{KEYS[0]}"
    for headers in (READER, READER, {"User-Agent": "Googlebot/2.1"}, {"User-Agent": ""}):
        assert reader.get(here, headers=headers).status_code == 200
    reader.head(here, headers=READER)
    folder = settings.data_dir
    (file,) = (folder / "seen").iterdir()
    assert file.read_text() == f"p {KEYS[0]}\n" * 2
    later = datetime.now(UTC)
    seeing.note(folder, "s", [KEYS[0], KEYS[1], "inconnu"], later)
    seeing.note(folder, "s", [KEYS[0]], later, ("boamp-26-1", "1 bis@é"))
    (folder / "seen" / "autre.log").write_text("p 1\n")
    with file.open("a") as lines:
        lines.write("x y\n\np\n")
    assert seeing.count_files(session, folder, later) == 0  # the hour is not over
    whole = file.read_text()
    assert seeing.count_files(session, folder, later + timedelta(hours=2)) == 5
    file.write_text(whole)  # as if the job was killed before it took the file away
    assert seeing.count_files(session, folder, later + timedelta(hours=2)) == 0
    counts = {(c.structure_id, c.what): c.count for c in session.scalars(select(SeenCount))}
    one, two = structure_id(session), structure_id(session, 2)
    assert counts == {(one, "page"): 2, (one, "suggestion"): 2, (two, "suggestion"): 1}
    session.rollback()
    member = make_user(session, "membre@exemple.fr")
    with writing(session):
        join(session, member, one)
    browser = sign_in(app, member)
    assert "page lue 2 fois, proposée 2 fois" in words_of(browser.get("/espace").text)
    audience = browser.get(f"{here}/audience").text
    assert "boamp-26-1, lot 1 bis@é" in audience
    assert "/marches/boamp-26-1/lots/1%20bis@%C3%A9" in audience
    assert browser.get(f"/structures/{KEYS[1]}/audience").status_code == 403


@pytest.mark.database("sqlite")  # its subject is the scoring
def test_lot_says_why_it_is_proposed_or_not(
    app: Flask, session: Session, run: Run, tmp_path: Path
) -> None:
    rows = [siae(1), siae(3, name="JARDINS D'ESSAI", naf="8130Z"), siae(4, **LYON)]
    run("import", "siae", write_csv(tmp_path / "siae.csv", rows))
    notices = [
        notice(1),
        notice(2, objet="Nettoyage de bureaux réservé aux entreprises adaptées et aux ESAT "
               "(article L. 2113-12)"),
    ]  # fmt: skip
    run("import", "boamp", write_csv(tmp_path / "boamp.csv", notices))
    member = make_user(session)
    keys = [row["siret"] for row in rows]
    with writing(session):
        for key in keys:
            found = session.scalars(select(Structure.id).where(Structure.key == key)).one()
            join(session, member, found)
    browser = sign_in(app, member)
    lot = session.scalars(select(Contract.reference).where(Contract.reference.endswith("-1"))).one()
    session.rollback()

    def told(key: str, typed: str, code: int = 200) -> str:
        answer = browser.get(f"/structures/{key}/pourquoi", query_string={"lot": typed})
        assert answer.status_code == code
        return words_of(answer.text)

    page = f"http://127.0.0.1:8000/marches/{lot}/lots/1"
    assert "Rien ne vous en écarte" in told(keys[0], page)
    assert "déclarez vos activités" in told(keys[1], f"/marches/{lot}")
    assert "la limite est de 100" in told(keys[2], lot)
    assert "réservé à d’autres types" in told(keys[0], "boamp-26-2")
    for typed in ("https://exemple.fr/", "/marches/inconnu", f"/marches/{lot}/lots/99", "é" * 900):
        told(keys[0], typed, 400)
    assert "Adresse du lot" in told(keys[0], "")
    with writing(session):
        session.scalars(
            select(Lot).join(Contract).where(Contract.reference == lot)
        ).one().number = "2/3"
    assert "Rien ne vous en écarte" in told(keys[0], f"/marches/{lot}/lots/2/3")
