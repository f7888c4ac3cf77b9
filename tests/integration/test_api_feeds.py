"""Feeds, read by an independent reader and by the published rules; what watches the service."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import feedparser
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, text, update
from sqlalchemy.orm import Session

from annuaire import outbox
from annuaire.alerts.models import AlertSubscription
from annuaire.api.views import feeds
from annuaire.config import Settings
from annuaire.db import writing
from annuaire.extensions import limiter
from annuaire.structures.models import Structure
from tests.factories.alerts import eve
from tests.factories.commands import Run
from tests.factories.files import LYON, awards, notice, siae, write_csv
from tests.integration.conftest import StartFrom

CLAUSE = (
    "Entretien des espaces verts, marché réservé aux structures d'insertion par l'activité "
    "économique (article L. 2113-13 du code de la commande publique)"
)
HOSTILE = "Nettoyage <script>alert('é')</script> & \u2028 ]]> fin"
#: https://jsonfeed.org/version/1.1: what a feed and an item may have, extensions apart.
OF_FEEDS = {
    "version", "title", "home_page_url", "feed_url", "description", "user_comment", "next_url",
    "icon", "favicon", "authors", "language", "expired", "hubs", "items",
}  # fmt: skip
OF_ITEMS = {
    "id", "url", "external_url", "title", "content_html", "content_text", "summary", "image",
    "banner_image", "date_published", "date_modified", "authors", "tags", "language", "attachments",
}  # fmt: skip


def fill(run: Run, folder: Path) -> None:
    """A site of 4 structures and 4 contracts, one of them with a social clause."""
    rows = [siae(1), siae(2), siae(3, **LYON), siae(4, **LYON)]
    run("import", "siae", write_csv(folder / "siae.csv", rows))
    won = awards(("Lot 1 : vitres", "PROPRETE D'ESSAI 1", 9000.0), ("Lot 2 : tonte", "X", None))
    notices = [
        notice(1, objet=CLAUSE, date_publication="2026-05-01"),
        notice(2, date_publication="2026-05-03"),
        notice(3, date_publication="2026-05-02", nature="attribution", attributions_json=won),
        notice(4, objet=HOSTILE, departements="69", cp="69003", ville="Lyon"),
    ]
    run("import", "boamp", write_csv(folder / "boamp.csv", notices))


@pytest.fixture
def site(start_from: StartFrom, client: FlaskClient) -> Iterator[FlaskClient]:
    """A browser on such a site of the test's own."""
    start_from(fill)
    limiter.reset()  # what other tests asked is not counted here, nor what is asked here there
    yield client
    limiter.reset()


def json_feed(site: FlaskClient, path: str) -> dict[str, Any]:
    """A feed that keeps the published rules."""
    answer = site.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "application/feed+json"), answer.text
    feed: dict[str, Any] = answer.get_json(force=True)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert isinstance(feed["title"], str)
    assert {key for key in feed if not key.startswith("_")} <= OF_FEEDS
    ids = [item["id"] for item in feed["items"]]
    assert len(set(ids)) == len(ids)
    for item in feed["items"]:
        assert {key for key in item if not key.startswith("_")} <= OF_ITEMS
        assert isinstance(item["id"], str)
        assert item["content_html"]
        for key in ("date_published", "date_modified"):
            assert datetime.fromisoformat(item[key]).tzinfo
    return feed


def references(feed: dict[str, Any]) -> list[str]:
    return [item["_annuaire"]["reference"] for item in feed["items"]]


def test_a_feed_asked_nothing_follows_social_clauses(site: FlaskClient) -> None:
    feed = json_feed(site, "/flux/marches.json")
    assert references(feed) == ["boamp-26-1"]
    assert feed["home_page_url"].endswith("/marches?social=oui")
    (item,) = feed["items"]
    assert item["id"] == item["url"]
    own = item["_annuaire"]
    assert own["findings"][0]["type"] == "reserved_siae"
    assert own["findings"][0]["evidence"] in CLAUSE
    assert own["lots"][0]["number"] == "1"
    assert item["tags"] == ["Réservé à l'insertion"]


def test_a_feed_follows_any_search_the_newest_first(site: FlaskClient) -> None:
    feed = json_feed(site, "/flux/marches.json?departement=59&tri=heures&page=3")
    assert references(feed) == ["boamp-26-2", "boamp-26-3", "boamp-26-1"]
    assert feed["feed_url"].endswith("/flux/marches.json?departement=59")
    assert feed["items"][1]["_annuaire"]["amount_eur"] == 9000
    assert json_feed(site, "/flux/marches.json?departement=974")["items"] == []


def test_atom_says_the_same_to_an_independent_reader(site: FlaskClient) -> None:
    path = "/flux/marches.atom?departement=59&departement=69"
    answer = site.get(path)
    assert answer.mimetype == "application/atom+xml"
    read = feedparser.parse(answer.data)
    assert (read.bozo, read.version) == (False, "atom10")
    same = json_feed(site, path.replace(".atom", ".json"))["items"]
    assert [entry.id for entry in read.entries] == [item["id"] for item in same]
    assert [entry.title for entry in read.entries] == [" ".join(i["title"].split()) for i in same]
    clause = next(entry for entry in read.entries if entry.id.endswith("boamp-26-1"))
    assert clause.tags[0].term == "reserved_siae"
    assert clause.author == "Commune d'essai"
    assert "<script" not in answer.text.replace("&lt;script", "")
    empty = feedparser.parse(site.get("/flux/marches.atom?departement=974").data)
    assert (empty.bozo, empty.entries, bool(empty.feed.updated)) == (False, [], True)


def test_a_feed_reads_its_clauses_together(site: FlaskClient, session: Session) -> None:
    def questions(query: str) -> tuple[int, int]:
        asked: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            asked.append(statement)

        session.rollback()
        session.expunge_all()
        event.listen(Engine, "before_cursor_execute", note)
        try:
            feed = json_feed(site, f"/flux/marches.json?{query}")
        finally:
            event.remove(Engine, "before_cursor_execute", note)
        return len(feed["items"]), len(asked)

    none, with_a_clause = questions("departement=974"), questions("social=oui")
    assert (none[0], with_a_clause[0]) == (0, 1)
    assert with_a_clause[1] - none[1] <= 6  # not one for each value of each clause


def test_feeds_name_themselves_and_their_hub(
    site: FlaskClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By WebSub (4): in the headers and in the feed itself."""
    plain = site.get("/flux/marches.atom")
    assert 'rel="self"' in plain.headers["Link"]
    assert "hub" not in plain.headers["Link"]
    assert "hubs" not in json_feed(site, "/flux/marches.json")
    hub = "https://hub.example.org/"
    monkeypatch.setitem(
        site.application.extensions, "annuaire.settings", replace(settings, websub_hub=hub)
    )
    for path in ("/flux/marches.atom?departement=59", "/flux/structures.json"):
        links = site.get(path).headers["Link"]
        assert f'<{hub}>; rel="hub"' in links
        assert f'{path}>; rel="self"' in links
    read = feedparser.parse(site.get("/flux/marches.atom?social=oui").data)
    links = {link.rel: link.href for link in read.feed.links}
    assert (read.bozo, links["hub"]) == (False, hub)
    assert links["self"].endswith("/flux/marches.atom?social=oui")
    assert json_feed(site, "/flux/marches.json?tri=heures")["hubs"] == [
        {"type": "WebSub", "url": hub}
    ]


def test_new_structures_come_first(site: FlaskClient, session: Session) -> None:
    with writing(session):
        oldest = datetime(2020, 1, 1, tzinfo=UTC)
        for number in (1, 2, 4):
            when = {"created_at": oldest + timedelta(days=number)}
            one = Structure.key == siae(number)["siret"]
            session.execute(update(Structure).where(one).values(**when))
    keys = [siae(n)["siret"] for n in (3, 4, 2, 1)]
    feed = json_feed(site, "/flux/structures.json")
    assert [item["_annuaire"]["key"] for item in feed["items"]] == keys
    lyon = json_feed(site, "/flux/structures.json?departement=69")
    assert [item["_annuaire"]["key"] for item in lyon["items"]] == keys[:2]
    read = feedparser.parse(site.get("/flux/structures.atom?departement=69").data)
    assert (read.bozo, read.version) == (False, "atom10")
    assert [entry.id for entry in read.entries] == [item["id"] for item in lyon["items"]]


def test_what_cannot_be_followed_is_refused(
    site: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "MOST", 1)
    for path in ("marches.json?etat=zz", "marches.atom?x=1", "structures.json?departement=69"):
        answer = site.get(f"/flux/{path}")
        assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert site.get("/flux/rien.json").mimetype == "application/problem+json"


def test_pages_of_lists_announce_their_feeds(site: FlaskClient) -> None:
    page = site.get("/marches?departement=59&tri=heures").text
    for kind, ending in (("application/feed+json", "json"), ("application/atom+xml", "atom")):
        assert f'type="{kind}"' in page
        assert f'href="/flux/marches.{ending}?departement=59"' in page
        assert f'href="/flux/structures.{ending}?type=EI"' in site.get("/structures?type=EI").text


def test_health_tells_what_works_and_what_waits(site: FlaskClient, session: Session) -> None:
    well = site.get("/health")
    assert (well.status_code, well.json["status"]) == (200, "ok")
    assert well.json["index"]["documents"] == {"structures": 4, "contracts": 4}
    assert "Tout fonctionne." in site.get("/etat").text
    with writing(session):
        session.add(
            outbox.OutboxLine(
                topic="contracts", object_id=1, created_at=datetime.now(UTC) - timedelta(hours=1)
            )
        )
    late = site.get("/health")
    assert (late.status_code, late.json["status"]) == (200, "degrade")
    assert late.json["index"]["waiting"] == 1
    assert "1 changement" in site.get("/etat").text.replace("\xa0", " ")


def test_health_tells_what_alerts_have_to_do(
    app: Flask, session: Session, settings: Settings
) -> None:
    alerts, client = eve(app, session, settings), app.test_client()
    hour = datetime.now(UTC) - timedelta(hours=1)
    nothing = {"waiting": 0, "waiting_since": None, "due": 0, "due_since": None}
    with writing(session):
        session.add(outbox.OutboxLine(topic="alerts:contracts", object_id=1, created_at=hour))
    assert client.get("/health").json["alerts"] == nothing  # nobody awaits anything
    id_ = alerts.subscribe("marches", recherche="q=nettoyage")
    late = client.get("/health")
    assert (late.status_code, late.json["status"]) == (200, "degrade")
    assert (late.json["alerts"]["waiting"], late.json["alerts"]["due"]) == (1, 0)
    with writing(session):
        outbox.forget_followers(session, datetime.now(UTC))
        session.get_one(AlertSubscription, id_).due_at = hour
    late = client.get("/health")
    assert (late.json["status"], late.json["alerts"]["due"]) == ("degrade", 1)
    assert "1 envoi à composer" in client.get("/etat").text.replace("\xa0", " ")


def test_health_says_when_the_database_does_not_answer(site: FlaskClient, session: Session) -> None:
    with writing(session):
        session.execute(text("DROP TABLE outbox_line"))
    down = site.get("/health")
    assert (down.status_code, down.json["status"]) == (503, "arret")
    assert down.json["database"] == {"ok": False}
    assert down.json["index"]["ok"] is True


def test_open_data_names_every_source_with_its_licence(site: FlaskClient) -> None:
    page = site.get("/donnees").text
    for path in ("/sources/siae", "/sources/decp", "/api/v1/docs", "/flux/marches.atom"):
        assert f'href="{path}"' in page
    assert "Licence Ouverte" in page
