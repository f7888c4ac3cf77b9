"""Lists of ESAT that networks and administrations keep: what FINESS lacks, trades above all."""

from importers.rows import Source
from importers.sources.esat_listes.reader import read

__all__ = ["BY_HAND", "SOURCE", "read"]

SOURCE = Source(
    name="esat_listes",
    title="Listes d'ESAT (GESAT, Hosmoz, ASP, le marché de l'inclusion) : métiers et contacts",
    publisher="Réseau GESAT, Hosmoz, ASP, plateforme de l'inclusion",
    licence="Listes transmises par leurs auteurs : vérifiez les conditions de chacune",
    address="https://www.reseau-gesat.com",
    frequency="annuelle",
    formats=("csv", "xlsx", "ods"),
    minimum_rows=100,
)

BY_HAND = (
    "Ces listes ne sont pas publiées en fichier ouvert : demandez-les au réseau GESAT, à Hosmoz ou "
    "à l'ASP, puis lancez « annuaire import esat_listes FICHIER »."
)
