"""The command line: one module a family of commands. docs/operations.md describes them all."""

import gc
import sys
from importlib import import_module

import click
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError, SQLAlchemyError

from annuaire.cli.usage import usage_message
from annuaire.errors import AnnuaireError
from search.engine import EngineUnavailable

INTERRUPTED = (
    "Interrompu. Ce qui était enregistré le reste ; « annuaire index drain » met l'index à jour."
)
DATABASE = (
    "La base de données ne peut pas être lue ou écrite ({}). Vérifiez ANNUAIRE_DATA_DIR ou "
    "ANNUAIRE_DATABASE_URL, et la place libre."
)
UNUSABLE = {ArgumentError, DatabaseError, OperationalError}  # itself: a subclass is our defect
FORESEEN = (click.ClickException, AnnuaireError, EngineUnavailable, SQLAlchemyError, OSError)


#: Every command, and where it is: a command imports what it needs, and no other's.
COMMANDS = {
    "init": "serving.init",
    "demo": "serving.demo",
    "serve": "serving.serve",
    "import": "importing.import_",
    "enrich": "enriching.enrich",
    "geocode": "placing.geocode",
    "runs": "reviewing.runs",
    "index": "following.index",
    "follow": "accompanying.follow_",
    "search": "finding.search",
    "match": "matching.match",
    "advise": "advising.advise",
    "check": "checking.check",
    "structure": "describing.structure",
    "edit": "deciding.edit",
    "hide": "deciding.hide",
    "withdraw": "deciding.withdraw",
    "decisions": "deciding.decisions",
    "conflicts": "describing.conflicts",
    "awards": "awarding.awards",
    "duplicates": "pairing.duplicates",
    "reports": "reporting.reports",
    "plans": "planning.plans",
    "alerts": "alerting.alerts",
    "sourcing": "sourcing.sourcing",
    "tend": "tending.tend",
    "profiles": "profiling.profiles",
    "mail": "returning.mail",
    "export": "exporting.export",
    "keys": "keying.keys",
    "webhooks": "hooking.webhooks",
    "clauses": "detecting.clauses",
    "evaluate": "evaluating.evaluate",
    "accounts": "accounting.accounts",
    "admin": "accounting.admin",
    "erase": "accounting.erase",
    "bench": "measuring.bench",
}


class _Commands(click.Group):
    """Imports a command when it is asked for; refuses at once words that no terminal shows and no
    database keeps."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*COMMANDS, *super().list_commands(ctx)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return super().get_command(ctx, cmd_name)
        module, _, name = COMMANDS[cmd_name].partition(".")
        found = getattr(import_module(f"annuaire.cli.{module}"), name)
        return found if isinstance(found, click.Command) else None

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        for word in args:
            if not word.isascii() and any("\ud800" <= letter <= "\udfff" for letter in word):
                shown = word[:60].encode("ascii", "backslashreplace").decode()
                raise click.UsageError(
                    f"« {shown} » contient des octets qui ne sont pas du texte UTF-8 : écrivez-le "
                    "autrement, ou renommez le fichier. Rien n'a été fait.",
                    ctx,
                )
        return super().parse_args(ctx, args)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="annuaire")
def annuaire() -> None:
    """Annuaire : trouver les structures inclusives et les marchés à clauses sociales."""


def main() -> None:
    """Run a command; an error that we foresaw is one sentence on standard error, and exit 2."""
    # What lasts as long as the command is not looked through again and again: a sixth of an import.
    gc.set_threshold(50_000, 20, 50)
    try:
        code = annuaire(standalone_mode=False)  # click gives back the code of an Exit, or None
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        click.echo(INTERRUPTED, err=True)
        sys.exit(2)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except FORESEEN as error:
        click.echo(f"Erreur : {_sentence(error)}", err=True)
        sys.exit(2)
    sys.exit(code if isinstance(code, int) else 0)


def _sentence(error: Exception) -> str:
    """What the person is told; raises what is a defect of ours again."""
    match error:
        case click.ClickException():
            return usage_message(error)
        case OSError():
            place = f"« {error.filename} »" if error.filename else "un fichier"
            return f"{place} ne peut pas être lu ou écrit ({error.strerror or error})."
        case SQLAlchemyError() if type(error) in UNUSABLE:
            return DATABASE.format(getattr(error, "orig", None) or error)
        case SQLAlchemyError():
            raise error
        case _:
            return str(error)
