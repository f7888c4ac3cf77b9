"""Entreprises adaptées: the ASP's EA2 file, and lists that regions keep."""

from importers.sources.ea.door import read

__all__ = ["BY_HAND", "read"]


BY_HAND = (
    "La liste des entreprises adaptées n'est pas publiée en fichier ouvert : le flux EA2 est remis "
    "par l'ASP sous convention, et des DREETS publient une liste régionale. Lancez « annuaire "
    "import ea FICHIER » (ANNUAIRE_EA2_PASSWORD pour l'archive de l'ASP). FINESS, ancien et "
    "incomplet, se télécharge : « annuaire import ea_finess --download »."
)
