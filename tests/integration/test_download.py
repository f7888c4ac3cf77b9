"""`annuaire import SOURCE --download`, against servers that play the publishers."""

import csv
import gzip
import hashlib
import io
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from annuaire.bench.files import invented_siret
from annuaire.bench.finess import write_plus
from annuaire.config import Settings
from annuaire.runs import ImportRun
from annuaire.structures.models import SourceRecord
from importers.locking import alone
from importers.sources.boamp.download import BASE as BOAMP
from importers.sources.esus.download import PAGE as ESUS
from importers.sources.siae.download import ADDRESS as EMPLOIS
from tests.factories.commands import Run, last_json
from tests.factories.publisher import (
    Asked,
    Publisher,
    Reply,
    file_reply,
    html_reply,
    json_reply,
    lead_commands,
    publishing,
    redirect,
)

FINESS = "https://www.data.gouv.fr/api/1/datasets/finess-structures-1/"
HOSTS = (
    "www.data.gouv.fr", "static.data.gouv.fr", "emplois.inclusion.beta.gouv.fr",
    "www.tresor.economie.gouv.fr", "boamp-datadila.opendatasoft.com",
)  # fmt: skip
FIXTURES = Path(__file__).parents[1] / "fixtures"


@pytest.fixture
def publisher(monkeypatch: pytest.MonkeyPatch) -> Iterator[Publisher]:
    with publishing(*HOSTS) as publisher:
        lead_commands(publisher, monkeypatch)
        yield publisher


def finess(publisher: Publisher, body: bytes, day: str = "20261127", **changes: Any) -> str:
    """FINESS publishes a file; gives its address."""
    title = f"finess-structures-journalier-{day}.json.gz"
    url = f"https://static.data.gouv.fr/resources/{day}/{title}"
    sha1 = hashlib.sha1(body, usedforsecurity=False).hexdigest()
    resource = {
        "title": title,
        "url": url,
        "filesize": len(body),
        "checksum": {"type": "sha1", "value": sha1},
    }
    publisher.on(FINESS, json_reply({"resources": [resource | changes]}))
    publisher.on(url, file_reply(body))
    return url


@pytest.fixture(scope="module")
def plus(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A FINESS+ file of invented establishments, some of them ESAT and EA."""
    path = tmp_path_factory.mktemp("finess") / "finess.json.gz"
    write_plus(path, 3_000_000, seed=3)
    return path.read_bytes()


def living(session: Session, source: str) -> int:
    """How many records of a source live."""
    session.rollback()
    found = session.scalars(
        select(SourceRecord.id).where(
            SourceRecord.source == source, SourceRecord.ended_on.is_(None)
        )
    ).all()
    session.rollback()
    return len(found)


def test_finess_is_downloaded_once_for_esat_and_ea(
    run: Run, publisher: Publisher, session: Session, plus: bytes
) -> None:
    url = finess(publisher, plus)
    result = run("import", "esat", "--download", "--json")
    assert (result.exit_code, last_json(result)["created"] > 10) == (0, True)
    assert "FINESS du 27/11/2026." in result.stderr
    assert last_json(run("import", "ea_finess", "--download", "--json"))["read"] > 10
    assert publisher.paths().count(url.removeprefix("https://static.data.gouv.fr")) == 1
    assert living(session, "esat") > 10
    assert living(session, "ea_finess") > 0
    assert {asked.headers["User-Agent"] for asked in publisher.asked} == {
        "annuaire (+http://127.0.0.1:8000)"
    }


def test_an_unchanged_file_is_said_and_not_read_again(
    run: Run, publisher: Publisher, session: Session, plus: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    finess(publisher, plus)
    run("import", "esat", "--download")
    again = run("import", "esat", "--download", "--json")
    assert (again.exit_code, last_json(again)["read"]) == (0, 0)
    assert last_json(again)["notes"] == [
        "Fichier inchangé depuis la lecture 1, avec les mêmes règles : il n'est pas relu."
    ]
    assert len(session.scalars(select(ImportRun)).all()) == 1
    session.rollback()
    monkeypatch.setattr("annuaire.cli.downloading.rules_digest", lambda: "newer rules")
    assert last_json(run("import", "esat", "--download", "--json"))["unchanged"] > 10


@pytest.mark.parametrize("first", [["--limit", "500"], ["--dry-run"]])
def test_a_file_that_was_not_read_whole_is_read(
    run: Run, publisher: Publisher, plus: bytes, first: list[str]
) -> None:
    finess(publisher, plus)
    part = last_json(run("import", "esat", "--download", "--json", *first))
    whole = last_json(run("import", "esat", "--download", "--json"))
    assert whole["read"] >= part["read"]
    assert whole["created"] + whole["unchanged"] > 10


def test_a_new_file_replaces_the_old_one(
    run: Run, publisher: Publisher, settings: Settings, plus: bytes
) -> None:
    finess(publisher, plus, "20261126")
    run("import", "esat", "--download")
    finess(publisher, gzip.compress(gzip.decompress(plus)), "20261127")
    assert last_json(run("import", "esat", "--download", "--json"))["unchanged"] > 10
    (kept,) = (settings.data_dir / "downloads" / "finess").glob("*.json.gz")
    assert kept.name == "finess-structures-journalier-20261127.json.gz"


@pytest.mark.parametrize(
    ("changes", "answer", "said"),
    [
        ({"filesize": 12}, None, "12 au plus attendus"),
        ({"checksum": {"type": "sha1", "value": "ab" * 20}}, None, "empreinte sha1"),
        ({"url": "https://evil.example.org/x"}, None, "n'est pas de celles"),
        ({"url": "https://169.254.169.254/x"}, None, "n'est pas de celles"),
        ({}, redirect("https://evil.example.org/x"), "n'est pas de celles"),
        ({}, redirect("http://127.0.0.1/x"), "n'est pas de celles"),
        ({}, redirect("https://[::1]/x"), "n'est pas de celles"),
        ({}, redirect("https://10.0.0.1/x"), "n'est pas de celles"),
        ({}, html_reply("<html>Maintenance"), "une page web est venue"),
        ({}, Reply(404), "introuvable"),
        ({}, Reply(503), "après 5 essais"),
        ({}, Reply(429, headers={"Retry-After": "3600"}), "attendre 60 minutes"),
    ],
)
def test_a_download_that_fails_is_said_and_nothing_is_read(
    run: Run, publisher: Publisher, session: Session, plus: bytes,
    changes: dict[str, Any], answer: Reply | None, said: str,
) -> None:  # fmt: skip
    url = finess(publisher, plus, **changes)
    if answer:
        publisher.on(url, answer)
    result = run("import", "esat", "--download")
    assert said in str(result.exception)
    assert session.scalars(select(ImportRun)).all() == []


def test_two_downloads_of_one_source_do_not_meet(
    run: Run, publisher: Publisher, settings: Settings, plus: bytes
) -> None:
    finess(publisher, plus)
    with alone(settings.data_dir / "downloads" / "finess" / "lock", "occupé"):
        result = run("import", "ea_finess", "--download")
    assert "en cours de téléchargement" in str(result.exception)
    assert publisher.asked == []


SIAE: dict[str, Any] = json.loads((FIXTURES / "siae" / "api_v1_siaes.json").read_text())["results"][
    0
]


def emplois(publisher: Publisher, *, broken: str | None = None, fewer: bool = False) -> None:
    """Les emplois list two structures of the Moselle, one or none of Paris; `broken` fails."""

    def answer(asked: Asked) -> Reply:
        code = asked.query["departement"]
        if code == broken:
            return Reply(404)
        count = {"57": 2, "75": 0 if fewer else 1}.get(code, 0)
        items = [
            SIAE | {"id": f"{code}-{n}", "siret": invented_siret(int(code) * 10 + n)}
            for n in range(count)
        ]
        return json_reply({"count": count, "next": None, "previous": None, "results": items})

    publisher.answering(EMPLOIS, answer)


def test_siae_come_from_every_departement(run: Run, publisher: Publisher, session: Session) -> None:
    emplois(publisher)
    result = run("import", "siae", "--download", "--json")
    assert (result.exit_code, last_json(result)["created"]) == (0, 3)
    assert "Les 107 départements" in result.stderr
    assert living(session, "siae") == 3


def test_a_partial_download_ends_nothing_and_names_what_is_missing(
    run: Run, publisher: Publisher, session: Session
) -> None:
    emplois(publisher)
    run("import", "siae", "--download")
    emplois(publisher, broken="75")
    result = run("import", "siae", "--download", "--accept-removals", "--json")
    assert (result.exit_code, last_json(result)["ended"]) == (1, 0)
    assert "il manque : département 75" in result.stderr
    assert "il manque département 75" in last_json(result)["notes"][0]
    assert living(session, "siae") == 3
    emplois(publisher, fewer=True)
    result = run("import", "siae", "--download", "--accept-removals", "--json")
    assert (result.exit_code, last_json(result)["ended"]) == (0, 1)
    assert living(session, "siae") == 2


def test_esus_come_by_the_link_of_the_page(run: Run, publisher: Publisher) -> None:
    table = io.StringIO()
    csv.writer(table).writerows(
        [["Raison sociale", "SIREN", "Date d'agrément"]]
        + [["SOCIETE D'ESSAI", invented_siret(n)[:9], "02/01/2026"] for n in (1, 2)]
    )
    link = "/Institutionnel/Niveau3/Pages/0a1b/files/2c3d"
    publisher.on(ESUS, html_reply(f'<a href="{link}">Liste nationale (xlsx)</a>'))
    publisher.on(
        f"https://www.tresor.economie.gouv.fr{link}", file_reply(table.getvalue().encode())
    )
    assert last_json(run("import", "esus", "--download", "--json"))["created"] == 2
    # what it shows depends on the other directories: it is read again
    assert last_json(run("import", "esus", "--download", "--json"))["read"] == 2


def test_boamp_goes_on_from_the_newest_notice(
    run: Run, publisher: Publisher, session: Session
) -> None:
    fixture = json.loads((FIXTURES / "boamp" / "mapa.json").read_text())
    record = fixture | {"donnees": json.dumps(fixture["donnees"])}

    def count(asked: Asked) -> Reply:
        return json_reply({"total_count": int("'2026-07-01'" in asked.query["where"])})

    publisher.answering(f"{BOAMP}/records", count)
    publisher.on(f"{BOAMP}/exports/jsonl", Reply(body=json.dumps(record).encode() + b"\n"))
    first = run("import", "boamp", "--download", "--since", "2026-06-29", "--json")
    assert (first.exit_code, last_json(first)["created"]) == (0, 1)
    publisher.asked.clear()
    again = run("import", "boamp", "--download", "--json")
    assert "Avis du BOAMP du 28/06/2026" in again.stderr
    assert "Fichier inchangé" in last_json(again)["notes"][0]


def test_days_without_a_notice_are_no_error(run: Run, publisher: Publisher) -> None:
    publisher.on(f"{BOAMP}/records", json_reply({"total_count": 0, "results": []}))
    result = run("import", "boamp", "--download", "--since", str(date.today()), "--json")  # noqa: DTZ011 - local day
    assert (result.exit_code, last_json(result)["failed"]) == (0, None)
    assert "Rien n'a paru" in last_json(result)["notes"][0]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["geiq", "--download"], "Fédération française des GEIQ"),
        (["ea", "--download"], "flux EA2"),
        (["esat"], "donnez un fichier au moins"),
        (["esat", "--download", "--since", "2026-01-01"], "se télécharge entière"),
        (["boamp", "--download", "--since", "2999-01-01"], "dans l'avenir"),
        (["esat", "--download", __file__], "va sans FICHIER"),
        (["boamp", "--since", "2026-01-01", __file__], "va avec --download"),
        (["siae", "--download", "--annexes", __file__], "--annexes va avec un seul fichier"),
    ],
)
def test_what_cannot_be_downloaded_is_said_before_anything(
    run: Run, publisher: Publisher, arguments: list[str], said: str
) -> None:
    result = run("import", *arguments)
    assert said in str(result.exception)
    assert publisher.asked == []
