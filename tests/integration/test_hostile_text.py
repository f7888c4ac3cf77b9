"""Characters that a database may refuse (NUL, halves of a surrogate pair), from files and pages."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from tests.factories.commands import Run, issues_of, last_json
from tests.factories.files import siae

FIXTURES = Path(__file__).parents[1] / "fixtures"
SPOILT = ("\0", "\ud800", "a\0\udfffb")
COSTLY = "\udfff"  # the second half of a pair alone: parsers refuse the object, or the file


def spoil(value: Any, what: str, keep: Callable[[str], bool]) -> Any:
    """The JSON with something added to each of its texts, keys of objects apart."""
    if isinstance(value, dict):
        new = {k: v if keep(k) else spoil(v, what, keep) for k, v in value.items()}
        return new | {f"nouveau{what}": what}
    if isinstance(value, list):
        return [spoil(item, what, keep) for item in value]
    return f"{value}{what}" if isinstance(value, str) else value


IDENTIFYING = {
    "siret", "type", "reseaux_porteurs", "numFinessEge", "numFinessPm", "siren", "idweb",
    "categorieentiteGeographiqueExercice", "etatObjet", "cogCommune", "codePostal", "usageAdresse",
    "code_postal", "departement", "donnees", "dateparution", "nature", "code_departement",
    "id", "dateNotification", "dateSignature",
}  # fmt: skip


@pytest.mark.parametrize("what", SPOILT, ids=ascii)
@pytest.mark.parametrize(
    ("source", "fixture"),
    [
        ("siae", "siae/api_v1_siaes.json"),
        ("siae", "siae/data_inclusion_v1.json"),
        ("esat", "finess/structures.json"),
        ("boamp", "boamp/mapa.json"),
        ("boamp", "boamp/eforms.json"),
        ("decp", "decp/marches_2022.json"),
    ],
)
def test_a_text_that_no_database_takes_costs_its_character_alone(
    run: Run, tmp_path: Path, source: str, fixture: str, what: str
) -> None:
    whole = json.loads((FIXTURES / fixture).read_text(encoding="utf-8"))
    path = tmp_path / "file.json"
    path.write_text(json.dumps(spoil(whole, what, IDENTIFYING.__contains__)), encoding="ascii")
    result = run("import", source, path, "--json")
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    if "\ud800" not in what and COSTLY not in what:
        assert last_json(result)["accepted"]
    said = json.dumps(issues_of(result))
    assert "\\u0000" not in said
    assert "\\ud" not in said


def test_a_new_column_with_a_nul_in_its_name_is_said(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "siae.csv"
    row = siae(1) | {"nou\0velle": ""}
    path.write_text(",".join(row) + "\n" + ",".join(row.values()) + "\n", encoding="utf-8")
    result = run("import", "siae", path, "--json")
    assert last_json(result)["accepted"] == 1
    assert [issue["code"] for issue in issues_of(result)] == ["colonne_nouvelle"]


@pytest.mark.parametrize("text", ["%00", "a%00b", "%ED%A0%80", "%FF%FE", quote("\U0010ffff")])
@pytest.mark.parametrize(
    "path",
    [
        "/structures/{}",
        "/marches/{}",
        "/marches/{}/lots/{}",
        "/structures?q={}",
        "/structures?lieu={}",
        "/structures?type={}",
        "/marches?q={}",
        "/marches?acheteur={}",
        "/besoins/nouveau?quoi={}&lieu=Lille",
        "/sources/{}",
    ],
)
def test_a_page_asked_with_such_a_text_answers(
    run: Run, client: FlaskClient, path: str, text: str
) -> None:
    assert client.get(path.replace("{}", text)).status_code in (200, 400, 404)
