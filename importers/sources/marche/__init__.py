"""Le marché de l'inclusion: what structures declare there, and the EA and EATT that it lists.

No open file lists entreprises adaptées: this directory does, so its EA and EATT hold their status
by it. Of the other kinds, already in their own directories, it only tells more.
"""

from importers.http import Access
from importers.rows import Source
from importers.sources.marche.pages import read_pages
from importers.sources.marche.reader import read

__all__ = ["ACCESS", "BY_HAND", "SOURCE", "read", "read_pages"]

HOST = "lemarche.inclusion.gouv.fr"
ACCESS = Access(hosts=frozenset({HOST}), per_second=2.0, max_answer=20_000_000)

SOURCE = Source(
    name="marche",
    title="Le marché de l'inclusion : activités déclarées, EA et EATT (statut selon cette liste)",
    publisher="Plateforme de l'inclusion",
    licence="API publique sur jeton, réutilisation à convenir avec le producteur",
    address=f"https://{HOST}/api/docs/",
    frequency="mensuelle",
    formats=("json",),
    minimum_rows=500,
)

BY_HAND = (
    "Cette liste n'a pas de fichier à télécharger : « annuaire enrich --source marche » la lit, "
    "avec un jeton (ANNUAIRE_MARCHE_TOKEN)."
)
