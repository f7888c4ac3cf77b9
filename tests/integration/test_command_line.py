"""`annuaire` as a process sees it: exit codes, and sentences in French instead of traces."""

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from annuaire.cli import main
from annuaire.config import Settings
from tests.factories.commands import Run, last_json
from tests.factories.files import siae, write_csv

Annuaire = Callable[..., tuple[int | str | None, str]]


@pytest.fixture
def annuaire(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Annuaire:
    """Run the console script: its exit code, and what it says on standard error."""

    def command(*arguments: object) -> tuple[int | str | None, str]:
        monkeypatch.setattr("sys.argv", ["annuaire", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        return ended.value.code, capfd.readouterr().err

    return command


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([siae(1), siae(2)], 0),
        ([siae(1), siae(2, siret="123")], 1),
        ([siae(1, siret="123"), siae(2, siret="0" * 14)], 2),
    ],
    ids=["all done", "some refused", "nothing done"],
)
def test_import_ends_with_the_code_of_its_outcome(
    run: Run, annuaire: Annuaire, tmp_path: Path, rows: list[dict[str, str]], expected: int
) -> None:
    assert annuaire("import", "siae", write_csv(tmp_path / "siae.csv", rows))[0] == expected


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["import", "ouï", "x.csv"], "valeurs possibles : boamp"),
        (["import", "siae"], "Il manque l'argument FILES"),
        (["import", "siae", "absent.csv"], "« absent.csv » n'existe pas"),
        (["import", "siae", "."], "est un dossier"),
        (["import", "siae", "absent.csv", "--limit", "0"], "entier de 1 à 1000000000"),
        (["runs", "abc"], "un nombre entier"),
        (["match", "--text", "x", "--date", "2024-13-01"], "année-mois-jour"),
        (["match", "--text", "x", "--amount", "cher"], "un nombre est attendu"),
        (["match", "--text"], "L'option « --text » est mal employée"),
        (["serve", "--port", "70000"], "de 1 à 65535"),
        (["serve", "--prot", "1"], "L'option « --prot » n'existe pas"),
        (["servir"], "La commande « servir » n'existe pas"),
    ],
)
def test_a_mistyped_command_is_told_in_french_what_is_expected(
    annuaire: Annuaire, arguments: list[str], said: str
) -> None:
    code, message = annuaire(*arguments)
    assert code == 2
    assert said in message
    assert message.startswith("Erreur : ")


def test_a_pipe_is_refused_and_not_waited_for(run: Run, annuaire: Annuaire, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "tube")
    code, message = annuaire("import", "siae", tmp_path / "tube")
    assert (code, "pas un fichier ordinaire" in message) == (2, True)


def test_a_data_folder_that_cannot_be_made_is_named(
    annuaire: Annuaire, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "fichier"
    file.touch()
    monkeypatch.setenv("ANNUAIRE_DATA_DIR", str(file / "dossier"))
    code, message = annuaire("init")
    assert (code, "ne peut pas être lu ou écrit" in message) == (2, True)
    assert str(file) in message


@pytest.mark.parametrize("url", ["sqlite:////nulle/part/x.db", "pas une adresse"])
def test_a_database_that_cannot_be_opened_is_said_without_a_trace(
    run: Run, annuaire: Annuaire, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("ANNUAIRE_DATABASE_URL", url)
    code, message = annuaire("search", "nettoyage")
    assert (code, "La base de données ne peut pas être lue" in message) == (2, True)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql+pilote_absent://hote/base", "sorte de base inconnue"),
        ("postgresql://hote/base", "module Python « psycopg »"),
        ("autre://hote/base", "sorte de base inconnue"),
    ],
)
def test_a_database_without_its_driver_is_said_without_a_trace(
    annuaire: Annuaire, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, url: str, said: str
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)  # as where it is not installed
    monkeypatch.setenv("ANNUAIRE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("ANNUAIRE_DATABASE_URL", url)
    code, message = annuaire("init")
    assert code == 2
    assert message.startswith("Erreur : ANNUAIRE_DATABASE_URL")
    assert said in message


def test_a_database_that_is_another_file_is_said_without_a_trace(
    annuaire: Annuaire, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "annuaire.db").write_text("ceci n'est pas une base de données\n" * 50)
    monkeypatch.setenv("ANNUAIRE_DATA_DIR", str(tmp_path))
    code, message = annuaire("init")
    assert (code, "La base de données ne peut pas être lue" in message) == (2, True)


def test_init_brings_back_an_index_whose_folder_was_deleted(
    run: Run, settings: Settings, tmp_path: Path
) -> None:
    run("import", "siae", write_csv(tmp_path / "siae.csv", [siae(1), siae(2)]))
    shutil.rmtree(settings.index_dir)
    assert last_json(run("search", "", "--json"))["total"] == 0
    assert run("init").exit_code == 0
    assert last_json(run("search", "", "--json"))["total"] == 2


@pytest.mark.parametrize("files", [("good.csv", "empty.csv"), ("empty.csv", "good.csv")])
def test_one_file_of_two_that_cannot_be_read_is_some_refused(
    run: Run, tmp_path: Path, files: tuple[str, str]
) -> None:
    write_csv(tmp_path / "good.csv", [siae(1)])
    (tmp_path / "empty.csv").touch()
    assert run("import", "siae", *(tmp_path / name for name in files)).exit_code == 1
    assert run("import", "siae", tmp_path / "empty.csv").exit_code == 2


def test_an_import_says_what_landed_when_the_index_is_damaged(
    run: Run, settings: Settings, tmp_path: Path
) -> None:
    run("import", "siae", write_csv(tmp_path / "siae.csv", [siae(1)]))
    (pointer,) = settings.index_dir.glob("structures/*/current")
    pointer.write_bytes(b"\xff")
    result = run("import", "siae", write_csv(tmp_path / "siae.csv", [siae(1), siae(2)]), "--json")
    assert (result.exit_code, last_json(result)["created"]) == (1, 1)
    assert "annuaire index rebuild" in result.stderr
    assert run("index", "rebuild").exit_code == 0
    assert last_json(run("search", "", "--json"))["total"] == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["search", "--filter", "q=nettoyage"], "écrivez les mots après la commande"),
        (["search", "--filter", "lieu=Lyon"], "utilisez --near"),
        (["match", "--text", "nettoyage", "--place", "Nullepart"], "Lieu inconnu"),
        (["match", "--text", "nettoyage", "--amount", "nan"], "nombre d'euros positif"),
        (["match", "--text", "nettoyage", "--amount", "-5"], "nombre d'euros positif"),
        (["match", "--text", "nettoyage", "--amount", "1e15"], "dix milliards au plus"),
        (["match", "--text", "nettoyage", "--date", "0202-05-15"], "entre 2000 et 2100"),
        (["match", "--text", "  "], "rien n'est décrit"),
        (["match", "--cpv", "nettoyage"], "8 chiffres"),
        (["match", "--lot", "9" * 30], "Aucun lot ne porte l'identifiant 999"),
        (["runs", "9" * 30], "Aucune lecture ne porte le numéro 999"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_and_not_left_out(
    run: Run, annuaire: Annuaire, arguments: list[str], said: str
) -> None:
    code, message = annuaire(*arguments)
    assert code == 2
    assert said in message


@pytest.mark.parametrize("content", [b"", b"<html>", b"{}\n{\n", b"[1]\n", b"\xea\x00"])
def test_a_labelled_file_that_is_none_is_said_without_a_trace(
    annuaire: Annuaire, tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "etiquettes.jsonl"
    file.write_bytes(content)
    code, message = annuaire("evaluate", "clauses", file)
    assert (code, "etiquettes.jsonl" in message) == (2, True)
