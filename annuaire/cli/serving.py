"""`annuaire init`, `annuaire demo`, `annuaire serve`."""

import os
import socket
from contextlib import ExitStack
from datetime import date

import click
from gunicorn.app.base import BaseApplication

from annuaire.app import create_warm_app
from annuaire.cli.context import application
from annuaire.cli.importing import read_file
from annuaire.cli.indexing import index_lost, rebuild_all
from annuaire.cli.lasting import GoesOn, beside, declared
from annuaire.cli.output import say
from annuaire.cli.settling import settle
from annuaire.config import ROOT, load_settings
from annuaire.contracts.service import remove_source
from annuaire.db import db, writing
from annuaire.errors import AnnuaireError
from annuaire.extensions import engine, session
from annuaire.migrate import upgrade
from annuaire.runs import already_read, mark_removed
from annuaire.structures.samples import SAMPLE_SOURCE, end_samples
from importers.run import Options
from importers.storing_runs import sha256_of

SAMPLES = ROOT / "samples"


class PortTaken(AnnuaireError):  # noqa: N818
    """Another program listens where the site should."""


@click.command()
def init() -> None:
    """Créer la base, ou la porter à la dernière version ; rien n'est perdu."""
    prepare()
    click.echo("La base est prête.")


def prepare() -> None:
    """Bring the database to its newest form and the index to a format that this code reads."""
    with application(checked=False):
        upgrade(db.engine)
        if engine().health().needs_rebuild or index_lost():
            rebuild_all()


@click.command(cls=GoesOn)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--no-serve", is_flag=True, help="Préparer les données sans servir le site.")
@click.option("--remove", is_flag=True, help="Retirer les données d'exemple, garder le reste.")
def demo(host: str, port: int, no_serve: bool, remove: bool) -> None:
    """Préparer la base et les données d'exemple, puis servir le site."""
    prepare()
    with application():
        if remove:
            _remove_samples()
            return
        _load_samples()
    if not no_serve:
        run_server(host, port, workers=2)


def _remove_samples() -> None:
    """Take the sample data away; a later `annuaire demo` reads it again."""
    with writing(session()) as db_session:
        structures = end_samples(db_session, date.today())  # noqa: DTZ011 - local day
        contracts = remove_source(db_session, SAMPLE_SOURCE)
        mark_removed(db_session, SAMPLE_SOURCE)
    settle()
    click.echo(f"Données d'exemple retirées : {structures} structures, {contracts} marchés.")


def _load_samples() -> None:
    """Read the sample files that were not read yet: a second start goes straight on."""
    options = Options(date.today(), source_name=SAMPLE_SOURCE)  # noqa: DTZ011 - local day
    for source, name in (("siae", "siae.csv"), ("boamp", "boamp.jsonl")):
        path = SAMPLES / name
        if not already_read(session(), SAMPLE_SOURCE, sha256_of(path)):
            summary = read_file(source, path, options)
            say(f"{name} : {summary.accepted} fiches d'exemple.")
    settle()


@click.command(cls=GoesOn)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64))
def serve(host: str, port: int, workers: int) -> None:
    """Servir le site sur cette machine."""
    with application():
        if index_lost():
            say("L'index de recherche est incomplet : il est refait pendant que le site sert.")
    run_server(host, port, workers)


class _Server(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    """gunicorn with our options; each worker makes its own application after the fork."""

    def __init__(self, host: str, port: int, workers: int) -> None:
        self.wanted = {
            "bind": f"{host}:{port}",
            "workers": workers,
            "worker_class": "gthread",
            "threads": 4,
            "timeout": 60,
            "limit_request_line": 8190,  # a long need in the address: accents take 6 bytes each
            "loglevel": "warning",
            "worker_tmp_dir": None,
        }
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.wanted.items():
            self.cfg.set(name, value)

    def load(self) -> object:
        return create_warm_app()


def own_address(host: str, port: int) -> str:
    """Where this machine reaches a site that listens there: 0.0.0.0 is no address to lead to."""
    return f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}"  # noqa: S104 - compared


def run_server(host: str, port: int, workers: int) -> None:
    """Serve until stopped. Raises PortTaken when the address is in use, and as `declared`."""
    declared()
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortTaken(
                f"Impossible d'écouter sur {host}:{port} ({error.strerror}). "
                "Choisissez un autre port avec --port."
            ) from error
    click.echo(f"Le site est servi sur http://{host}:{port} (Ctrl+C pour arrêter).")
    # Letters and the API lead to the port that answers; the processes beside inherit it.
    os.environ.setdefault("ANNUAIRE_PUBLIC_URL", own_address(host, port))
    with ExitStack() as followers:
        followers.enter_context(beside("index", "follow"))
        followers.enter_context(beside("plans", "work"))
        followers.enter_context(beside("follow"))
        if load_settings().smtp_url:
            followers.enter_context(beside("mail", "follow"))
        _Server(host, port, workers).run()
