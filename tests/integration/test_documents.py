"""« Analyser un document » on the site and on the command line: read, answered, forgotten."""

import io
import json
import re
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from werkzeug.test import TestResponse

from tests.factories import documents as made
from tests.factories.commands import Run, last_json
from tests.factories.pages import token_of

pytestmark = pytest.mark.database("sqlite")  # nothing of a document is in any database

PATH = "/marches/analyser"
PAGES = (
    ["Objet de la consultation : entretien des bâtiments communaux."],
    ["Lot n° 1 : Nettoyage des écoles", "Lot n° 2 : Tonte des pelouses <b>"],
    ["Le titulaire du lot n° 1 réserve 350 heures d'insertion."],
)
REGULATION = made.pdf(*PAGES)
TEXT = "\n".join(line for page in PAGES for line in page)
WITHOUT = "Fourniture de papier blanc, ramettes de 500 feuilles."


def token(client: FlaskClient) -> str:
    return token_of(client.get(PATH).text)


def send(
    client: FlaskClient, file: bytes | None = None, name: str = "rc.pdf", **values: Any
) -> TestResponse:
    data = {"csrf_token": token(client), **values}
    if file is not None:
        data["fichier"] = (io.BytesIO(file), name)
    return client.post(PATH, data=data, buffered=True)


def shown(answer: TestResponse) -> str:
    return unescape(answer.text).replace("\u00a0", " ").replace("\u202f", " ")


def sealed(answer: TestResponse) -> str:
    found = re.search(r'name="resultat" value="([^"]+)"', answer.text)
    assert found
    return found.group(1)


@pytest.mark.database("sqlite", "postgresql")  # it goes on to the suggestions
def test_a_file_gives_its_lots_its_clauses_and_a_way_to_the_structures(client: FlaskClient) -> None:
    answer = send(client, REGULATION, "<i>rc</i>.pdf", lieu="Lille", date="2026-05-04")
    page = shown(answer)
    assert answer.status_code == 200
    assert answer.cache_control.no_store
    assert '<meta name="robots" content="noindex">' in page
    assert "1 clause repérée, 2 lots" in page
    assert "PDF de 3 pages" in page
    assert "<i>rc" not in answer.text
    assert "entretien des bâtiments communaux" in page
    assert "Nettoyage de locaux" in page
    assert 'href="#passage-3">Page 3</a>, lot 1' in page
    assert "<mark>Le titulaire du lot n° 1 réserve 350 heures d'insertion.</mark>" in page
    assert "Tonte des pelouses &lt;b&gt;" in answer.text
    links = re.findall(r'href="(/besoins/nouveau\?[^"]+)"', page)
    assert links[0].startswith("/besoins/nouveau?quoi=entretien+des+b%C3%A2timents+communaux&lieu=")
    assert links[1] == (
        "/besoins/nouveau?quoi=Nettoyage+des+%C3%A9coles&lieu=Lille&date=2026-05-04"
    )
    followed = client.get(links[1])
    assert followed.status_code == 200
    assert "Nettoyage des écoles" in followed.text


def test_the_result_leaves_as_files_and_cannot_be_forged(client: FlaskClient) -> None:
    answer = send(client, texte=TEXT)
    assert 'href="/besoins/nouveau?quoi=Nettoyage+des+%C3%A9coles&modifier=1"' in shown(answer)
    values = {"csrf_token": token(client), "resultat": sealed(answer)}
    for ending in ("xlsx", "ods"):
        sent = client.post(f"{PATH}/export", data=values | {"format": ending}, buffered=True)
        book = CalamineWorkbook.from_filelike(io.BytesIO(sent.data))
        cover = book.get_sheet_by_name("Recherche").to_python()
        assert ["Document", "texte collé"] in [row[:2] for row in cover]
        heading, *rows = book.get_sheet_by_name("Lots et clauses").to_python()
        assert [row[0] for row in rows] == ["Lot", "Lot", "Clause"]
        clause = dict(zip(heading, rows[2], strict=True))
        assert clause["Heures"] == 350
        assert clause["Endroit"] == "ligne 4"
        assert clause["Phrase du document"] == PAGES[2][0]
    csv = client.post(f"{PATH}/export", data=values | {"format": "csv"}, buffered=True)
    assert csv.data.decode("utf-8-sig").count("\r\n") == 4
    other = client.post(f"{PATH}/export", data=values | {"format": "geojson"})
    assert other.status_code == 400
    forged = client.post(f"{PATH}/export", data=values | {"resultat": values["resultat"] + "x"})
    assert forged.status_code == 400
    assert "analysez le document à nouveau" in shown(forged)


def test_no_clause_says_what_was_read_and_proves_nothing(client: FlaskClient) -> None:
    page = shown(send(client, texte=WITHOUT))
    assert "<h1>Aucune clause repérée</h1>" in page
    assert f"texte de 1 ligne, {len(WITHOUT)} signes lus" in page
    assert "Cela ne prouve pas" in page
    assert "traité comme un seul ensemble" in page


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "nothing": ({}, "Collez un texte, ou choisissez un fichier."),
    "both": ({"file": REGULATION, "texte": "Lots"}, "pas les deux"),
    "images": ({"file": made.scanned_pdf("", "")}, "Ce PDF ne contient que des images"),
    "old word": (
        {"file": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le")},
        "Ancien format Word",
    ),
    "place": ({"file": REGULATION, "lieu": "Nulle part"}, "choisissez-le à nouveau"),
    "amount": ({"texte": "Lots", "montant": "beaucoup"}, "Montant illisible"),
    "date": ({"texte": "Lots", "date": "demain"}, "Date illisible"),
    "long text": ({"texte": "mot " * 130_000}, "dépasse 500 000 signes"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_read_is_said_beside_its_field_and_kept(
    client: FlaskClient, case: str
) -> None:
    values, message = WRONG[case]
    answer = send(client, **values)
    assert answer.status_code == 400
    assert message in shown(answer)
    assert 'id="erreurs"' in answer.text
    assert str(values.get("texte", ""))[:400].strip() in answer.text


def multipart(**parts: bytes) -> bytes:
    """A body as browsers send it; the client of the tests would leave a large one open."""
    named = {"fichier": b'; filename="rc.txt"'}
    heads = (
        b'--x\r\nContent-Disposition: form-data; name="%b"%b\r\n\r\n%b\r\n'
        % (name.encode(), named.get(name, b""), content)
        for name, content in parts.items()
    )
    return b"".join(heads) + b"--x--\r\n"


def test_a_file_too_heavy_is_refused_by_the_page(app: Flask, client: FlaskClient) -> None:
    app.extensions["annuaire.settings"] = replace(
        app.extensions["annuaire.settings"], document_max_mb=1
    )
    form = {"content_type": "multipart/form-data; boundary=x"}
    body = multipart(csrf_token=token(client).encode(), fichier=b"Lot n1 " * 200_000)
    heavy = client.post(PATH, input_stream=io.BytesIO(body), **form)
    assert heavy.status_code == 400
    assert "plus de 1 Mo" in shown(heavy)
    huge = client.post(PATH, input_stream=io.BytesIO(bytes(4 << 20)), **form)
    assert huge.status_code == 413
    assert "plus de 1 Mo" in shown(huge)
    others = client.post("/verifier", input_stream=io.BytesIO(bytes(7 << 20)), **form)
    assert others.status_code == 413


def test_many_documents_in_a_minute_are_refused(client: FlaskClient) -> None:
    values = {"csrf_token": token(client)}
    answers = [client.post(PATH, data=values) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [400] * 10 + [429]
    assert "Dix documents" in shown(answers[-1])


def test_privacy_and_the_pages_around_lead_here(client: FlaskClient) -> None:
    assert "Rien du document" in shown(client.get("/aide"))
    assert "ni le document, ni son texte, ni le résultat" in shown(client.get("/confidentialite"))
    for path in ("/", "/marches", "/besoins/nouveau", "/confidentialite", "/aide"):
        assert f'href="{PATH}"' in client.get(path).text
    assert "ni le fichier, ni le texte, ni le résultat" in shown(client.get(PATH))


def test_the_command_reads_documents_and_json_lines(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "rc.bin"
    path.write_bytes(REGULATION)
    found = last_json(run("clauses", "detect", path, "--json"))
    assert (found["kind"], found["unit"], found["units"]) == ("pdf", "page", 3)
    assert found["lots"][0]["title"] == "Nettoyage des écoles"
    assert [(f["type"], f["hours"], f["page"]) for f in found["findings"]] == [
        ("execution_insertion", 350.0, 3)
    ]
    told = run("clauses", "detect", path)
    assert "Lot 1 : Nettoyage des écoles" in told.output
    assert "page 3, lots 1, 350 heures" in told.output
    lines = tmp_path / "textes.jsonl"
    lines.write_text(f"{json.dumps({'id': 7, 'texte': TEXT})}\nnon\n", encoding="utf-8")
    done = run("clauses", "detect", lines, "--json")
    assert done.exit_code == 1
    path.write_bytes(made.scanned_pdf(""))
    refused = run("clauses", "detect", path)
    assert refused.exit_code != 0
    assert "que des images" in str(refused.exception)
