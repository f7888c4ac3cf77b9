"""Le marché de l'inclusion: what structures declare there, and the EA and EATT that it lists.

No open file lists entreprises adaptées: this directory does, so its EA and EATT hold their status
by it. Of the other kinds, already in their own directories, it only tells more.
"""

from importers.http import Access
from importers.sources.marche.pages import read_pages
from importers.sources.marche.reader import read

__all__ = ["ACCESS", "BY_HAND", "read", "read_pages"]

HOST = "lemarche.inclusion.gouv.fr"
ACCESS = Access(hosts=frozenset({HOST}), per_second=2.0, max_answer=20_000_000)


BY_HAND = (
    "Cette liste n'a pas de fichier à télécharger : « annuaire enrich --source marche » la lit, "
    "avec un jeton (ANNUAIRE_MARCHE_TOKEN)."
)
