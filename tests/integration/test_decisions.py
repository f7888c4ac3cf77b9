"""What people decide of a structure stands above what imports say, and can be undone."""

from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from annuaire.errors import InvalidInputError, NotFoundError
from annuaire.structures.models import Structure
from tests.factories.commands import Run, last_json
from tests.factories.files import LYON, siae, write_csv
from tests.integration.conftest import StartFrom

KEY = siae(1)["siret"]
SIGNED = ("--by", "Une modératrice", "--why", "demande reçue par courriel")
Shown = Callable[[], dict[str, Any]]


def fill(run: Run, folder: Path) -> None:
    """Two structures read from a file, whose path is given."""
    path = write_csv(folder / "siae.csv", [siae(1, website="https://essai.fr"), siae(2)])
    run("import", "siae", path)


@pytest.fixture
def imported(run: Run, start_from: StartFrom) -> Path:
    """The file of such a site of the test's own."""
    return start_from(fill) / "siae.csv"


@pytest.fixture
def shown(session: Session) -> Shown:
    """All that is stored of the first structure, its date of change aside."""

    def look() -> dict[str, Any]:
        session.expire_all()
        structure = session.scalars(select(Structure).where(Structure.key == KEY)).one()
        columns = [column.key for column in inspect(Structure).column_attrs]
        found = {name: getattr(structure, name) for name in columns if name != "updated_at"}
        found["kinds"] = [(s.kind, s.source, s.ended_on) for s in structure.statuses]
        found["activities"] = [(a.code, a.origin, a.weight) for a in structure.activities]
        session.rollback()
        return found

    return look


def read_changed(run: Run, path: Path, **changes: str) -> None:
    """Read the file again, the first structure changed."""
    write_csv(path, [siae(1, **changes), siae(2)])
    assert run("import", "siae", path).exit_code == 0


@pytest.mark.parametrize(
    ("given", "field", "kept"),
    [
        ("phone=03 20 00 00 01", "phone", "+33320000001"),
        ("email=Contact@Essai.fr", "email", "Contact@essai.fr"),
        ("website=essai.fr", "website", "https://essai.fr"),
        ("name=  Propreté   d'essai ", "name", "Propreté d'essai"),
        ("description=Nettoyage\tde bureaux", "description", "Nettoyage de bureaux"),
    ],
)
def test_edit_is_checked_stored_and_survives_imports(
    run: Run, imported: Path, shown: Shown, given: str, field: str, kept: str
) -> None:
    assert run("edit", KEY, given, *SIGNED).exit_code == 0
    assert shown()[field] == kept
    read_changed(run, imported, name="AUTRE NOM D'ESSAI", website="https://autre.fr")
    assert shown()[field] == kept
    assert shown()["origins"][field][0] == "structure"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("siret=12345678901234", "identifie la structure"),
        ("finess=590000001", "identifie la structure"),
        ("statuses=EI", "identifie la structure"),
        ("couleur=bleu", "n'existe pas"),
        ("lat=50.1", "ensemble"),
        ("phone=12", "n'est pas un numéro"),
        ("phone=", "est vide"),
        ("email=a@", "n'est pas une adresse électronique"),
        ("website=javascript:alert(1)", "n'est pas l'adresse d'un site"),
        ("name=" + "a" * 256, "dépasse 255"),
        ("postcode=59000", "ensemble"),
        ("city=Lille", "ensemble"),
        ("name", "champ=valeur"),
    ],
)
def test_edit_refuses_what_an_import_would(
    run: Run, imported: Path, shown: Shown, given: str, said: str
) -> None:
    before = shown()
    result = run("edit", KEY, given, *SIGNED)
    assert isinstance(result.exception, InvalidInputError)
    assert said in result.exception.message
    assert shown() == before


@pytest.mark.parametrize("place", [("59000", "Lyon"), ("99999", "Lille"), ("5900", "Lille")])
def test_edit_refuses_a_postcode_of_another_commune(
    run: Run, imported: Path, place: tuple[str, str]
) -> None:
    result = run("edit", KEY, f"postcode={place[0]}", f"city={place[1]}", *SIGNED)
    assert isinstance(result.exception, InvalidInputError)
    assert "Aucune commune" in result.exception.message


def test_edited_street_keeps_its_commune_and_takes_its_centre(
    run: Run, imported: Path, shown: Shown
) -> None:
    run("edit", KEY, "address=2 place Neuve", *SIGNED)
    read_changed(run, imported, **LYON)
    now = shown()
    assert (now["address"], now["postcode"], now["city"]) == ("2 place Neuve", "59000", "Lille")
    assert (now["code_insee"], now["geo_precision"]) == ("59350", "commune")


def test_undo_restores_exactly_what_the_sources_say(run: Run, imported: Path, shown: Shown) -> None:
    before = shown()
    for words in (
        ("edit", KEY, "name=Autre nom", "address=2 place Neuve"),
        ("hide", KEY, "website"),
        ("hide", KEY, "address"),
        ("withdraw", KEY),
    ):
        number = last_json(run(*words, *SIGNED, "--json"))["id"]
        assert shown() != before
        run("decisions", "undo", number, *SIGNED)
        assert shown() == before


def test_of_two_edits_the_last_counts_and_undoing_it_brings_the_first_back(
    run: Run, imported: Path, shown: Shown
) -> None:
    run("edit", KEY, "phone=0320000001", *SIGNED)
    second = last_json(run("edit", KEY, "phone=0320000002", *SIGNED, "--json"))["id"]
    assert shown()["phone"] == "+33320000002"
    run("decisions", "undo", second, *SIGNED)
    assert shown()["phone"] == "+33320000001"


def test_hidden_field_is_nowhere_and_stays_so(
    run: Run, imported: Path, shown: Shown, client: FlaskClient
) -> None:
    run("hide", KEY, "website", *SIGNED)
    read_changed(run, imported, website="https://nouveau.fr")
    assert shown()["website"] is None
    page = client.get(f"/structures/{KEY}").text
    assert "essai.fr" not in page
    assert "nouveau.fr" not in page


def test_hidden_address_leaves_the_centre_of_the_commune(
    run: Run, imported: Path, shown: Shown
) -> None:
    assert shown()["geo_precision"] == "number"
    run("hide", KEY, "address", *SIGNED)
    now = shown()
    assert (now["address"], now["city"], now["geo_precision"]) == (None, "Lille", "commune")
    assert "lat" not in now["origins"]


def test_withdrawn_structure_is_gone_and_an_import_does_not_bring_it_back(
    run: Run, imported: Path, client: FlaskClient
) -> None:
    run("withdraw", KEY, *SIGNED)
    read_changed(run, imported, name="PROPRETE REVENUE")
    page = client.get(f"/structures/{KEY}")
    assert page.status_code == 410
    assert "a été retirée de l'annuaire à sa demande" in unescape(page.text)
    assert "PROPRETE REVENUE" not in page.text
    assert last_json(run("search", "", "--json"))["total"] == 1
    assert len(client.get("/structures/carte.json").json["features"]) == 1
    status = last_json(run("index", "status", "--json"))
    assert (status["structures"]["documents"], status["structures"]["expected"]) == (1, 1)


def test_undone_withdrawal_shows_what_was_read_meanwhile(
    run: Run, imported: Path, client: FlaskClient
) -> None:
    number = last_json(run("withdraw", KEY, *SIGNED, "--json"))["id"]
    read_changed(run, imported, name="PROPRETE REVENUE")
    run("decisions", "undo", number, *SIGNED)
    assert "PROPRETE REVENUE" in client.get(f"/structures/{KEY}").text
    assert last_json(run("search", "revenue", "--json"))["total"] == 1


def test_objection_counts_for_a_structure_that_ended(
    run: Run, imported: Path, shown: Shown, tmp_path: Path
) -> None:
    run("import", "siae", write_csv(tmp_path / "less.csv", [siae(2)]), "--accept-removals")
    before = shown()
    assert (before["website"], before["ended_on"] is None) == ("https://essai.fr", False)
    number = last_json(run("hide", KEY, "website", *SIGNED, "--json"))["id"]
    assert shown()["website"] is None
    run("decisions", "undo", number, *SIGNED)
    assert shown() == before


def test_edit_does_not_keep_alive_what_its_sources_ended(
    run: Run, imported: Path, shown: Shown, tmp_path: Path
) -> None:
    run("edit", KEY, "phone=0320000001", *SIGNED)
    run("import", "siae", write_csv(tmp_path / "less.csv", [siae(2)]), "--accept-removals")
    assert shown()["ended_on"] is not None


def test_decisions_are_listed_with_author_reason_and_undoing(run: Run, imported: Path) -> None:
    run("edit", KEY, "phone=0320000001", *SIGNED)
    run("decisions", "undo", 1, *SIGNED)
    first, second = last_json(run("decisions", KEY, "--json"))
    assert (first["action"], first["undone_by"]) == ("edit", second["id"])
    assert (second["action"], second["undoes"]) == ("undo", first["id"])
    assert first["author"] == "Une modératrice"
    spaced = f"{KEY[:3]} {KEY[3:6]} {KEY[6:9]} {KEY[9:]}"
    assert "annulée par la décision 2" in run("decisions", spaced).stdout


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("decisions", "undo", 9, *SIGNED), NotFoundError),
        (("decisions", "00000000000000"), NotFoundError),
        (("hide", KEY, "name", *SIGNED), InvalidInputError),
        (("hide", KEY, "siret", *SIGNED), InvalidInputError),
        (("edit", KEY, "phone=0320000001", "--by", " ", "--why", "x"), InvalidInputError),
        (("edit", KEY, "phone=0320000001", "--by", "x", "--why", "y" * 501), InvalidInputError),
    ],
)
def test_decision_that_cannot_be_is_refused(
    run: Run, imported: Path, words: tuple[object, ...], error: type[Exception]
) -> None:
    assert isinstance(run(*words).exception, error)


@pytest.mark.parametrize("again", ["hide", "withdraw", "undo"])
def test_decision_is_not_taken_twice(run: Run, imported: Path, again: str) -> None:
    words: tuple[object, ...] = ("hide", KEY, "website") if again == "hide" else ("withdraw", KEY)
    run(*words, *SIGNED)
    if again == "undo":
        words = ("decisions", "undo", 1)
        run(*words, *SIGNED)
    assert isinstance(run(*words, *SIGNED).exception, InvalidInputError)
