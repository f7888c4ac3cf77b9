"""Where shown values come from, where sources contradict one another, and what changed when."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from annuaire.db import writing
from annuaire.errors import InvalidInputError
from annuaire.structures.models import Structure
from tests.factories.commands import Run, last_json
from tests.factories.files import LYON, siae, write_csv
from tests.integration.conftest import StartFrom
from tests.integration.test_import_directories import ea

KEY = siae(1)["siret"]
SIGNED = ("--by", "Une modératrice", "--why", "essai")


def fill(run: Run, folder: Path) -> None:
    """Two structures of the SIAE directory; the first is in a list of EA too, under another name
    and with the same address in other letters."""
    path = write_csv(folder / "siae.csv", [siae(1, address="1 RUE DES  ESSAIS"), siae(2)])
    run("import", "siae", path)
    run("import", "ea", ea(folder / "ea.csv", KEY))


@pytest.fixture
def two_sources(run: Run, start_from: StartFrom) -> Path:
    """The file of such a site of the test's own."""
    return start_from(fill) / "siae.csv"


def fields(run: Run, key: str = KEY) -> dict[str, dict[str, Any]]:
    return {line["field"]: line for line in last_json(run("structure", key, "--json"))["fields"]}


def known_for_long(session: Session) -> None:
    """Make all structures ones that were first read in another year."""
    with writing(session):
        session.execute(update(Structure).values(created_at=datetime(2024, 1, 2, tzinfo=UTC)))


def history(run: Run) -> list[tuple[str, str | None, str | None, str | None, int | None]]:
    rows = last_json(run("structure", KEY, "--json"))["history"]
    return [(r["field"], r["old"], r["new"], r["source"], r["run"]) for r in reversed(rows)]


def test_every_field_says_its_source_its_reading_and_what_others_say(
    run: Run, two_sources: Path
) -> None:
    found = fields(run)
    assert found["address"]["value"] == "1 rue des Essais"
    assert (found["address"]["source"], found["address"]["run"]) == ("ea", 2)
    assert found["address"]["conflicts"] == []
    assert found["name"]["conflicts"] == [{"source": "siae", "value": "PROPRETE D'ESSAI 1"}]
    assert found["naf"]["source"] == "siae"
    assert found["naf"]["said_at"]
    assert "selon siae : PROPRETE D'ESSAI 1" in run("structure", KEY).stdout


def test_corrected_field_says_its_decision_and_hidden_one_is_left_out(
    run: Run, two_sources: Path
) -> None:
    run("edit", KEY, "name=Nom juste", *SIGNED)
    run("hide", KEY, "address", *SIGNED)
    found = fields(run)
    assert (found["name"]["source"], found["name"]["decision"]) == ("structure", 1)
    assert "address" not in found
    assert "Nom juste (structure, décision 1)" in run("structure", KEY).stdout


def test_conflicts_are_counted_by_field_and_pair_of_sources(run: Run, two_sources: Path) -> None:
    found = last_json(run("conflicts", "--json"))
    assert found["counts"] == [{"field": "name", "sources": ["ea", "siae"], "count": 1}]
    (conflict,) = found["conflicts"]
    assert conflict["said"] == {"ea": "EA D'ESSAI", "siae": "PROPRETE D'ESSAI 1"}
    assert "nom : ea / siae" in run("conflicts").stdout


@pytest.mark.parametrize(
    ("options", "total"),
    [
        (("--field", "name"), 1),
        (("--field", "postcode"), 0),
        (("--source", "siae"), 1),
        (("--source", "esat"), 0),
        (("--page", "2"), 1),
    ],
)
def test_conflicts_are_filtered_and_paged(
    run: Run, two_sources: Path, options: tuple[str, ...], total: int
) -> None:
    found = last_json(run("conflicts", *options, "--json"))
    assert found["total"] == total
    assert len(found["conflicts"]) == (0 if "--page" in options else total)


def test_conflict_is_settled_by_an_edit_and_gone_with_its_source(
    run: Run, two_sources: Path, tmp_path: Path
) -> None:
    run("edit", KEY, "name=Nom juste", *SIGNED)
    assert last_json(run("conflicts", "--json"))["total"] == 0
    run("decisions", "undo", 1, *SIGNED)
    run("import", "ea", ea(tmp_path / "less.csv", siae(2)["siret"]), "--accept-removals")
    names = {c["key"] for c in last_json(run("conflicts", "--json"))["conflicts"]}
    assert names == {siae(2)["siret"]}


def test_places_far_apart_are_a_conflict_and_other_fields_are_told(
    run: Run, two_sources: Path
) -> None:
    write_csv(two_sources, [siae(1, **LYON), siae(2)])
    run("import", "siae", two_sources)
    counts = {c["field"] for c in last_json(run("conflicts", "--json"))["counts"]}
    assert counts == {"name", "postcode", "city"}  # the list of EA has the commune's centre only


def test_conflicts_refuse_a_field_that_is_not_compared(run: Run) -> None:
    assert isinstance(run("conflicts", "--field", "siret").exception, InvalidInputError)


def test_first_reading_has_no_history(run: Run, two_sources: Path) -> None:
    write_csv(two_sources, [siae(1, naf="9601A"), siae(2)])
    run("import", "siae", two_sources)
    assert history(run) == []


def test_history_keeps_old_and_new_value_with_source_and_reading(
    run: Run, two_sources: Path, session: Session, tmp_path: Path
) -> None:
    known_for_long(session)
    write_csv(two_sources, [siae(1, naf="9601A", website="https://essai.fr"), siae(2)])
    run("import", "siae", two_sources)
    run("import", "ea", ea(tmp_path / "less.csv", siae(2)["siret"]), "--accept-removals")
    assert history(run) == [
        ("naf", "8121Z", "9601A", "siae", 3),
        ("name", "EA D'ESSAI", "PROPRETE D'ESSAI 1", "siae", 3),
        ("status", "EA", None, "ea", 4),
    ]
    assert "statut : EA → (rien), selon ea" in run("structure", KEY).stdout


def test_history_keeps_the_end_and_the_return(run: Run, session: Session, tmp_path: Path) -> None:
    whole = write_csv(tmp_path / "siae.csv", [siae(1), siae(2)])
    run("import", "siae", whole)
    known_for_long(session)
    run("import", "siae", write_csv(tmp_path / "less.csv", [siae(2)]), "--accept-removals")
    run("import", "siae", whole)
    rows = [
        (field, old is None, new is None, run_id) for field, old, new, _, run_id in history(run)
    ]
    assert rows == [
        ("ended_on", True, False, 2),
        ("ended_on", False, True, 3),
        ("status", True, False, 3),
    ]


def test_history_ignores_other_letters_and_what_was_hidden(
    run: Run, session: Session, tmp_path: Path
) -> None:
    path = write_csv(tmp_path / "siae.csv", [siae(1, website="https://essai.fr")])
    run("import", "siae", path)
    known_for_long(session)
    run("hide", KEY, "website", *SIGNED)
    changed = siae(1, name="Propreté d’essai 1", website="http://www.autre.fr/")
    run("import", "siae", write_csv(path, [changed]))
    run("decisions", "undo", 1, *SIGNED)
    assert history(run) == []
