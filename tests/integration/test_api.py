"""The API as platforms use it: lists, details, what is sent, what is refused."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from annuaire.api.lists import MAX_LIMIT
from annuaire.db import writing
from annuaire.extensions import limiter
from annuaire.structures.models import Structure, StructureAlias
from tests.factories.api import fill, found, get, refused
from tests.factories.files import siae
from tests.integration.conftest import StartFrom


@pytest.fixture
def site(start_from: StartFrom, client: FlaskClient) -> Iterator[FlaskClient]:
    """A browser on such a site of the test's own."""
    start_from(fill)
    limiter.reset()  # what other tests asked is not counted here, nor what is asked here there
    yield client
    limiter.reset()


def test_a_list_is_read_to_its_end_by_following_next(site: FlaskClient) -> None:
    answer = get(site, "/structures?lieu=Lille&rayon=20&limit=8&fields=key,distance_km")
    first = found(answer)
    keys, page = [], first
    assert (first["total"], first["place"]) == (21, "Lille (59)")
    while True:
        keys += [item["key"] for item in page["items"]]
        assert all(set(item) == {"key", "distance_km"} for item in page["items"])
        if page["next"] is None:
            break
        assert f'<{page["next"]}>; rel="next"' in answer.headers["Link"]
        answer = site.get(page["next"].partition("://")[2].partition("/")[2].join(("/", "")))
        page = found(answer)
    assert len(keys) == len(set(keys)) == 21
    assert "Link" not in answer.headers


def test_filters_are_those_of_the_site(site: FlaskClient) -> None:
    for query in ("q=jardins", "type=ACI", "departement=69", "lieu=Lyon&rayon=5", "famille=ess"):
        keys = [item["key"] for item in found(get(site, f"/structures?limit=100&{query}"))["items"]]
        page = site.get(f"/structures/export.csv?{query}", buffered=True).data.decode("utf-8-sig")
        rows = csv.DictReader(io.StringIO(page, newline=""), delimiter=";")
        assert sorted(keys) == sorted(row["SIRET"] for row in rows)
    social = found(get(site, "/contracts?social=oui&etat=ouvert"))
    assert [item["reference"] for item in social["items"]] == ["boamp-26-1"]
    assert social["items"][0]["state"] == "ouvert"


NOT_ASKED = (
    ("/structures?page=2", {"page"}),
    ("/structures?per_page=5&query=a&ville=Lille", {"per_page", "query", "ville"}),
    ("/changes/contracts?per_page=5&departement=59", {"per_page", "departement"}),
    ("/structures?limit=0", {"limit"}),
    (f"/contracts?limit={MAX_LIMIT + 1}", {"limit"}),
    ("/structures?fields=key,zz&cursor=x", {"cursor", "fields"}),
    ("/structures?couleur=bleu&lieu=Nulleparville", {"couleur", "lieu"}),
    ("/contracts?etat=zz&montant_min=-3", {"etat", "montant_min"}),
    ("/territories", {"q"}),
    ("/territories?q=lil&limit=3&nom=x", {"limit", "nom"}),
    ("/activities?famille=batiment", {"famille"}),
    ("/stats?departement=59", {"departement"}),
)


def test_what_a_query_string_cannot_ask_is_refused(site: FlaskClient) -> None:
    for path, parameters in NOT_ASKED:
        told = refused(get(site, path), 400)
        assert {error["parameter"] for error in told["errors"]} == parameters
        assert told["type"].endswith("/api/v1/docs#champs")


def test_a_cursor_of_another_search_is_refused(site: FlaskClient) -> None:
    cursor = found(get(site, "/structures?limit=1"))["next"].partition("cursor=")[2]
    refused(get(site, f"/structures?limit=1&type=EI&cursor={cursor}"), 400)
    refused(get(site, f"/contracts?cursor={cursor}"), 400)


def test_a_structure_is_found_by_every_number_that_it_had(
    site: FlaskClient, session: Session
) -> None:
    one, two = siae(1)["siret"], siae(2)["siret"]
    whole = found(get(site, f"/structures/{one}"))
    assert (whole["kinds"], whole["city"]) == (["EI"], "Lille")
    assert whole["wins"][0]["amount_eur"] == 9000
    assert whole["statuses"][0]["source"]
    assert whole["activities"][0]["inferred"] is True
    refused(get(site, "/structures/00000000000000"), 404)
    with writing(session):
        id_ = session.query(Structure.id).filter_by(key=one).scalar()
        session.add(StructureAlias(key="99999999900000", structure_id=id_))
        gone = update(Structure).where(Structure.key == two)
        session.execute(gone.values(withdrawn_on=date(2026, 1, 1), ended_on=date(2026, 1, 1)))
    moved = get(site, "/structures/99999999900000")
    assert (moved.status_code, moved.location) == (301, f"/api/v1/structures/{one}")
    refused(get(site, f"/structures/{two}"), 410)


def test_a_contract_has_its_lots_and_the_proof_of_its_clauses(site: FlaskClient) -> None:
    whole = found(get(site, "/contracts/boamp-26-1"))
    (finding,) = whole["findings"]
    assert (finding["type"], finding["article"]) == ("reserved_siae", "L2113-13")
    (own,) = whole["notices"]
    assert finding["notice"] == own["reference"]
    text = own["texts"][finding["text_index"]]["text"]
    assert text[finding["start"] : finding["end"]] == finding["evidence"]
    won = found(get(site, "/contracts/boamp-26-3"))
    assert (won["state"], won["amount_eur"], len(won["lots"])) == ("attribue", 9000, 2)
    (award,) = won["lots"][0]["awards"]
    assert award["structure_url"].endswith(f"/structures/{siae(1)['siret']}")
    refused(get(site, "/contracts/boamp-0-0"), 404)


def test_lists_are_csv_and_geojson_when_asked(site: FlaskClient) -> None:
    for path in ("/structures", "/contracts"):
        _is_csv_and_geojson(site, path)


def _is_csv_and_geojson(site: FlaskClient, path: str) -> None:
    page = get(site, f"{path}?limit=2", Accept="text/csv")
    assert page.mimetype == "text/csv"
    rows = list(csv.reader(io.StringIO(page.data.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert len(rows) == 3
    assert 'rel="next"' in page.headers["Link"]
    points = get(site, f"{path}?limit=2", Accept="application/geo+json, text/csv;q=0.1")
    assert points.mimetype == "application/geo+json"
    assert len(json.loads(points.data)["features"]) == 2
    refused(get(site, path, Accept="image/png"), 406)
    refused(get(site, f"{path}?fields=url", Accept="text/csv"), 400)


def test_knowledge_and_figures(site: FlaskClient) -> None:
    groups = found(get(site, "/activities"))["groups"]
    assert "nettoyage-locaux" in {leaf["code"] for g in groups for leaf in g["activities"]}
    (lille, *_) = found(get(site, "/territories?q=lill"))["items"]
    assert (lille["token"], lille["label"]) == ("commune:59350", "Lille (59)")
    stats = found(get(site, "/stats"))
    assert (stats["structures"], stats["contracts_with_social_clause"]) == (25, 1)
    assert stats["structures_by_kind"] == {"ACI": 1, "EI": 24}
    assert {source["name"] for source in stats["sources"]} >= {"siae", "boamp"}


def test_an_answer_that_the_reader_has_is_not_sent_again(site: FlaskClient) -> None:
    for encoding in ("identity", "gzip"):
        first = get(site, "/activities", Accept_Encoding=encoding)
        assert first.headers.get("Content-Encoding", "identity") == encoding
        again = {"If_None_Match": first.headers["ETag"], "Accept_Encoding": encoding}
        second = get(site, "/activities", **again)
        assert (second.status_code, second.data) == (304, b"")
        assert second.headers["ETag"] == first.headers["ETag"]
    other = get(site, "/stats", If_None_Match=first.headers["ETag"])
    assert other.status_code == 200


def test_scripts_of_any_site_may_read_and_may_not_send(site: FlaskClient) -> None:
    read = get(site, "/activities", Origin="https://plateforme.example.org")
    assert read.headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in read.headers
    sent = site.post("/api/v1/check", json={"numbers": ["1"]})
    assert "Access-Control-Allow-Origin" not in sent.headers
    for path in ("activities", "check"):
        allowed = site.options(f"/api/v1/{path}").headers
        assert allowed["Access-Control-Allow-Methods"] == "GET, HEAD"
        assert "Content-Type" not in allowed["Access-Control-Allow-Headers"]
    page = get(site, "/docs")
    assert {"Access-Control-Allow-Origin", "X-Robots-Tag"}.isdisjoint(page.headers.keys())
    assert "Access-Control-Allow-Origin" not in site.get("/structures").headers


def test_problems_answer_where_there_is_no_address(site: FlaskClient) -> None:
    refused(get(site, "/rien"), 404)
    assert refused(site.delete("/api/v1/structures"), 405)["title"] == "Action non acceptée"
    refused(get(site, "/structures?q=%00"), 400)
