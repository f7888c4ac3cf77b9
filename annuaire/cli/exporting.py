"""`annuaire export`: the whole register as files."""

from datetime import UTC, datetime
from pathlib import Path

import click

from annuaire.api.export.files import kinds
from annuaire.api.export.service import Setting
from annuaire.api.export.service import export as write
from annuaire.cli.context import application
from annuaire.cli.output import json_option, print_json, progress
from annuaire.extensions import session, settings
from annuaire.sources import source_titles
from importers.locking import alone

BUSY = "Un autre export est en cours : attendez qu'il finisse, puis relancez."


@click.command()
@click.argument("folder", metavar="[DOSSIER]", required=False, type=click.Path(path_type=Path))
@json_option
def export(folder: Path | None, as_json: bool) -> None:
    """Écrire tout l'annuaire en fichiers ; sans DOSSIER, là où le site les donne (/donnees)."""
    with application(), alone(settings().data_dir / "export.lock", BUSY):
        target = folder or settings().export_dir
        setting = Setting(datetime.now(UTC), source_titles(), settings().public_url)
        with progress("Fichiers", len(kinds())) as advance:
            told = write(session(), target, setting, lambda _: advance(1))
    if as_json:
        print_json(told | {"folder": str(target)})
        return
    for file in told["files"]:
        click.echo(f"{file['name']:<24} {file['rows']:>9} lignes  {file['bytes'] / 1e6:9.1f} Mo")
    click.echo(f"Export complet dans « {target} ».")
