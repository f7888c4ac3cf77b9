"""The widget: in frames of any site, without script, in colours that can be read."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from annuaire.api.widget import LEAST_CONTRAST, THEMES, contrast, read_look
from annuaire.extensions import limiter
from tests.factories.commands import Run
from tests.factories.files import notice, siae, write_csv

pytestmark = pytest.mark.database("sqlite")  # it asks what other pages ask

CLAUSE = (
    "Nettoyage de bureaux, marché réservé aux structures d'insertion par l'activité "
    "économique (article L. 2113-13 du code de la commande publique)"
)


@pytest.fixture
def site(run: Run, client: FlaskClient, tmp_path: Path) -> FlaskClient:
    rows = [siae(1), siae(2), siae(3, name="PROPRETE <i>&</i> 3")]
    run("import", "siae", write_csv(tmp_path / "siae.csv", rows))
    run("import", "boamp", write_csv(tmp_path / "b.csv", [notice(1, objet=CLAUSE), notice(2)]))
    limiter.reset()
    return client


SHOWN = (
    ("structures?marche=boamp-26-1&lot=1", "PROPRETE D&#39;ESSAI"),
    ("structures?texte=nettoyage+de+bureaux&lieu=Lille&montant=25000&nombre=1", "km)"),
    ("clauses?marche=boamp-26-1", "Réservé à l&#39;insertion"),
    ("clauses?marche=boamp-26-1&lot=1&fond=sombre&couleur=6fd0bf", "Ce lot comporte une clause"),
    ("clauses?marche=boamp-26-2", "Aucune clause repérée"),
)


def test_frames_show_without_script_on_any_site(site: FlaskClient) -> None:
    for path, text in SHOWN:
        answer = site.get(f"/widget/{path}")
        assert answer.status_code == 200, answer.text
        assert text in answer.text
        assert "<script" not in answer.text
        assert " style=" not in answer.text
        assert "X-Frame-Options" not in answer.headers
        policy = answer.headers["Content-Security-Policy"]
        assert "frame-ancestors *" in policy
        assert "default-src 'none'" in policy
        assert "Set-Cookie" not in answer.headers
        assert "public" in answer.headers["Cache-Control"]
        again = site.get(f"/widget/{path}", headers={"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304
    assert answer.text.count("<li>") == 0
    one = site.get("/widget/structures?texte=nettoyage&nombre=1").text
    assert one.count("<li>") == 1
    assert "Activité : Nettoyage de locaux et de bureaux" in one  # the trade, not the distance
    assert "&lt;i&gt;&amp;" in site.get("/widget/structures?texte=nettoyage").text
    assert site.get("/structures").headers["X-Frame-Options"] == "DENY"


REFUSED = (
    ("structures", 400), ("structures?texte=x", 400), ("structures?texte=vitres&nombre=99", 400),
    ("structures?texte=vitres&lieu=Nulleparville", 400), ("structures?marche=rien-1", 404),
    ("structures?texte=vitres&montant=beaucoup", 400), ("clauses", 400),
    ("clauses?marche=boamp-26-1&lot=9", 404), ("clauses?marche=boamp-26-1&fond=rose", 400),
    ("clauses?marche=boamp-26-1&couleur=fff", 400),
    ("clauses?marche=boamp-26-1&couleur=ffffff", 400),
    ("clauses?marche=boamp-26-1&couleur=0b6356%7Dbody%7B", 400),
)  # fmt: skip


def test_what_cannot_be_framed_says_so_in_the_frame(site: FlaskClient) -> None:
    for path, status in REFUSED:
        answer = site.get(f"/widget/{path}")
        assert answer.status_code == status, path
        assert "Ce cadre ne peut pas être affiché" in answer.text
        assert "X-Frame-Options" not in answer.headers


def test_colours_are_their_own_sheet_and_can_be_read(site: FlaskClient) -> None:
    sheet = site.get("/widget/couleurs.css?couleur=123456&fond=clair")
    assert (sheet.mimetype, "--accent:#123456;" in sheet.text) == ("text/css", True)
    hostile = site.get("/widget/couleurs.css?couleur=}body{background:url(//x)}")
    assert "url" not in hostile.text
    for theme in THEMES:
        look = read_look({"fond": theme})
        for colour in (look.accent, *THEMES[theme][1:3]):
            assert contrast(colour, THEMES[theme][0]) >= LEAST_CONTRAST
    assert round(contrast("000000", "ffffff"), 2) == 21


def test_the_snippet_is_explained(site: FlaskClient) -> None:
    page = site.get("/widget").text
    assert "&lt;iframe src=" in page
    assert 'href="/widget"' in site.get("/donnees").text
