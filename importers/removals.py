"""What a file no longer lists: ended, or held when the file cannot be trusted to be whole."""

from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from importers.rows import Source
from importers.storing_runs import unit
from importers.targets import Target

if TYPE_CHECKING:
    from importers.run import Options, Summary

ACCEPT = (
    "Si ces retraits sont voulus, acceptez-les dans la modération, ou relancez avec "
    "--accept-removals."
)


def end_missing(
    session: Session, target: Target, source: Source, options: "Options", summary: "Summary"
) -> None:
    """End what the file no longer lists, or say in the summary why it is kept.

    `summary.held` tells that the file lacks so much, or is so broken, that a person must say
    whether it is whole.
    """
    if options.limit:
        return
    gone, living = target.missing(session)
    if not gone:
        return
    if part := _part(gone, options):
        summary.notes.append(part)
        return
    if why := _doubt(source, gone, living, options, summary):
        summary.held = True
        summary.notes.append(why)
        if not options.dry_run:
            with unit(session, dry_run=False):
                target.hold_missing(session)
        return
    with unit(session, dry_run=options.dry_run):
        target.end_missing(session, options.today)


def _part(gone: int, options: "Options") -> str | None:
    """Why the file is known not to be the whole source; None when it may be."""
    if options.partial:
        return (
            f"{gone} fiches absentes de ce fichier sont conservées : plusieurs fichiers ont été "
            "donnés, et aucun n'est à lui seul toute la source. Pour clore ce qui a disparu, lisez "
            "un seul fichier qui la contient toute."
        )
    if options.missing:
        return (
            f"{gone} fiches absentes de ce fichier sont conservées : le téléchargement est "
            f"incomplet, il manque {', '.join(options.missing)}."
        )
    return None


def _doubt(
    source: Source, gone: int, living: int, options: "Options", summary: "Summary"
) -> str | None:
    """Why the file cannot be taken for the whole source; None when it can."""
    if not summary.accepted:
        return (
            f"{gone} fiches sont conservées : le fichier n'en contient aucune qui puisse être lue."
        )
    if options.accept_removals:
        return None
    kept = f"{gone} fiches absentes du fichier sont conservées"
    if summary.accepted < source.minimum_rows:
        return (
            f"{kept} : il compte {summary.accepted} lignes, moins que le minimum attendu de cette "
            f"source ({source.minimum_rows}). {ACCEPT}"
        )
    if summary.refused:
        return f"{kept}, car {summary.refused} lignes ont été refusées. {ACCEPT}"
    if gone > living * source.may_lose:
        return (
            f"{kept}, car elles sont {_percent(gone / living)} de ce que la source listait, et il "
            f"s'en perd {_percent(source.may_lose)} au plus d'ordinaire. {ACCEPT}"
        )
    return None


def _percent(share: float) -> str:
    return f"{share * 100:.0f} %"
