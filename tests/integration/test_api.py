"""The API as platforms use it: lists, details, what is sent, what is refused."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from annuaire.api.lists import MAX_LIMIT
from annuaire.api.views.base import TOO_MANY
from annuaire.db import writing
from annuaire.extensions import limiter
from annuaire.structures.models import Structure, StructureAlias
from tests.factories.commands import Run
from tests.factories.files import LYON, awards, notice, siae, write_csv
from tests.integration.conftest import StartFrom

CLAUSE = (
    "Entretien des espaces verts, marché réservé aux structures d'insertion par l'activité "
    "économique (article L. 2113-13 du code de la commande publique)"
)
PROBLEM = "application/problem+json"


def fill(run: Run, folder: Path) -> None:
    """A site of 25 structures and 3 contracts."""
    rows = [siae(n) for n in range(1, 21)] + [siae(n, **LYON) for n in range(21, 25)]
    rows.append(siae(25, name="JARDINS D'ESSAI", naf="8130Z", kind="ACI"))
    run("import", "siae", write_csv(folder / "siae.csv", rows))
    won = awards(("Lot 1 : vitres", "PROPRETE D'ESSAI 1", 9000.0), ("Lot 2 : tonte", "X", None))
    notices = [
        notice(1, objet=CLAUSE, date_fin_diffusion="2099-01-31"),
        notice(2),
        notice(3, nature="attribution", attributions_json=won),
    ]
    run("import", "boamp", write_csv(folder / "boamp.csv", notices))


@pytest.fixture
def site(start_from: StartFrom, client: FlaskClient) -> Iterator[FlaskClient]:
    """A browser on such a site of the test's own."""
    start_from(fill)
    limiter.reset()  # what other tests asked is not counted here, nor what is asked here there
    yield client
    limiter.reset()


def get(site: FlaskClient, path: str, **headers: str) -> TestResponse:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return site.get(f"/api/v1{path}", headers=given)


def found(answer: TestResponse) -> Any:
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == "application/json"
    return answer.json


def refused(answer: TestResponse, status: int) -> Any:
    assert (answer.status_code, answer.mimetype) == (status, PROBLEM), answer.text
    told = answer.get_json(force=True)
    assert told["status"] == status
    assert told["detail"]
    return told


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
    ("/structures?limit=0", {"limit"}),
    (f"/contracts?limit={MAX_LIMIT + 1}", {"limit"}),
    ("/structures?fields=key,zz&cursor=x", {"cursor", "fields"}),
    ("/structures?couleur=bleu&lieu=Nulleparville", {"couleur", "lieu"}),
    ("/contracts?etat=zz&montant_min=-3", {"etat", "montant_min"}),
    ("/territories", {"q"}),
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


def test_match_says_what_the_command_says(site: FlaskClient, run: Run) -> None:
    sent = {"text": "nettoyage de bureaux", "place": "Lille", "amount_eur": 25000, "limit": 3}
    answer = found(site.post("/api/v1/match", json=sent))
    printed = run("match", "--text", sent["text"], "--place", "Lille", "--amount", "25000",
                  "--limit", "3", "--json")  # fmt: skip
    told = json.loads(printed.stdout.splitlines()[-1])
    assert {**answer, "took_ms": 0} == {**told, "took_ms": 0}
    assert answer["suggestions"][0]["reasons"]
    assert answer["route"][0]["code"] == "direct"


def test_match_of_a_lot_of_a_contract(site: FlaskClient) -> None:
    lot = found(site.post("/api/v1/match", json={"contract": "boamp-26-3", "lot": "2"}))
    assert lot["need"]["text"] == "tonte"
    refused(site.post("/api/v1/match", json={"contract": "boamp-26-3", "lot": "9"}), 404)


def test_suggestions_are_filtered_as_on_the_site(site: FlaskClient) -> None:
    sent = {"text": "nettoyage de bureaux", "place": "Lille"}
    everyone = found(site.post("/api/v1/match", json=sent))["suggestions"]
    for filters in ({"disponible": "oui"}, {"cotraitance": "oui"}, {"type": ["EITI"]}):
        kept = found(site.post("/api/v1/match", json={**sent, "filters": filters}))
        assert everyone
        assert kept["suggestions"] == []
    near = {**sent, "filters": {"distance": 100, "famille": ["insertion", "handicap", "ess"]}}
    assert found(site.post("/api/v1/match", json=near))["suggestions"] == everyone
    for bad in ({"type": ["X"]}, {"distance": 26}, {"disponible": "non"}, {"kinds": []}, "EI"):
        refused(site.post("/api/v1/match", json={**sent, "filters": bad}), 422)


def test_clauses_are_detected_with_their_place(site: FlaskClient) -> None:
    texts = [
        {"kind": "lot_title", "text": "Peinture", "lot": "1"},
        {"kind": "lot_title", "text": "Ménage, lot réservé aux EA et aux ESAT.", "lot": "2"},
        {"text": "Le titulaire réserve 200 heures à des personnes éloignées de l'emploi."},
    ]
    sent = {"texts": texts, "codes": [{"field": "BT-775", "value": "none"}]}
    answer = found(site.post("/api/v1/clauses/detect", json=sent))
    assert (answer["social"], answer["hours"]) == (True, 200)
    reserved, hours = sorted(answer["findings"], key=lambda each: each["text_index"])
    assert (reserved["type"], reserved["text_index"], reserved["lots"]) == (
        "reserved_handicap", 1, ["2"],
    )  # fmt: skip
    for each in (reserved, hours):
        text = texts[each["text_index"]]["text"]
        assert text[each["start"] : each["end"]] == each["evidence"]
    assert answer["contradictions"][0]["kind"] == "code_denies"


def test_numbers_are_checked_in_their_order(site: FlaskClient) -> None:
    numbers = [siae(3)["siret"], "356 000 000 00048", "12"]
    answer = found(site.post("/api/v1/check", json={"numbers": numbers}))
    verdicts = [item["verdict"] for item in answer["items"]]
    assert verdicts == ["inclusive", "inconnue", "invalide"]
    assert answer["counts"] == {"inclusive": 1, "inconnue": 1, "invalide": 1}
    assert answer["items"][0]["url"].endswith(f"/structures/{numbers[0]}")


NOT_READ = (
    (b"{", "application/json", 400),
    (b"[" * 10_000, "application/json", 400),
    (b'{"text": "vitres"}', "text/plain", 415),
    (b'{"text": "' + b"a" * 1_000_000 + b'"}', "application/json", 413),
    (b'{"text": "' + b"a" * 7_000_000 + b'"}', "application/json", 413),
    (b'{"text": 3}', "application/json", 422),
)


def test_a_body_that_cannot_be_read_is_refused(site: FlaskClient) -> None:
    for path in ("match", "clauses/detect", "check"):
        for body, content_type, status in NOT_READ:
            sent = site.post(f"/api/v1/{path}", data=body, content_type=content_type)
            refused(sent, status)


def test_problems_answer_where_there_is_no_address(site: FlaskClient) -> None:
    refused(get(site, "/rien"), 404)
    assert refused(site.delete("/api/v1/structures"), 405)["title"] == "Action non acceptée"
    refused(get(site, "/structures?q=%00"), 400)


def test_limits_are_told_before_they_are_reached(site: FlaskClient) -> None:
    limiter.reset()
    first = site.post("/api/v1/check", json={"numbers": ["1"]})
    assert first.headers["RateLimit-Policy"] == '"adresse";q=30;w=60'
    assert first.headers["RateLimit"].startswith('"adresse";r=29;t=')
    for _ in range(29):
        site.post("/api/v1/check", json={"numbers": ["1"]})
    last = site.post("/api/v1/check", json={"numbers": ["1"]})
    assert refused(last, 429)["detail"] == TOO_MANY
    assert 1 <= int(last.headers["Retry-After"]) <= 61
