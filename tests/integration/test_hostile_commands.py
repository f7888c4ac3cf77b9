"""Every command, given what it cannot use, says so in a sentence: never a traceback."""

from collections.abc import Iterable
from pathlib import Path

import click
import pytest
from sqlalchemy.exc import StatementError

from annuaire.cli import FORESEEN, annuaire
from annuaire.cli.following import GoesOn
from tests.factories.commands import Run
from tests.factories.files import siae, write_csv
from tests.integration.conftest import StartFrom

HOSTILE = (
    "", "-", "../../etc/passwd", "'", "a\nb", "a" * 10_000, "-1", "9223372036854775808", "nan", "٣",
    "\ud800", "siren:", "1" * 14, "2026-02-30", "name:(",
)  # fmt: skip
#: Commands that measure for long, or reach the network.
LEFT_OUT = {"bench", "setup-keys", "enrich", "geocode"}


def commands(
    group: click.Group, path: tuple[str, ...] = ()
) -> list[tuple[tuple[str, ...], click.Command]]:
    found: list[tuple[tuple[str, ...], click.Command]] = []
    context = click.Context(group)
    for name in sorted(group.list_commands(context)):
        command = group.get_command(context, name)
        if command is None or name in LEFT_OUT or isinstance(command, GoesOn):
            continue
        if isinstance(command, click.Group):
            found += commands(command, (*path, name))
        else:
            found.append(((*path, name), command))
    return found


ALL = commands(annuaire)
pytestmark = pytest.mark.database("sqlite")  # its subject is what is typed


def line(command: click.Command, text: str, option: click.Parameter | None) -> list[str]:
    """Its arguments, and one option, all with the same text; what it must have too."""
    words: list[str] = []
    for parameter in command.params:
        named = isinstance(parameter, click.Option)
        if named and (parameter.required or parameter is option):
            words += [parameter.opts[0]] + ([] if parameter.is_flag else [text])
    words += ["--"] if text.startswith("-") else []
    return words + [text for p in command.params if isinstance(p, click.Argument)]


def check_sane(run: Run, words: Iterable[str]) -> None:
    result = run(*words)
    error = result.exception
    sane = error is None or (
        isinstance(error, (SystemExit, *FORESEEN)) and not isinstance(error, StatementError)
    )
    assert sane, (words, repr(error)[:300])


def fill(run: Run, folder: Path) -> None:
    run("import", "siae", write_csv(folder / "siae.csv", [siae(1), siae(2)]))


@pytest.fixture
def filled(run: Run, tmp_path: Path, start_from: StartFrom, monkeypatch: pytest.MonkeyPatch) -> Run:
    (tmp_path / "here" / "below").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "here" / "below")  # what writes files named so writes them there
    start_from(fill)
    return run


@pytest.mark.parametrize("path", [path for path, _ in ALL], ids=" ".join)
def test_a_command_takes_any_text_in_any_place(filled: Run, path: tuple[str, ...]) -> None:
    command = dict(ALL)[path]
    options = [o for o in command.params if isinstance(o, click.Option) and not o.required]
    options = [o for o in options if o.name not in ("download", "help")]
    lines = dict.fromkeys(  # once each: some hold no text at all
        (*path, *line(command, text, option))
        for at, text in enumerate(HOSTILE)
        for option in (None, options[at % len(options)] if options else None)
    )
    for words in lines:
        check_sane(filled, words)


def files(folder: Path) -> list[Path]:
    """What is not the file that a command hopes for."""
    (folder / "folder.csv").mkdir()
    contents = {
        "empty.csv": b"", "empty.json": b"", "empty.xlsx": b"", "nul.csv": b"\0" * 5_000,
        "utf16.csv": "siret;nom\n1;é".encode("utf-16"),
        "latin.csv": "siret;n\xe9\n1;\xe9".encode("latin-1"),
        "half.json": b'{"a": [1, 2', "deep.json": b"[" * 100_000, "number.json": b"1e999",
        "broken.xlsx": b"PK\x03\x04 no archive", "broken.zip": b"PK\x05\x06",
        "text": b"\xff\xfe\xfd",
    }  # fmt: skip
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    missing = folder / "missing.csv"
    (folder / "loop").symlink_to(folder / "loop")
    return [folder / name for name in contents] + [
        folder / "folder.csv", folder / "loop", missing, Path("/dev/null"), Path("/proc/self/mem"),
    ]  # fmt: skip


TAKING_FILES = (
    *(("import", s) for s in ("siae", "esat", "ea", "esus", "boamp", "sirene", "geiq",
                              "esat_listes", "ess_france", "ea_finess", "marche", "decp")),
    ("check", "--file"), ("clauses",), ("match", "--file"), ("evaluate", "matching"),
)  # fmt: skip


@pytest.mark.parametrize("words", TAKING_FILES, ids=" ".join)
def test_a_command_that_reads_a_file_says_what_is_wrong_with_it(
    filled: Run, tmp_path: Path, words: tuple[str, ...]
) -> None:
    for path in files(tmp_path):
        check_sane(filled, [*words, str(path)])
