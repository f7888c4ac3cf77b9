"""An address in the place box: looked up in the address base, and never a wait too long."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from annuaire import lookup as module
from annuaire.addresses import AddressAnswer
from annuaire.app import create_app
from annuaire.config import Settings
from annuaire.db import db
from annuaire.geo.geocoder import Geocoder
from annuaire.lookup import FAILURES, REST, WAITING, AddressLookup, Breaker
from tests.factories.ban import Ban, feature, running_ban
from tests.factories.commands import Run, last_json
from tests.factories.files import siae, write_csv

ADDRESS = "8 rue Inventée, 59000 Lille"


@pytest.fixture
def ban() -> Iterator[Ban]:
    with running_ban() as server:
        server.features = [feature(lat=50.66, lon=3.08)]
        yield server


class Clock:
    """Seconds that only a test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def lookup(app: Flask, ban: Ban, clock: Clock) -> Iterator[AddressLookup]:
    with app.app_context():
        engine = db.engine
    geocoder = Geocoder(ban.address, timeout=5, per_second=1000)
    made = AddressLookup(lambda: engine, geocoder, Breaker(clock))
    yield made
    ban.hold.set()
    made.close()


def kind(lookup: AddressLookup, text: str = ADDRESS) -> str | None:
    found = lookup(text)
    return found.place.kind if found else None


def test_address_is_found_exactly_and_asked_once(
    lookup: AddressLookup, ban: Ban, session: Session
) -> None:
    assert kind(lookup) == "address"
    assert kind(lookup, ADDRESS.upper()) == "address"
    assert len(ban.asked) == 1
    lookup.close()
    assert session.scalar(select(func.count()).select_from(AddressAnswer)) == 1


def test_kept_answer_serves_the_next_process(lookup: AddressLookup, ban: Ban, app: Flask) -> None:
    kind(lookup)
    lookup.close()
    with app.app_context():
        engine = db.engine
    other = AddressLookup(lambda: engine, Geocoder("http://127.0.0.1:9/geocodage"))
    assert kind(other) == "address"
    assert len(ban.asked) == 1


@pytest.mark.parametrize("text", ["Lille", "59000", "nettoyage", "12 rue de la Paix", ""])
def test_what_is_no_address_of_a_known_commune_is_not_asked(
    lookup: AddressLookup, ban: Ban, text: str
) -> None:
    lookup(text)
    assert ban.asked == []


def test_unknown_address_is_around_its_commune_and_not_asked_again(
    lookup: AddressLookup, ban: Ban
) -> None:
    ban.features = []
    assert [kind(lookup), kind(lookup)] == ["commune", "commune"]
    assert len(ban.asked) == 1


def test_slow_service_does_not_hold_the_page_and_serves_the_next(
    lookup: AddressLookup, ban: Ban, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "WAIT", 0.05)
    ban.hold.clear()
    assert kind(lookup) == "commune"
    ban.hold.set()
    lookup.close()
    assert kind(lookup) == "address"
    assert len(ban.asked) == 1


@pytest.mark.parametrize("status", [429, 500, 503])
def test_dead_service_is_left_alone_for_a_while(
    lookup: AddressLookup, ban: Ban, clock: Clock, status: int
) -> None:
    ban.failures = [status] * FAILURES
    for number in range(FAILURES + 3):
        assert kind(lookup, f"{number} rue Inventée, 59000 Lille") == "commune"
        lookup.close()
    assert len(ban.asked) == FAILURES
    clock.now += REST + 1
    assert kind(lookup) == "address"


def test_too_many_questions_at_once_are_not_asked(
    lookup: AddressLookup, ban: Ban, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "WAIT", 0.01)
    ban.hold.clear()
    for number in range(WAITING + 4):
        assert kind(lookup, f"{number} rue Inventée, 59000 Lille") == "commune"
    ban.hold.set()
    lookup.close()
    assert len(ban.asked) == WAITING


def test_answer_in_another_commune_is_not_used(lookup: AddressLookup, ban: Ban) -> None:
    ban.features = [feature(citycode="69123", lat=45.76, lon=4.85)]
    assert kind(lookup) == "commune"


def test_command_says_how_the_place_was_understood(
    run: Run, ban: Ban, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    run("import", "siae", write_csv(tmp_path / "siae.csv", [siae(1)]))
    offline = last_json(run("search", "", "--near", ADDRESS, "--json"))
    assert offline["place"]["note"].endswith("recherche autour du centre de Lille (59).")
    assert offline["total"] == 1
    assert "autour du centre de Lille" in run("search", "", "--near", ADDRESS).stdout
    assert ban.asked == []
    monkeypatch.setenv("ANNUAIRE_GEOCODE_PAGES", "oui")
    monkeypatch.setenv("ANNUAIRE_GEOCODER_DOMAIN", ban.address)
    exact = last_json(run("search", "", "--near", ADDRESS, "--json"))["place"]
    assert (exact["lat"], exact["kind"]) == (50.66, "address")
    said = run("match", "--text", "nettoyage", "--place", ADDRESS).stdout
    assert "Adresse située par la Base adresse nationale" in said


@pytest.fixture
def asking(settings: Settings, ban: Ban) -> Settings:
    """Settings under which pages ask the address base."""
    return replace(settings, geocode_pages=True, geocoder_domain=ban.address)


@pytest.mark.parametrize("path", ["/structures", "/marches"])
def test_page_says_how_the_place_was_understood(
    run: Run, client: Any, asking: Settings, ban: Ban, path: str
) -> None:
    query = {"lieu": ADDRESS}
    plain = client.get(path, query_string=query)
    assert plain.status_code == 200
    assert "recherche autour du centre de Lille (59)" in plain.get_data(as_text=True)
    app = create_app(asking)
    exact = app.test_client().get(path, query_string=query).get_data(as_text=True)
    app.extensions["annuaire.places"].close()
    with app.app_context():
        db.engine.dispose()
    assert "Adresse située par la Base adresse nationale : 8 Rue Inventée 59000 Lille" in exact
    assert "à 25 km de 8 Rue Inventée 59000 Lille" in exact


@pytest.mark.parametrize("path", ["/structures/export.geojson", "/marches/export.geojson"])
def test_file_of_a_search_is_around_the_same_place_as_its_page(
    run: Run, asking: Settings, path: str
) -> None:
    app = create_app(asking)
    with app.test_client().get(path, query_string={"lieu": ADDRESS}) as answer:
        told = answer.get_json()["about"]["search"]
    app.extensions["annuaire.places"].close()
    with app.app_context():
        db.engine.dispose()
    assert told["Lieu"] == "à 25 km de 8 Rue Inventée 59000 Lille"


def test_need_says_how_the_place_was_understood(run: Run, client: Any) -> None:
    page = client.get("/besoins/nouveau", query_string={"quoi": "nettoyage", "lieu": ADDRESS})
    assert page.status_code == 200
    assert "recherche autour du centre de Lille" in page.get_data(as_text=True)


def test_address_without_its_commune_is_refused_with_what_to_do(run: Run, client: Any) -> None:
    page = client.get("/structures", query_string={"lieu": "12 rue de la Paix"})
    assert page.status_code == 400
    assert "une adresse finit par sa commune" in page.get_data(as_text=True)


def test_setting_is_yes_or_no(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANNUAIRE_GEOCODE_PAGES", "peut-être")
    result = run("search", "x")
    assert "ANNUAIRE_GEOCODE_PAGES" in str(result.exception)
