"""When what a file no longer lists may be ended, and what is said when it may not."""

from typing import TYPE_CHECKING

from importers.rows import Source

if TYPE_CHECKING:
    from importers.run import Options, Summary

GREAT_SHARE = 0.2  # of what lives: from there on, a removal is first shown to a person


def why_kept(
    gone: int, living: int, source: Source, options: "Options", summary: "Summary"
) -> str | None:
    """Why the `gone` records that a file does not list stay, in French; None when they end."""
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
    if not summary.accepted:
        return (
            f"{gone} fiches sont conservées : le fichier n'en contient aucune qui puisse être lue."
        )
    if options.accept_removals:
        return None
    if summary.accepted < source.minimum_rows:
        return (
            f"{gone} fiches absentes du fichier sont conservées : il compte {summary.accepted} "
            f"lignes, moins que le minimum attendu de cette source ({source.minimum_rows}). "
            "Relancez avec --accept-removals si ces retraits sont voulus."
        )
    if summary.refused or gone > living * GREAT_SHARE:
        why = (
            f"{summary.refused} lignes ont été refusées"
            if summary.refused
            else "elles sont plus d'une sur cinq"
        )
        return (
            f"{gone} fiches absentes du fichier sont conservées, car {why}. "
            "Relancez avec --accept-removals si ces retraits sont voulus."
        )
    return None
