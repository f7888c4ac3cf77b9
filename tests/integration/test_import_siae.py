"""`annuaire import siae`: what lands, what is refused, and what a second reading changes."""

import gzip
import json
from pathlib import Path

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from annuaire.errors import InvalidInputError
from annuaire.outbox import waiting
from annuaire.sql import plain
from annuaire.structures.models import Structure, StructureStatus
from tests.factories.commands import Run, issues_of, last_json
from tests.factories.files import LYON, notice, siae, write_csv


def test_import_stores_structures_and_fills_the_index(run: Run, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "siae.csv", [siae(1), siae(2, **LYON)])
    result = run("import", "siae", path, "--json")
    assert result.exit_code == 0
    counts = last_json(result)
    assert (counts["read"], counts["accepted"], counts["created"]) == (2, 2, 2)
    found = last_json(run("search", "propreté", "--near", "Lyon", "--json"))
    assert [hit["city"] for hit in found["hits"]] == ["Lyon"]


def test_a_second_reading_writes_nothing(run: Run, session: Session, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "siae.csv", [siae(1), siae(2)])
    run("import", "siae", path)
    before = [(s.id, s.updated_at) for s in session.scalars(select(Structure))]
    session.rollback()
    counts = last_json(run("import", "siae", path, "--json"))
    assert (counts["created"], counts["updated"], counts["unchanged"]) == (0, 0, 2)
    assert [(s.id, s.updated_at) for s in session.scalars(select(Structure))] == before
    assert waiting(session) == {}


def test_a_changed_row_updates_its_structure_alone(run: Run, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "siae.csv", [siae(1), siae(2)])
    run("import", "siae", path)
    write_csv(path, [siae(1), siae(2, name="BLANCHISSERIE D'ESSAI", naf="9601A")])
    counts = last_json(run("import", "siae", path, "--json"))
    assert (counts["updated"], counts["unchanged"]) == (1, 1)
    found = last_json(run("search", "blanchisserie", "--json"))
    assert found["hits"][0]["name"] == "BLANCHISSERIE D'ESSAI"


def test_two_kinds_on_one_siret_make_one_structure(
    run: Run, session: Session, tmp_path: Path
) -> None:
    path = write_csv(tmp_path / "siae.csv", [siae(1), siae(1, kind="ACI")])
    counts = last_json(run("import", "siae", path, "--json"))
    assert (counts["accepted"], counts["created"]) == (2, 1)
    kinds = session.scalars(
        select(StructureStatus.kind).order_by(plain(StructureStatus.kind))
    ).all()
    assert kinds == ["ACI", "EI"]


def test_a_bad_row_is_refused_with_its_place_and_the_rest_lands(run: Run, tmp_path: Path) -> None:
    rows = [siae(1), siae(2, siret="123"), siae(3, siret="0" * 14), siae(4)]
    result = run("import", "siae", write_csv(tmp_path / "siae.csv", rows), "--json")
    assert result.exit_code == 1
    assert (last_json(result)["accepted"], last_json(result)["refused"]) == (2, 2)
    refused = [(i["file"], i["row"], i["field"]) for i in issues_of(result) if i["refused"]]
    assert refused == [("siae.csv", 3, "siret"), ("siae.csv", 4, "siret")]


def test_a_siret_that_fails_its_checksum_is_kept_with_a_warning(run: Run, tmp_path: Path) -> None:
    good = siae(1)["siret"]
    bad = good[:-1] + str((int(good[-1]) + 1) % 10)
    result = run("import", "siae", write_csv(tmp_path / "siae.csv", [siae(1, siret=bad)]), "--json")
    assert last_json(result)["created"] == 1
    assert [i["refused"] for i in issues_of(result)] == [False]


def test_a_truncated_gzip_keeps_its_good_rows_and_says_so(run: Run, tmp_path: Path) -> None:
    whole = write_csv(tmp_path / "siae.csv", [siae(n) for n in range(1, 3000)]).read_bytes()
    path = tmp_path / "siae.csv.gz"
    packed = gzip.compress(whole)
    path.write_bytes(packed[: len(packed) // 2])
    result = run("import", "siae", path, "--json")
    found = last_json(result)
    assert result.exit_code == 1
    assert found["failed"]
    assert 0 < found["accepted"] < 2999


def test_a_file_of_another_format_stores_nothing(run: Run, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "siae.csv", [siae(1)])
    run("import", "siae", path)
    wrong = tmp_path / "image.csv"
    wrong.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40)
    result = run("import", "siae", wrong, "--json")
    assert result.exit_code == 2
    assert last_json(result)["failed"]
    assert last_json(run("search", "", "--json"))["total"] == 1


def test_what_vanishes_is_ended_not_deleted(run: Run, session: Session, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "siae.csv", [siae(n) for n in range(1, 12)])
    run("import", "siae", path)
    write_csv(path, [siae(n) for n in range(1, 11)])
    held = last_json(run("import", "siae", path, "--json"))
    assert held["ended"] == 0
    assert "--accept-removals" in held["notes"][0]
    ended = last_json(run("import", "siae", path, "--accept-removals", "--json"))
    assert ended["ended"] == 1
    assert last_json(run("search", "", "--json"))["total"] == 10
    assert len(session.scalars(select(Structure)).all()) == 11


def test_what_comes_back_lives_again(run: Run, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "siae.csv", [siae(1), siae(2)])
    run("import", "siae", path)
    run("import", "siae", write_csv(tmp_path / "less.csv", [siae(1)]), "--accept-removals")
    assert last_json(run("search", "", "--json"))["total"] == 1
    assert last_json(run("import", "siae", path, "--json"))["updated"] == 1
    assert last_json(run("search", "", "--json"))["total"] == 2


def test_a_dry_run_counts_and_writes_nothing(run: Run, session: Session, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "siae.csv", [siae(1), siae(2)])
    assert last_json(run("import", "siae", path, "--dry-run", "--json"))["created"] == 2
    for table in ("structure", "source_record", "import_run", "outbox_line"):
        assert session.scalar(text(f"SELECT count(*) FROM {table}")) == 0  # noqa: S608


def test_limit_reads_only_the_first_rows_and_ends_nothing(run: Run, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "siae.csv", [siae(n) for n in range(1, 6)])
    run("import", "siae", path)
    counts = last_json(run("import", "siae", path, "--limit", 2, "--accept-removals", "--json"))
    assert (counts["read"], counts["ended"]) == (2, 0)


def test_runs_show_what_was_read_and_refused(run: Run, tmp_path: Path) -> None:
    run("import", "siae", write_csv(tmp_path / "siae.csv", [siae(1), siae(2, siret="12")]))
    (newest,) = last_json(run("runs", "--json"))
    assert (newest["source"], newest["state"], newest["counts"]["refused"]) == ("siae", "done", 1)
    shown = run("runs", newest["id"])
    assert "ligne 3, siret" in shown.stdout


def test_the_real_directory_is_read_whole(run: Run, shared_data: Path) -> None:
    path = shared_data / "directories" / "siae_lemarche_fixture.csv"
    counts = last_json(run("import", "siae", path, "--json"))
    assert counts["read"] == 3853
    assert counts["accepted"] + counts["refused"] == 3853
    assert counts["refused"] <= 10
    assert last_json(run("search", "", "--json"))["total"] == counts["created"]


def test_a_file_without_a_row_ends_nothing_even_when_removals_are_accepted(
    run: Run, tmp_path: Path
) -> None:
    path = write_csv(tmp_path / "siae.csv", [siae(1), siae(2)])
    run("import", "siae", path)
    header = path.read_text(encoding="utf-8").splitlines()[0]
    path.write_text(f"{header}\n", encoding="utf-8")
    counts = last_json(run("import", "siae", path, "--accept-removals", "--json"))
    assert counts["ended"] == 0
    assert "2 fiches sont conservées" in counts["notes"][0]


def test_a_file_among_several_ends_nothing_and_says_so(run: Run, tmp_path: Path) -> None:
    rows = [siae(n) for n in range(1, 5)]
    run("import", "siae", write_csv(tmp_path / "whole.csv", rows))
    parts = [write_csv(tmp_path / "a.csv", rows[:3]), write_csv(tmp_path / "b.csv", rows[1:])]
    result = run("import", "siae", *parts, "--json")
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert [summary["ended"] for summary in found] == [0, 0]
    assert all("plusieurs fichiers ont été donnés" in summary["notes"][0] for summary in found)
    assert last_json(run("search", "", "--json"))["total"] == 4


def test_removals_are_refused_with_several_files(run: Run, tmp_path: Path) -> None:
    files = [write_csv(tmp_path / f"{n}.csv", [siae(n)]) for n in (1, 2)]
    refused = run("import", "siae", *files, "--accept-removals")
    assert isinstance(refused.exception, InvalidInputError)
    assert "un seul fichier" in refused.exception.message
    assert last_json(run("search", "", "--json"))["total"] == 0


def test_publications_in_several_files_are_read_as_ever(run: Run, tmp_path: Path) -> None:
    files = [write_csv(tmp_path / f"{n}.csv", [notice(n)]) for n in (1, 2)]
    assert run("import", "boamp", *files, "--accept-removals").exit_code == 0
    assert last_json(run("search", "", "--contracts", "--json"))["total"] == 2
