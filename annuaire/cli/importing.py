"""`annuaire import`."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from time import monotonic
from typing import Any

import click

from annuaire.cli.context import application
from annuaire.cli.downloading import already_read, check_request, download_options, newest_file
from annuaire.cli.output import json_option, print_json, progress, say
from annuaire.cli.settling import settle_or_say_why
from annuaire.db import reading
from annuaire.errors import InvalidInputError
from annuaire.extensions import session, settings
from annuaire.structures.enriching import known_numbers
from annuaire.wording import nombre, pluriel
from importers.descriptions import DESCRIPTIONS
from importers.downloads import Fetched
from importers.registry import SOURCES
from importers.run import Options, Summary, run_import
from importers.targets import Directory

SHOWN_ISSUES = 20


@click.command("import")
@click.argument("source", type=click.Choice(sorted(SOURCES)))
@click.argument("files", nargs=-1, type=click.Path(exists=True, path_type=Path))
@download_options
@click.option("--dry-run", is_flag=True, help="Tout lire et vérifier, ne rien enregistrer.")
@click.option("--limit", type=click.IntRange(1, 10**9), help="Ne lire que les N premières lignes.")
@click.option(
    "--accept-removals", is_flag=True, help="Clore ce qui a disparu, même s'il y en a beaucoup."
)
@click.option(
    "--annexes",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Pour « siae » : le fichier des annexes financières, avec celui des structures (ASP).",
)
@json_option
def import_(
    source: str,
    files: tuple[Path, ...],
    annexes: Path | None,
    dry_run: bool,
    limit: int | None,
    accept_removals: bool,
    download: bool,
    since: datetime | None,
    as_json: bool,
) -> None:
    """Lire des fichiers d'une SOURCE, ou celui qu'elle publie ; l'index est à jour à la fin."""
    today = date.today()  # noqa: DTZ011 - local day
    check_request(source, files, since, download=download, today=today)
    if folder := next((path for path in files if path.is_dir()), None):
        _check_folder(source, folder)
    if annexes and (source != "siae" or len(files) != 1):
        raise InvalidInputError("--annexes va avec un seul fichier de structures, source « siae ».")
    if accept_removals and len(files) > 1 and _is_directory(source, today):
        raise InvalidInputError(
            "--accept-removals va avec un seul fichier, celui qui contient toute la source : un "
            "fichier parmi d'autres ne dit pas ce qui a disparu."
        )
    with application():
        options = Options(
            today,
            limit,
            dry_run,
            accept_removals,
            partial=len(files) > 1,
            annexes=annexes,
            ea2_password=settings().ea2_password,
        )
        if download:
            with newest_file(source, since, today) as fetched:
                options = replace(options, missing=fetched.missing)
                summaries = [_read_unless_known(source, fetched, options)]
        else:
            summaries = [read_file(source, path, options) for path in files]
        started = monotonic()
        late = None if dry_run else settle_or_say_why()
        settled = {"index_seconds": round(monotonic() - started, 2)}
    for summary in summaries:
        print_json(summary_json(summary) | settled) if as_json else print_summary(summary)
    if late:
        say(f"Ce qui a été lu est enregistré, mais la recherche ne le voit pas encore. {late}")
    code = _exit_code({summary.exit_code for summary in summaries}, late)
    raise click.exceptions.Exit(code or int(bool(options.missing)))


def _check_folder(source: str, folder: Path) -> None:
    if not SOURCES[source].folders:
        raise InvalidInputError(f"{folder} : c'est un dossier ; donnez un fichier.")


def _is_directory(source: str, today: date) -> bool:
    """Whether a file of this source lists all that lives: what it leaves out has ended."""
    return isinstance(SOURCES[source].target(Options(today)), Directory)


def _exit_code(codes: set[int], late: str | None) -> int:
    """That of every file when they agree; 1 when some was done and some was not."""
    code = codes.pop() if len(codes) == 1 else 1
    return code or int(late is not None)


def read_file(source: str, path: Path, options: Options) -> Summary:
    """Read one file of a source into the database, with a bar; the index is not touched."""
    found = SOURCES[source]
    if not found.alone:
        options = replace(options, known=known_numbers(reading(session())))
        session().rollback()
    with progress(f"Lecture de {path.name}") as on_row:
        return run_import(
            session(),
            DESCRIPTIONS[source],
            found.read,
            found.target(options),
            path,
            options,
            settings().data_dir / "import.lock",
            on_row,
        )


def _read_unless_known(source: str, fetched: Fetched, options: Options) -> Summary:
    if known := already_read(source, fetched, options):
        return Summary(source, notes=[known])
    return read_file(source, fetched.path, options)


def summary_json(summary: Summary) -> dict[str, Any]:
    """A run with its issues, as --json prints it."""
    issues = [
        {
            "file": issue.file,
            "row": issue.row,
            "field": issue.field,
            "code": issue.code,
            "message": issue.message,
            "refused": issue.refused,
        }
        for issue in summary.issues
    ]
    return {
        "source": summary.source,
        **summary.counts(),
        "run": summary.run_id,
        "failed": summary.failed,
        "held": summary.held,
        "notes": summary.notes,
        "issues_total": summary.issues_total,
        "issues": issues,
    }


def print_summary(summary: Summary) -> None:
    """A run: its first issues and notes on standard error, its counts on standard output."""
    for issue in summary.issues[:SHOWN_ISSUES]:
        verb = "refusée" if issue.refused else "gardée avec un avertissement"
        where = f"{issue.file}, ligne {issue.row}" + (f", {issue.field}" if issue.field else "")
        say(f"{where} : {verb} : {issue.message}")
    rest = summary.issues_total - min(SHOWN_ISSUES, len(summary.issues))
    if rest > 0:
        hint = f" (annuaire runs {summary.run_id})" if summary.run_id else ""
        say(f"… et {rest} autres remarques{hint}.")
    for note in summary.notes:
        say(note)
    if summary.failed:
        say(f"Lecture arrêtée : {summary.failed}")
    if summary.run_id is None and not summary.seconds:
        return  # known from before: there was nothing to read
    click.echo(
        f"{summary.source} : {pluriel(summary.read, 'ligne lue')}, "
        f"{pluriel(summary.accepted, 'acceptée')}, {pluriel(summary.ignored, 'ignorée')}, "
        f"{pluriel(summary.refused, 'refusée')} ; {pluriel(summary.created, 'créée')}, "
        f"{pluriel(summary.updated, 'mise à jour', 'mises à jour')}, "
        f"{pluriel(summary.unchanged, 'inchangée')}, {pluriel(summary.ended, 'close')} ; "
        f"{nombre(summary.seconds, 1)} s."
    )
