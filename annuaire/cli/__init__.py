"""The command line: one module a family of commands. docs/operations.md describes them all."""

import sys

import click

from annuaire.cli.evaluating import evaluate
from annuaire.cli.finding import clauses, match, search
from annuaire.cli.importing import import_, runs
from annuaire.cli.indexing import index
from annuaire.cli.measuring import bench
from annuaire.cli.serving import demo, init, serve
from annuaire.errors import AnnuaireError
from search.engine import EngineUnavailable


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="annuaire")
def annuaire() -> None:
    """Annuaire : trouver les structures inclusives et les marchés à clauses sociales."""


for command in (init, demo, serve, import_, runs, index, search, match, clauses, evaluate, bench):
    annuaire.add_command(command)


def main() -> None:
    """Run a command; an error that we foresaw is one sentence on standard error, and exit 2."""
    try:
        annuaire(standalone_mode=False)
    except click.exceptions.Exit as error:
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrompu. Ce qui était enregistré le reste.", err=True)
        sys.exit(2)
    except AnnuaireError as error:
        click.echo(f"Erreur : {error.message}", err=True)
        sys.exit(2)
    except EngineUnavailable as error:
        click.echo(f"Erreur : {error}", err=True)
        sys.exit(2)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
