"""API Recherche d'entreprises (DINUM): what the State knows of a company, number by number."""

from importers.http import Access
from importers.rows import Source
from importers.sources.recherche_entreprises.asking import ask_all
from importers.sources.recherche_entreprises.reader import read

__all__ = ["ACCESS", "BY_HAND", "SOURCE", "ask_all", "read"]

HOST = "recherche-entreprises.api.gouv.fr"
#: The service accepts 7 requests a second and answers 429 past that, with Retry-After.
ACCESS = Access(hosts=frozenset({HOST}), per_second=6.5, max_answer=5_000_000)

SOURCE = Source(
    name="recherche_entreprises",
    title="Annuaire des entreprises (API Recherche d'entreprises)",
    publisher="Direction interministérielle du numérique (DINUM), d'après l'Insee",
    licence="Licence Ouverte 2.0",
    address=f"https://{HOST}/docs/",
    frequency="mensuelle",  # how often we ask again
    formats=("json",),
    minimum_rows=0,
)

BY_HAND = (
    "Ce service n'a pas de fichier à télécharger : « annuaire enrich » l'interroge, structure par "
    "structure."
)
