"""Lists of ESAT that networks and administrations keep: what FINESS lacks, trades above all."""

from importers.sources.esat_listes.reader import read

__all__ = ["BY_HAND", "read"]


BY_HAND = (
    "Ces listes ne sont pas publiées en fichier ouvert : demandez-les au réseau GESAT, à Hosmoz ou "
    "à l'ASP, puis lancez « annuaire import esat_listes FICHIER »."
)
