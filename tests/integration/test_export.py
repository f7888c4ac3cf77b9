"""The export: whole, described, put in place at once, served, fit for catalogues."""

import csv
import gzip
import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from pyarrow import parquet
from sqlalchemy.orm import Session

from annuaire.api.export.catalogue import LICENCE
from annuaire.api.export.service import Setting, current, export
from annuaire.config import Settings
from importers.locking import alone
from tests.factories.commands import Run, last_json
from tests.factories.files import awards, notice, siae, write_csv

CLAUSE = (
    "Entretien des espaces verts, marché réservé aux structures d'insertion par l'activité "
    "économique (article L. 2113-13 du code de la commande publique)"
)


def fill(run: Run, folder: Path) -> None:
    rows = [siae(n) for n in range(1, 8)]
    run("import", "siae", write_csv(folder / "1.csv", rows))
    run("import", "siae", write_csv(folder / "2.csv", rows[:-1]), "--accept-removals")
    run("withdraw", rows[0]["siret"], "--by", "Ada", "--why", "à sa demande")
    won = awards(("Lot 1 : vitres", "PROPRETE D'ESSAI 2", 9000.0), ("Lot 2 : tonte", "X", None))
    notices = [notice(1, objet=CLAUSE), notice(3, nature="attribution", attributions_json=won)]
    run("import", "boamp", write_csv(folder / "boamp.csv", notices))


def lines(path: Path) -> list[Any]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def test_the_export_is_whole_described_and_served(
    run: Run, client: FlaskClient, settings: Settings, tmp_path: Path
) -> None:
    assert client.get("/donnees/export/manifest.json").status_code == 404
    assert client.get("/donnees/catalogue.jsonld").get_json(force=True)["dcat:dataset"] == []
    fill(run, tmp_path)
    told = last_json(run("export", "--json"))
    assert told["counts"] == {"structures": 5, "contracts": 2}  # not those that ended, or left
    folder = current(settings.export_dir)
    assert folder is not None
    for file in told["files"]:
        data = (folder / file["name"]).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (file["bytes"], file["sha256"])
        served = client.get(f"/donnees/export/{file['name']}", buffered=True)
        assert (served.status_code, served.data) == (200, data)
    sums = dict(line.split()[::-1] for line in (folder / "SHA256SUMS").read_text().splitlines())
    for name, digest in sums.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    for about, name in (("structures", "structures"), ("contracts", "marches")):
        schema = json.loads((folder / f"{name}.schema.json").read_bytes())
        Draft202012Validator.check_schema(schema)
        found = lines(folder / f"{name}.jsonl.gz")
        assert len(found) == told["counts"][about]
        for values in found:
            Draft202012Validator(schema).validate(values)
            assert set(values) == set(schema["properties"])
        with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            assert len(list(csv.DictReader(file, delimiter=";"))) == len(found)
        with gzip.open(folder / f"{name}.geojson.gz") as packed:
            assert len(json.load(packed)["features"]) == len(found)
        assert len(found) == parquet.read_table(folder / f"{name}.parquet").num_rows
    table = parquet.read_table(folder / "structures.parquet").to_pylist()
    assert {row["siret"] for row in table} == {
        each["siret"] for each in lines(folder / "structures.jsonl.gz")
    }
    assert isinstance(table[0]["latitude"], float)
    assert isinstance(table[0]["modifiee_le"], date)
    (won,) = (c for c in lines(folder / "marches.jsonl.gz") if c["reference"] == "boamp-26-3")
    assert won["lots"][0]["awards"][0]["structure_url"].endswith(siae(2)["siret"])
    page = client.get("/donnees").text
    assert "structures.jsonl.gz" in page
    assert "5 structures" in page
    for other in ("nulle.csv", "../../annuaire.db", "%2e%2e/annuaire.db"):
        assert client.get(f"/donnees/export/{other}").status_code == 404


def test_a_copy_goes_on_from_the_export(run: Run, client: FlaskClient, tmp_path: Path) -> None:
    run("import", "siae", write_csv(tmp_path / "1.csv", [siae(1)]))
    told = last_json(run("export", "--json"))
    run("import", "siae", write_csv(tmp_path / "2.csv", [siae(1), siae(2)]))
    after = client.get(f"/api/v1/changes/structures?updated_since={told['until']}").json
    assert siae(2)["siret"] in {item["key"] for item in after["items"]}


@pytest.mark.database("sqlite")
def test_the_description_is_what_catalogues_of_open_data_ask(
    run: Run, client: FlaskClient, tmp_path: Path
) -> None:
    run("import", "siae", write_csv(tmp_path / "1.csv", [siae(1)]))
    run("export")
    answer = client.get("/donnees/catalogue.jsonld")
    assert answer.mimetype == "application/ld+json"
    told = answer.get_json(force=True)
    prefixes = set(told["@context"])
    _prefixed(told, prefixes)
    assert told["@type"] == "dcat:Catalog"
    # What DCAT-AP 3 makes mandatory, of the catalogue, of a data set, of a distribution.
    for one in (told, *told["dcat:dataset"]):
        assert {"dct:title", "dct:description"} <= set(one)
    assert "dct:publisher" in told
    names = set()
    for dataset in told["dcat:dataset"]:
        for distribution in dataset["dcat:distribution"]:
            assert distribution["dct:license"]["@id"].endswith(LICENCE)
            address = distribution["dcat:downloadURL"]["@id"].partition("8000")[2]
            assert client.get(address, buffered=True).status_code == 200
            names.add(address.rpartition("/")[2])
    assert len(names) == 10


def _prefixed(value: Any, prefixes: set[str]) -> None:
    """Every name is in a vocabulary that the context declares."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            assert key.startswith("@") or key.partition(":")[0] in prefixes, key
            if key != "@context":
                _prefixed(inner, prefixes)
    elif isinstance(value, list):
        for inner in value:
            _prefixed(inner, prefixes)


@pytest.mark.database("sqlite")
def test_an_export_that_fails_leaves_the_one_of_before(
    run: Run, session: Session, tmp_path: Path
) -> None:
    run("import", "siae", write_csv(tmp_path / "1.csv", [siae(1)]))
    folder, setting = tmp_path / "export", Setting(datetime.now(UTC), {}, "https://exemple.fr")
    export(session, folder, setting)
    before = current(folder)

    def stop(written: Any) -> None:
        raise OSError(28, "plus de place", written.kind.name)

    with pytest.raises(OSError, match="plus de place"):
        export(session, folder, setting, stop)
    assert current(folder) == before
    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []
    (folder / ".draft-killed").mkdir()
    for _ in range(2):
        export(session, folder, setting)
    assert current(folder) != before
    assert len(list(folder.iterdir())) == 3  # the link, the newest, the one of before


@pytest.mark.database("sqlite")
def test_one_export_at_a_time_as_each_sweeps_what_others_left(
    run: Run, settings: Settings, tmp_path: Path
) -> None:
    with alone(settings.data_dir / "export.lock", ""):
        printed = run("export", tmp_path / "export")
    assert "Un autre export est en cours" in str(printed.exception)
    assert run("export", tmp_path / "export").exit_code == 0


@pytest.mark.database("sqlite")
def test_a_folder_of_something_else_is_left_alone(run: Run, tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "important.txt").write_text("à garder")
    printed = run("export", tmp_path / "notes")
    assert "autre chose" in str(printed.exception)
    assert [path.name for path in (tmp_path / "notes").iterdir()] == ["important.txt"]
