"""The command line: one module a family of commands. docs/operations.md describes them all."""

import sys

import click
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError, SQLAlchemyError

from annuaire.cli.checking import check
from annuaire.cli.clauses import clauses
from annuaire.cli.deciding import decisions, edit, hide, withdraw
from annuaire.cli.describing import conflicts, structure
from annuaire.cli.enriching import enrich
from annuaire.cli.evaluating import evaluate
from annuaire.cli.finding import match, search
from annuaire.cli.following import follow_
from annuaire.cli.importing import import_
from annuaire.cli.indexing import index
from annuaire.cli.measuring import bench
from annuaire.cli.pairing import duplicates
from annuaire.cli.placing import geocode
from annuaire.cli.reporting import reports
from annuaire.cli.reviewing import runs
from annuaire.cli.serving import demo, init, serve
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


class _Readable(click.Group):
    """Refuses at once what no terminal shows and no database keeps."""

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


@click.group(cls=_Readable, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="annuaire")
def annuaire() -> None:
    """Annuaire : trouver les structures inclusives et les marchés à clauses sociales."""


for command in (
    init,
    demo,
    serve,
    import_,
    enrich,
    geocode,
    runs,
    index,
    search,
    match,
    check,
    structure,
    edit,
    hide,
    withdraw,
    decisions,
    conflicts,
    duplicates,
    reports,
    clauses,
    evaluate,
    bench,
):
    annuaire.add_command(command)
index.add_command(follow_)


def main() -> None:
    """Run a command; an error that we foresaw is one sentence on standard error, and exit 2."""
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
