"""API Recherche d'entreprises (DINUM): what the State knows of a company, number by number."""

from importers.http import Access
from importers.sources.recherche_entreprises.asking import ask_all
from importers.sources.recherche_entreprises.reader import read

__all__ = ["ACCESS", "BY_HAND", "ask_all", "read"]

HOST = "recherche-entreprises.api.gouv.fr"
#: The service accepts 7 requests a second and answers 429 past that, with Retry-After.
ACCESS = Access(hosts=frozenset({HOST}), per_second=6.5, max_answer=5_000_000)


BY_HAND = (
    "Ce service n'a pas de fichier à télécharger : « annuaire enrich » l'interroge, structure par "
    "structure."
)
