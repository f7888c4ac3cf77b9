"""A site to ask by its API, and what its answers are."""

from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories.commands import Run
from tests.factories.files import LYON, awards, notice, siae, write_csv

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
